// Goal: what renters had paid before currencies were told apart is known to be in the one that they paid in, if it was one.
import { type Micros, micros, type PeerId, peerId } from '@weft/protocols'
import { encodeRecord, KEYS, type Standing } from '@weft/protocols/core'
import { expect, test } from 'vitest'
import { checkedValue, withChecksum } from '../../src/store/checked-value.ts'
import { toFormat6 } from '../../src/store/to-format-6.ts'

const [ONE, MANY, NOBODY] = ['one', 'many', 'nobody'].map((name) => peerId(name)) as [PeerId, PeerId, PeerId]
const PAID: Micros = micros(700n)
const record = (key: string, value: object): [string, Uint8Array] => [
  key,
  withChecksum(key, encodeRecord(value, { monoMs: 0, wallMs: 0, era: '' })),
]
const account = (peer: PeerId, currency: string, role: string) =>
  record(KEYS.account({ peer, currency, leaseId: 'aa'.repeat(32) as never, day: '2026-11-01' }), { role, amount: PAID })

test('the currency of a renter is that of its accounts here; of several, or none, it is none', async () => {
  async function* old() {
    yield* [account(MANY, 'EUR', 'provider'), account(MANY, 'USD', 'provider')]
    yield* [account(ONE, 'EUR', 'provider'), account(ONE, 'USD', 'renter')]
    for (const renter of [MANY, NOBODY, ONE]) yield record(KEYS.credit(renter), { paid: PAID, failures: 1 })
  }
  const ops = await toFormat6(old())
  const standings = ops.map(({ key, value }): [string, Standing] => {
    const text = Buffer.from(checkedValue(key, value ?? new Uint8Array(0))).toString()
    return [key, (JSON.parse(text) as { value: Standing }).value]
  })
  expect(standings).toMatchObject([
    [KEYS.credit(MANY), { currency: '', failures: 1, paid: { $n: '700' } }],
    [KEYS.credit(NOBODY), { currency: '', failures: 1 }],
    [KEYS.credit(ONE), { currency: 'EUR', failures: 1 }],
  ])
})
