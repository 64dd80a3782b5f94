import type { Device } from '../device.ts'
import { object, parseJson } from '../json.ts'
import { pciAddress } from '../pci.ts'
import type { RunTool } from '../tools.ts'
import type { QueriedCard } from './query.ts'

type Health = Device['health']

/**
 * Errors after which a card does no more work until it is reset or the machine restarted, by
 * https://docs.nvidia.com/deploy/xid-errors/: 48 double-bit ECC, 62 microcontroller halted, 64 and 140 memory that could not be
 * replaced, 79 fallen off the bus, 95 uncontained memory error, 119 and 120 firmware that does not answer.
 */
const FATAL_XIDS = new Set([48, 62, 64, 79, 95, 119, 120, 140])

/** What the tool itself says of a card; undefined: nothing bad, and nothing that settles it. */
export function toldHealth(card: QueriedCard): Health | undefined {
  const failed = (text: string): Health => ({ state: 'failed', text })
  if (card.trouble !== undefined) return failed(`nvidia-smi says: ${card.trouble}; restart the machine`)
  const { recoveryAction: action } = card
  if (action !== '' && action !== 'None') return failed(`its driver asks for: ${action}; do that, or restart the machine`)
  if (card.rowsFailed) return failed('broken memory could not be replaced; the card has to be exchanged')
  if (card.rowsPending) return failed('broken memory is replaced when the card is reset: nvidia-smi -r, or restart the machine')
  if (card.eccErrors > 0)
    return failed(`${card.eccErrors} memory errors were not corrected; reset it (nvidia-smi -r) or restart the machine`)
  return action === 'None' ? { state: 'ok', text: 'its driver asks for nothing' } : undefined
}

/** The worst of the kernel's log, by PCI address, where it may be read. For drivers that give no verdict of their own. */
export async function xids(run: RunTool): Promise<Map<string, Health>> {
  const answer = await run('dmesg', [])
  const found = new Map<string, Health>()
  if (answer.type !== 'done') return found
  for (const [, place, code] of answer.text.matchAll(/NVRM: Xid \(PCI:([0-9a-fA-F:.]{4,16})\): (\d{1,4})/g)) {
    // The log names no function where a card has one only.
    const address = pciAddress(place?.includes('.') === true ? place : `${place}.0`)
    if (address === undefined || !FATAL_XIDS.has(Number(code))) continue
    found.set(address, {
      state: 'failed',
      text: `the kernel's log has Xid ${code} of it; reset it (nvidia-smi -r) or restart the machine`,
    })
  }
  return found
}

const DCGM_ARGS = ['health', '-g', '0', '-c', '-j']

/** What DCGM's watches say of each card, by its index: https://github.com/NVIDIA/DCGM/blob/master/dcgmi/Health.cpp. */
export async function dcgmHealth(run: RunTool): Promise<Map<number, Health>> {
  const answer = await run('dcgmi', DCGM_ARGS)
  const found = new Map<number, Health>()
  if (answer.type !== 'done') return found
  const cards = object(object(object(object(parseJson(answer.text))['body'])['GPU'])['children'])
  for (const [index, entity] of Object.entries(cards).slice(0, 64)) {
    const { value, children } = object(entity)
    if (value !== 'Failure') continue
    const parts = Object.keys(object(object(object(children)['Errors'])['children']))
    found.set(Number(index), {
      state: 'failed',
      text: `DCGM says: ${parts.slice(0, 8).join(', ').slice(0, 200) || 'Failure'}; see dcgmi health -c`,
    })
  }
  return found
}
