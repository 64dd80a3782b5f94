import { pciAddress, VRAM_MIB_MAX, wholeNumber } from '../pci.ts'
import type { RunTool, ToolAnswer } from '../tools.ts'

/** One card, as `nvidia-smi --query-gpu` tells of it. Empty or undefined: not told. */
export interface QueriedCard {
  index: number
  uuid: string
  name: string
  vramMib: number | undefined
  computeCapability: string
  driver: string
  pci: { address: string; generation?: number; width?: number } | undefined
  isMigOn: boolean
  /** What the tool said in so many words where a number or name was due: `[GPU is lost]`. */
  trouble: string | undefined
  eccErrors: number
  /** The driver's own verdict: `None`, `Reset`, `Reboot`, …; '' where the driver gives none. */
  recoveryAction: string
  /** Memory that is to be replaced by the next reset, or could not be. */
  rowsPending: boolean
  rowsFailed: boolean
}

/** Names of `nvidia-smi --help-query-gpu`. The last are unknown to some drivers, and are left out for those. */
const FIELDS = [
  'index',
  'uuid',
  'name',
  'memory.total',
  'driver_version',
  'pci.bus_id',
  'pcie.link.gen.max',
  'pcie.link.width.max',
  'mig.mode.current',
  'ecc.errors.uncorrected.volatile.total',
  'compute_cap',
  'remapped_rows.pending',
  'remapped_rows.failure',
  'gpu_recovery_action',
] as const
type Field = (typeof FIELDS)[number]

const CARDS_MAX = 64
const NAME_CHARS_MAX = 128
const CARD_ID = /^GPU-[0-9a-f-]{8,60}$/i
const UNKNOWN_FIELD = /Field "([a-z_.]{1,64})" is not a valid field/
/** Words in brackets stand where a value does not apply, or where the card did not answer. */
const IN_BRACKETS = /^\[.*\]$/
const TROUBLE = /lost|reset|error/i

/** The tool's answer with as many fields as this driver knows. `address`: of one card only. */
export async function queryCards(run: RunTool, address?: string): Promise<ToolAnswer> {
  let fields: readonly string[] = FIELDS
  const which = address === undefined ? [] : ['-i', address]
  for (;;) {
    const answer = await run('nvidia-smi', [`--query-gpu=${fields.join(',')}`, '--format=csv,nounits', ...which])
    const unknown = answer.type === 'failed' ? UNKNOWN_FIELD.exec(answer.text)?.[1] : undefined
    if (unknown === undefined || !fields.includes(unknown)) return answer
    fields = fields.filter((field) => field !== unknown)
  }
}

/** Cards out of that answer, and the lines of it that mean nothing. */
export function parseCards(text: string): { cards: QueriedCard[]; strange: string[] } {
  const [head = '', ...lines] = text.split('\n').map((line) => line.trim())
  const columns = head.split(',').map((name) => name.trim().replace(/ \[.*\]$/, ''))
  const cards = new Map<string, QueriedCard>()
  // Where there is no card the tool says so, and names no columns: names without a card are an answer cut short.
  const strange = columns.includes('uuid') && lines.some((line) => line !== '') ? [] : [head]
  for (const line of lines.slice(0, CARDS_MAX)) {
    if (line === '') continue
    const values = line.split(',').map((value) => value.trim())
    const card = values.length === columns.length ? cardOf((field) => values[columns.indexOf(field)] ?? '') : undefined
    if (card === undefined) strange.push(line)
    else cards.set(card.uuid, card)
  }
  return { cards: [...cards.values()], strange }
}

function cardOf(saidOf: (field: Field) => string): QueriedCard | undefined {
  const uuid = saidOf('uuid')
  const index = wholeNumber(saidOf('index'), 0, 999)
  if (!CARD_ID.test(uuid) || index === undefined) return undefined
  const told = (field: Field): string => (IN_BRACKETS.test(saidOf(field)) ? '' : saidOf(field))
  const address = pciAddress(told('pci.bus_id'))
  const generation = wholeNumber(told('pcie.link.gen.max'), 1, 9)
  const width = wholeNumber(told('pcie.link.width.max'), 1, 32)
  const link = { ...(generation === undefined ? {} : { generation }), ...(width === undefined ? {} : { width }) }
  return {
    index,
    uuid,
    name: told('name').slice(0, NAME_CHARS_MAX),
    vramMib: wholeNumber(told('memory.total'), 1, VRAM_MIB_MAX),
    computeCapability: /^\d{1,2}\.\d{1,2}$/.test(told('compute_cap')) ? told('compute_cap') : '',
    driver: /^[\d.]{1,32}$/.test(told('driver_version')) ? told('driver_version') : '',
    pci: address === undefined ? undefined : { address, ...link },
    isMigOn: told('mig.mode.current').toLowerCase() === 'enabled',
    trouble: FIELDS.map(saidOf)
      .find((value) => IN_BRACKETS.test(value) && TROUBLE.test(value))
      ?.slice(1, -1)
      .slice(0, NAME_CHARS_MAX),
    eccErrors: wholeNumber(told('ecc.errors.uncorrected.volatile.total')) ?? 0,
    recoveryAction: told('gpu_recovery_action').slice(0, NAME_CHARS_MAX),
    rowsPending: told('remapped_rows.pending').toLowerCase() === 'yes',
    rowsFailed: told('remapped_rows.failure').toLowerCase() === 'yes',
  }
}

const APP_FIELDS = ['gpu_uuid', 'pid', 'used_memory']
const APPS_MAX = 1024

/** Who computes on which card: by the card's uuid. With MIG the tool names the card, not the slice. */
export async function queryApps(run: RunTool): Promise<Map<string, { pid: number; memoryMib: number }[]>> {
  const answer = await run('nvidia-smi', [`--query-compute-apps=${APP_FIELDS.join(',')}`, '--format=csv,noheader,nounits'])
  const users = new Map<string, { pid: number; memoryMib: number }[]>()
  for (const line of (answer.type === 'done' ? answer.text : '').split('\n').slice(0, APPS_MAX)) {
    const [uuid = '', pid, memory] = line.split(',').map((value) => value.trim())
    const process = wholeNumber(pid, 1)
    if (!CARD_ID.test(uuid) || process === undefined) continue
    users.set(uuid, [...(users.get(uuid) ?? []), { pid: process, memoryMib: wholeNumber(memory) ?? 0 }])
  }
  return users
}
