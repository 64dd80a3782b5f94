import { type BenchEngine, type BenchEngineInit, benchEngine } from '../mesh/engine.ts'
import type { Screen } from './screen.ts'

/**
 * Finds or starts an engine. Where there is none, that jobs are not isolated is the first thing that anybody reads: what the
 * search has to say waits until its end, unless it is about to install something.
 */
export async function chooseEngine(
  { yes, noInstall }: { yes: boolean; noInstall: boolean },
  screen: Pick<Screen, 'line' | 'warn'>,
  find: (init: BenchEngineInit) => Promise<BenchEngine> = benchEngine,
): Promise<BenchEngine> {
  let held: string[] | undefined = []
  const release = (): void => {
    for (const line of held ?? []) screen.line(line)
    held = undefined
  }
  const log = (line: string): void => {
    if (held === undefined) screen.line(line)
    else held.push(line)
  }
  const chosen = await find({ yes, noInstall, log, onInstall: release })
  if (chosen.engine === undefined) screen.warn('jobs are NOT ISOLATED: they run as plain processes of this user')
  release()
  return chosen
}
