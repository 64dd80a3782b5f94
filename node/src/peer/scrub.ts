import { randomBytes } from 'node:crypto'
import { cardSize } from '@weft/protocols/measure'
import { type Device, deviceHex } from '../capacity/index.ts'
import type { MachineMeter } from '../meter/machine-meter.ts'

/** Numbers that nobody has to check need no more. */
const ROUNDS = 1

/**
 * Writes over what is left in a card's memory, as far as it can be filled: nine tenths. Rejects with WeftError: NO_METER where the
 * card cannot be driven from here, METER_FAILED where its driver does not give the memory.
 */
export async function scrub(meter: Pick<MachineMeter, 'card'>, { id, vramMib }: Device): Promise<void> {
  const card = deviceHex(id)
  const driver = meter.card(card)
  try {
    const size = { ...cardSize(vramMib), rounds: ROUNDS }
    await driver.perform({ ...size, card, stage: 'fill', seed: randomBytes(32), stageSeed: randomBytes(32) })
  } finally {
    driver.release()
  }
}
