/**
 * Why a lease or job ended: one number, grouped by who caused it. It drives retry, receipt, reputation and exit code.
 * Numbers are never reused.
 */
export const END_REASONS = {
  'workload.done': 1,
  'workload.failed': 2,
  'workload.out-of-memory': 3,
  'workload.bad-image': 4,
  'workload.bad-input': 5,
  'workload.bad-command': 6,
  'workload.output-too-large': 7,
  'renter.cancelled': 100,
  'renter.budget': 101,
  'renter.time-limit': 102,
  'renter.silent': 103,
  'renter.no-manifest': 104,
  'renter.no-offers': 105,
  'renter.price': 106,
  'renter.objected': 107,
  'provider.engine': 200,
  'provider.no-space': 201,
  'provider.restarted': 202,
  'provider.drained': 203,
  'provider.refused': 204,
  'provider.credit': 205,
  'provider.device': 206,
  'network.lost': 300,
  'network.fetch': 301,
  'network.no-peers': 302,
} as const
export type EndReasonName = keyof typeof END_REASONS
export type EndedBy = 'workload' | 'renter' | 'provider' | 'network'

const NAMES = new Map<number, EndReasonName>(Object.entries(END_REASONS).map(([name, number]) => [number, name as EndReasonName]))

export const endReasonNumber = (name: EndReasonName): number => END_REASONS[name]
/** The reason's name, or undefined for a number this version does not know. */
export const endReasonName = (number: number): EndReasonName | undefined => NAMES.get(number)
export const endedBy = (name: EndReasonName): EndedBy => name.slice(0, name.indexOf('.')) as EndedBy

/** The machine or the way to it failed, not the program nor who rents it: another provider may do better. */
export function isProvidersFault(reason: EndReasonName): boolean {
  const by = endedBy(reason)
  return by === 'provider' || by === 'network'
}

/** Exit code of the command line for a job that ended so. */
export function exitCodeOf(state: 'done' | 'failed' | 'cancelled', reason: EndReasonName): number {
  if (state === 'done') return 0
  if (state === 'cancelled') return 103
  if (reason === 'network.no-peers') return 69
  if (reason === 'renter.no-offers') return 104
  if (reason === 'renter.price' || reason === 'renter.budget' || reason === 'renter.time-limit') return 105
  return endedBy(reason) === 'workload' ? 100 : 106
}

const FAULTS: Record<string, EndReasonName> = {
  BAD_IMAGE: 'workload.bad-image',
  BAD_INPUT: 'workload.bad-input',
  BAD_COMMAND: 'workload.bad-command',
  OUTPUT_TOO_LARGE: 'workload.output-too-large',
  NO_SPACE: 'provider.no-space',
  DEVICE_FAILED: 'provider.device',
  FETCH_FAILED: 'network.fetch',
}

/** The end reason for an ExecutorError's code; one that is not listed is the provider's engine at fault. */
export const endReasonOfFault = (code: string): EndReasonName => FAULTS[code] ?? 'provider.engine'
