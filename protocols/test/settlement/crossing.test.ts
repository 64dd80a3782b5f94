// Goal: two peers that propose statements at will over a network that loses, repeats and reorders, and that die between any two
// steps, agree on one chain of statements, which counts every amount once.
import type { MessageId, PeerId } from '@weft/protocols'
import { KEYS } from '@weft/protocols/core'
import { CODECS } from '@weft/protocols/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unstatedWith } from '../../src/host/books.ts'
import { apply, countedOnce, deliverAll, heal, LEASES, op, opener, Peer, peerIndex, settledUp, World } from './two-peers.ts'

test('of two proposals that cross the one of the lower peer counts, and both sides say so', async () => {
  const world = new World()
  world.grow(0, 500n, false)
  world.grow(1, 200n, false)
  for (const peer of world.peers) await peer.settle(world.other(peer))
  const [a, b] = world.peers
  const lower = a.id < b.id ? a : b
  const proposal = opener.open(lower.outbox[0] as Uint8Array)
  await deliverAll(world)
  for (const peer of world.peers) {
    expect((await world.agreed(peer)).map(({ id }) => id)).toEqual([proposal instanceof Error ? '' : proposal.id])
    expect(peer.statements.all()[0]).toMatchObject({ number: 1, open: undefined })
  }
})

test('a proposal that was refused stays refused, though it would be right by now', async () => {
  const world = new World()
  const renter = world.peers[1]
  const provider = world.peers[0]
  world.grow(0, 100n, false)
  world.grow(0, 50n, true)
  const refused: Uint8Array[] = []
  for (let i = 0; i < 2; i++) {
    await renter.settle(provider)
    refused.push(renter.outbox[0] as Uint8Array)
    await deliverAll(world)
    expect(renter.statements.all()[0]).toMatchObject({ number: 0, open: undefined })
  }
  world.bookLate()
  await provider.restart()
  for (const bytes of refused) await provider.hear(bytes)
  expect(await world.agreed(provider)).toEqual([])
  await renter.settle(provider)
  await deliverAll(world)
  expect(await world.agreed(provider)).toEqual(await world.agreed(renter))
  expect(await world.agreed(renter)).toHaveLength(1)
})

test('a stranger is not answered, and nothing is kept of it', async () => {
  const world = new World()
  const [peer, stranger] = world.peers
  world.grow(0, 100n, true)
  await stranger.settle(peer)
  const before = peer.store.batches.length
  await peer.hear(stranger.outbox[0] as Uint8Array)
  expect(peer.outbox).toEqual([])
  expect(peer.statements.all()).toEqual([])
  expect(peer.store.batches.slice(before).flatMap(({ keys }) => keys)).toEqual([])
})

test('a proposal that has expired is refused', async () => {
  const world = new World()
  const [a, b] = world.peers
  world.grow(0, 100n, false)
  await a.settle(b)
  b.nowMs += 8 * 24 * 3_600_000
  await deliverAll(world)
  expect(await world.agreed(b)).toEqual([])
  expect(a.statements.all()[0]).toMatchObject({ number: 0, open: undefined })
})

test('a payment is acknowledged by the creditor alone, until the debtor has heard it', async () => {
  const world = new World()
  const [provider, renter] = world.peers
  world.grow(0, 100n, false)
  await renter.settle(provider)
  await deliverAll(world)
  const [settled] = await world.agreed(provider)
  if (settled === undefined) throw new Error('nothing was agreed')
  await renter.step((statements, step) => statements.payment(step, settled, 'mine'))
  expect(renter.outbox).toEqual([])
  await provider.step((statements, step) => statements.payment(step, settled, 'invoice 7'))
  const [paid] = provider.outbox.splice(0) as [Uint8Array]
  await provider.restart()
  provider.nowMs += 600_000
  await provider.step((statements, step) => statements.tick(step))
  expect(provider.outbox).toEqual([paid])
  await deliverAll(world)
  expect(provider.statements.all()[0]?.paid).toEqual([])
  expect(await renter.store.get(KEYS.settled(provider.id, 'USD', 1, 'paid'))).toEqual(paid)
})

test('a line that the other cannot confirm holds up no other, and is counted when it can', async () => {
  const world = new World()
  const [provider, renter] = world.peers
  world.grow(0, 100n, false)
  world.grow(2, 70n, true)
  const gross = async () => (await world.agreed(renter)).map(({ statement }) => statement.lowGross + statement.highGross)
  for (let i = 0; i < 2; i++) {
    await renter.settle(provider)
    await deliverAll(world)
  }
  expect(await gross()).toEqual([100n])
  await renter.settle(provider)
  await deliverAll(world)
  world.bookLate()
  await renter.settle(provider)
  await deliverAll(world)
  expect(await gross()).toEqual([100n, 70n])
  expect(await world.agreed(provider)).toEqual(await world.agreed(renter))
})

test('nobody uses up the rounds that there are', async () => {
  const world = new World()
  const [peer, liar] = world.peers
  world.grow(0, 100n, false)
  await liar.settle(peer)
  const proposal = opener.open(liar.outbox.splice(0)[0] as Uint8Array)
  if (proposal instanceof Error || proposal.kind !== 'statement') throw new Error('no proposal')
  const far = opener.envelopes.seal(CODECS.statement, { ...proposal.value, round: 2 ** 32 - 1 }, liar.signer)
  await peer.hear(far.bytes)
  const answer = opener.open(peer.outbox.splice(0)[0] as Uint8Array)
  expect(answer).toMatchObject({ value: { accepted: false, objection: 'round', round: 64 } })
  const says = { statementId: far.id, accepted: false, objection: 'round', leaseId: '' as const, round: 2 ** 32 - 1 }
  await peer.settle(liar)
  const own = opener.open(peer.outbox[0] as Uint8Array)
  if (own instanceof Error) throw own
  const lie = opener.envelopes.seal(CODECS.statementAnswer, { ...says, statementId: own.id }, liar.signer)
  await peer.hear(lie.bytes)
  await heal(world)
  expect(await world.agreed(peer)).toHaveLength(1)
  expect(await world.agreed(liar)).toEqual(await world.agreed(peer))
})

test('a payment is acknowledged once, and who acknowledges more than can wait is told', async () => {
  const world = new World()
  const [provider, renter] = world.peers
  world.grow(0, 100n, false)
  await renter.settle(provider)
  await deliverAll(world)
  const [settled] = await world.agreed(provider)
  if (settled === undefined) throw new Error('nothing was agreed')
  const pay = (number: number) =>
    provider.step((statements, step) =>
      statements.payment(step, { ...settled, statement: { ...settled.statement, number } }, 'invoice 7'),
    )
  for (let number = 1; number <= 64; number++) await pay(number)
  await expect(pay(1)).rejects.toThrow(/acknowledged already/)
  await expect(pay(65)).rejects.toThrow(/has not heard of 64 payments/)
})

/**
 * Both sign two statements with one number: the lower peer, which has forgotten its proposal, agrees to the higher one's, while its own
 * arrives there and is agreed to.
 */
async function forked(creditor: 'low' | 'high' = 'high') {
  const world = new World()
  const [a, b] = world.peers
  const [low, high] = a.id < b.id ? [a, b] : [b, a]
  world.grow(world.peers.indexOf(creditor === 'low' ? low : high), 100n, false)
  await low.settle(high)
  await high.settle(low)
  const [own] = low.outbox.splice(0) as [Uint8Array]
  const [proposal] = high.outbox.splice(0) as [Uint8Array]
  await low.forget(true)
  await low.hear(proposal)
  await high.hear(own)
  for (const { outbox } of world.peers) outbox.length = 0
  const prevailing = opener.open(own)
  if (prevailing instanceof Error) throw prevailing
  expect((await world.agreed(high)).map(({ id }) => id)).toEqual([prevailing.id])
  expect((await world.agreed(low)).map(({ id }) => id)).not.toEqual([prevailing.id])
  return { world, low, high, prevailing: prevailing.id }
}

test.each(['low', 'high'] as const)(
  'of two statements with one number the higher counts, whoever proposes next: %s',
  async (who) => {
    const both = await forked()
    const { world, low, prevailing } = both
    world.grow(0, 50n, false)
    for (let i = 0; i < 3; i++) {
      await both[who].settle(both[who === 'low' ? 'high' : 'low'])
      await deliverAll(world)
    }
    expect((await world.agreed(low)).map(({ id }) => id)[0]).toBe(prevailing)
    expect(await world.agreed(low)).toHaveLength(2)
    await settledUp(world)
  },
)

test('a payment of a statement that counts is heard by a debtor that has taken another for it', async () => {
  const { world, low, high, prevailing } = await forked()
  const [settled] = await world.agreed(high)
  if (settled === undefined) throw new Error('nothing was agreed')
  await high.step((statements, step) => statements.payment(step, settled, 'invoice 7'))
  await deliverAll(world)
  high.nowMs += 600_000
  await high.step((statements, step) => statements.tick(step))
  await deliverAll(world)
  expect((await world.agreed(low)).map(({ id }) => id)).toEqual([prevailing])
  expect(high.statements.all()[0]?.paid).toEqual([])
})

test('a statement that was acknowledged as paid counts before a higher one that was not, and both come to have it', async () => {
  const { world, low, high, prevailing } = await forked('low')
  const [settled] = await world.agreed(low)
  if (settled === undefined) throw new Error('nothing was agreed')
  expect(settled.id).not.toBe(prevailing)
  await low.step((statements, step) => statements.payment(step, settled, 'invoice 7'))
  for (let i = 0; i < 2; i++) {
    await deliverAll(world)
    expect(world.peers.map(({ outbox }) => outbox.length)).toEqual([0, 0])
    low.nowMs += 600_000
    await low.step((statements, step) => statements.tick(step))
  }
  expect((await world.agreed(high)).map(({ id }) => id)).toEqual([settled.id])
  expect(await high.store.get(KEYS.settled(low.id, 'USD', 1, 'paid'))).toBeDefined()
  expect(low.statements.all()[0]?.paid).toEqual([])
  world.grow(0, 50n, false)
  world.grow(1, 20n, false)
  await high.settle(low)
  await deliverAll(world)
  await settledUp(world)
})

test.each(['debtor', 'creditor'] as const)(
  'a %s that lost its store is shown what was paid with what was stated',
  async (who) => {
    const world = new World()
    const [creditor, debtor] = world.peers
    world.grow(0, 100n, false)
    await debtor.settle(creditor)
    await deliverAll(world)
    const [settled] = await world.agreed(creditor)
    if (settled === undefined) throw new Error('nothing was agreed')
    await creditor.step((statements, step) => statements.payment(step, settled, 'invoice 7'))
    await deliverAll(world)
    const [loser, other] = who === 'debtor' ? [debtor, creditor] : [creditor, debtor]
    await loser.forget(true)
    world.grow(0, 50n, false)
    await other.settle(loser)
    await deliverAll(world)
    expect((await world.agreed(loser)).map(({ paid }) => paid !== undefined)).toEqual([true, false])
  },
)

/** The liar's proposal of what both have booked, and of the same once more as the next statement. */
async function proposedTwice(liar: Peer, peer: Peer): Promise<Uint8Array[]> {
  await liar.settle(peer)
  const [bytes] = liar.outbox.splice(0) as [Uint8Array]
  const first = opener.open(bytes)
  if (first instanceof Error || first.kind !== 'statement') throw new Error('no proposal')
  const again = { ...first.value, number: 2, prevHash: first.id }
  return [bytes, opener.envelopes.seal(CODECS.statement, again, liar.signer).bytes]
}

test('two proposals that come while the books are read count no amount twice', async () => {
  const world = new World()
  const [peer, liar] = world.peers
  world.grow(1, 100n, false)
  peer.slowBooks = []
  for (const bytes of await proposedTwice(liar, peer)) await peer.hear(bytes)
  await peer.booksRead()
  const agreed = await world.agreed(peer)
  expect(agreed).toHaveLength(1)
  countedOnce(world, agreed)
})

test('what was read before a statement was agreed to is not proposed after it', async () => {
  const world = new World()
  const [peer, liar] = world.peers
  world.grow(1, 100n, false)
  const [first] = (await proposedTwice(liar, peer)) as [Uint8Array]
  const unstated = await unstatedWith(peer.books, liar.id, 'USD', 500)
  await peer.hear(first)
  await peer.step((statements, step) => statements.settle(step, liar.id, unstated))
  expect(peer.statements.all()[0]).toMatchObject({ number: 1, open: undefined })
})

test('one peer that floods another with proposals does not keep it from hearing a third', async () => {
  const world = new World()
  const [peer, other] = world.peers
  const flooder = new Peer(3)
  world.grow(1, 100n, false)
  await other.settle(peer)
  const proposal = opener.open(other.outbox[0] as Uint8Array)
  if (proposal instanceof Error || proposal.kind !== 'statement') throw new Error('no proposal')
  peer.slowBooks = []
  const [low, high] = [peer.id, flooder.id].sort() as [PeerId, PeerId]
  for (let round = 1; round <= 100; round++) {
    const flood = { ...proposal.value, low, high, creditor: peer.id, round }
    await peer.hear(opener.envelopes.seal(CODECS.statement, flood, flooder.signer).bytes)
  }
  await deliverAll(world)
  await peer.booksRead()
  expect(await world.agreed(peer)).toHaveLength(1)
})

function idOf(bytes: Uint8Array): MessageId {
  const message = opener.open(bytes)
  if (message instanceof Error) throw message
  return message.id
}

test('a statement that was paid is not replaced by a higher one that its creditor refused before', async () => {
  const world = new World()
  const [peer, creditor] = world.peers
  const proposals: Uint8Array[] = []
  for (const more of [100n, 50n]) {
    world.grow(1, more, false)
    await peer.settle(creditor)
    const [bytes] = peer.outbox.splice(0) as [Uint8Array]
    proposals.push(bytes)
    const statementId = idOf(bytes)
    const no = { statementId, accepted: false, objection: 'receipt', leaseId: '' as const, round: 0 }
    await peer.hear(opener.envelopes.seal(CODECS.statementAnswer, no, creditor.signer).bytes)
  }
  const shown = proposals.map((statement) => {
    const statementId = idOf(statement)
    const yes = { statementId, accepted: true, objection: '', leaseId: '' as const, round: 1 }
    const answer = opener.envelopes.seal(CODECS.statementAnswer, yes, creditor.signer).bytes
    return { statement, answer, state: { currency: 'USD', number: 1, agreed: { statement, answer } } }
  })
  const show = (i: number) => {
    const { state } = shown[i] as (typeof shown)[number]
    return peer.hear(opener.envelopes.seal(CODECS.statementState, state, creditor.signer).bytes)
  }
  await show(0)
  const [settled] = await world.agreed(peer)
  if (settled === undefined) throw new Error('nothing was agreed')
  const paid = { statementId: settled.id, currency: 'USD', number: 1, reference: 'wire 1', paidAtMs: 1 }
  await peer.hear(opener.envelopes.seal(CODECS.paid, paid, creditor.signer).bytes)
  await show(1)
  expect((await world.agreed(peer)).map(({ id }) => id)).toEqual([settled.id])
  expect(await peer.store.get(KEYS.settled(creditor.id, 'USD', 1, 'paid'))).toBeDefined()
  await peer.hear(opener.envelopes.seal(CODECS.paid, { ...paid, reference: 'wire 2' }, creditor.signer).bytes)
  expect(peer.notes.filter(({ type }) => type === 'paid')).toHaveLength(1)
})

test('two of whom one lost what it knew of their statements settle again, and count nothing twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(op, { minLength: 10, maxLength: 60, size: 'max' }),
      fc.array(op, { maxLength: 20 }),
      peerIndex,
      fc.boolean(),
      async (before, after, who, documents) => {
        const world = new World()
        for (const each of before) await apply(world, each)
        await (world.peers[who] as Peer).forget(documents)
        for (const each of after) await apply(world, each)
        await heal(world)
        // Two that have gone apart find out with the next statement.
        for (let lease = 0; lease < LEASES; lease++) world.grow(lease, 1n, false)
        await heal(world)
        // Who has an acknowledgement and has forgotten that it is unheard does not send it again.
        await settledUp(world, { knowsPaid: documents })
      },
    ),
    { numRuns: 500 },
  )
})

test('one chain of statements, each amount in it once, whatever is lost, repeated, overtaken or dies', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 20, maxLength: 80, size: 'max' }), async (ops) => {
      const world = new World()
      for (const each of ops) {
        await apply(world, each)
        const [a, b] = await Promise.all(world.peers.map((peer) => world.agreed(peer)))
        const shorter = Math.min(a?.length ?? 0, b?.length ?? 0)
        expect(a?.slice(0, shorter).map(({ id }) => id)).toEqual(b?.slice(0, shorter).map(({ id }) => id))
        countedOnce(world, (a?.length ?? 0) > shorter ? (a ?? []) : (b ?? []))
      }
      await heal(world)
      await settledUp(world)
    }),
    { numRuns: 300 },
  )
})
