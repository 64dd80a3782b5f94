import type { MessageId, PeerId } from '@weft/protocols'
import { SimulatedSigner, someOrder } from '@weft/protocols/testing'
import { AUDIENCE_ALL, audienceHash, audiencePart, peerIdOf } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { Audiences } from '../src/core/renter/audiences.ts'

// Goal: an order invites about as many answers as are wanted, whatever the first guess of the market's size was.
// Method: a market of named providers, of whom all that are in an order's audience answer.

const WANTED = 24
const MARKET: PeerId[] = Array.from({ length: 4_000 }, (_, i) => peerIdOf(new SimulatedSigner(i + 1).publicKey))

/** Made-up ids, of which an attacker has as many as it takes for a hundred to be in any audience. */
const MADE_UP: PeerId[] = Array.from({ length: 60_000 }, (_, i) => `made-up-${i}` as PeerId)

/** Nobody known, and so many providers guessed of whom half are taken to fit. */
const guessed = (providers: number) => ({ fits: 0, known: 0, providers })

class Orders {
  readonly audiences = new Audiences()
  nowMono = 0
  #count = 0

  /** Publishes one, hears `answering` and whoever floods, and says how many of the market answered. */
  publish(providers: number, answering: readonly PeerId[], options: { round?: number; flood?: readonly PeerId[] } = {}): number {
    this.#count += 1
    const id = this.#count.toString(16).padStart(64, '0') as MessageId
    const nonce = new Uint8Array(16).fill(this.#count * 7)
    const guess = guessed(providers)
    const audience = this.audiences.audience(guess, options.round ?? 0, this.nowMono)
    const order = { ...someOrder(), nonce, audience }
    this.audiences.invited(id, order, [], guess, this.nowMono)
    const invited = answering.filter((provider) => audienceHash(nonce, audiencePart(provider)) <= audience)
    for (const provider of [...(options.flood ?? []), ...invited]) this.audiences.answered(id, provider)
    this.nowMono += 10_000
    return invited.length
  }
}

const mean = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0) / counts.length

test('a market four times as large as guessed is asked by too many once, and then by about as many as are wanted', () => {
  const orders = new Orders()
  expect(orders.publish(2_000, MARKET)).toBeGreaterThan(3 * WANTED)
  const later = Array.from({ length: 12 }, () => orders.publish(2_000, MARKET))
  expect(Math.abs(mean(later) - WANTED)).toBeLessThan(WANTED / 3)
})

test('a market a quarter as large as guessed is asked more widely', () => {
  const orders = new Orders()
  const few = MARKET.slice(0, 500)
  orders.publish(4_000, few)
  const later = Array.from({ length: 12 }, () => orders.publish(4_000, few))
  expect(Math.abs(mean(later) - WANTED)).toBeLessThan(WANTED / 3)
})

test('answers that come before most could have are not looked back on', () => {
  const orders = new Orders()
  const first = orders.audiences.audience(guessed(2_000), 0, 0)
  orders.publish(2_000, MARKET)
  expect(orders.audiences.audience(guessed(2_000), 0, 1_999)).toBe(first)
  expect(orders.audiences.audience(guessed(2_000), 0, 2_000)).toBeLessThan(first)
})

test('a flood of answers leaves a quarter of those wanted, and an empty round asks all of them again', () => {
  const orders = new Orders()
  for (let i = 0; i < 20; i++) orders.publish(8_000, [], { flood: MADE_UP })
  const answers = (round: number) => (orders.audiences.audience(guessed(8_000), round, orders.nowMono) / AUDIENCE_ALL) * 4_000
  expect(answers(0)).toBeGreaterThanOrEqual(WANTED / 4 - 0.01)
  expect(answers(0)).toBeLessThan(WANTED / 2)
  expect(answers(1)).toBeGreaterThanOrEqual(WANTED - 0.01)
})

test('who floods is forgotten eight orders later', () => {
  const orders = new Orders()
  const before = orders.audiences.audience(guessed(8_000), 0, 0)
  for (let i = 0; i < 8; i++) orders.publish(8_000, [], { flood: MADE_UP })
  expect(orders.audiences.audience(guessed(8_000), 0, orders.nowMono)).toBeLessThan(before / 2)
  for (let i = 0; i < 8; i++) orders.publish(8_000, MARKET)
  expect(orders.audiences.audience(guessed(8_000), 0, orders.nowMono)).toBeGreaterThan(before / 2)
})

test('who answers twice, was asked directly or is not in the audience counts for nothing', () => {
  const audiences = new Audiences()
  const guess = guessed(2_000)
  const before = audiences.audience(guess, 0, 0)
  const order = { ...someOrder(), nonce: new Uint8Array(16).fill(5), audience: before }
  const isInvited = (provider: PeerId): boolean => audienceHash(order.nonce, audiencePart(provider)) <= before
  const [one, ...others] = MARKET.filter(isInvited)
  const id = 'ab'.repeat(32) as MessageId
  audiences.invited(id, order, others, guess, 0)
  const uninvited = MARKET.filter((provider) => !isInvited(provider))
  for (const provider of [one as PeerId, one as PeerId, ...others, ...uninvited]) audiences.answered(id, provider)
  // One answer where two dozen were awaited: the audience grows.
  expect(audiences.audience(guess, 0, 10_000)).toBeGreaterThan(before)
})
