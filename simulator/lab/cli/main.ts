import { processIo } from './io.ts'
import { main } from './program.ts'
import { simulate } from './simulate.ts'

/** The program `weft-sim`: `self` starts it again, for one run of many. */
export async function start(words: readonly string[], self: readonly string[]): Promise<void> {
  // A reader that has enough (`| head`) closes the pipe; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  process.exitCode = await main(words, { io: processIo, simulate, self })
}
