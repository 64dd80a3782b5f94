import type { Task } from '@weft/protocols/measure'
import type { Bandwidths } from './gpu-wire.ts'

/** One card, and whatever drives it. */
export interface CardDriver {
  /** As the port `Meter` says it, of this card. */
  perform(task: Task): Promise<readonly number[]>
  /** Seconds of its own: no challenger can check what only the card sees. */
  bandwidth(): Promise<Bandwidths>
}

/** What `work` does a second, GiB. It is done twice: the first time brings up what the second finds. */
export async function gibPerSecond(bytes: number, work: () => unknown): Promise<number> {
  await work()
  const started = performance.now()
  await work()
  return bytes / 1024 ** 3 / ((performance.now() - started) / 1000)
}
