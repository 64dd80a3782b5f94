import type { Logger, Network } from '@weft/node/network'
import { codeOf, messageOf, UsageError } from '@weft/protocols'
import { parseOptions } from './options.ts'
import { startBootstrap } from './server.ts'

const EXIT_FAILED = 1
const EXIT_USAGE = 64
/** A stop that hangs must not keep a service manager waiting; on a busy machine one that works takes seconds. */
const STOP_TIMEOUT_MS = 10_000

/** The program `weft-bootstrap`: runs until SIGTERM or SIGINT; resolves to its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(argv)
    if (options === undefined) return 0
    const network = await startBootstrap({ ...options, folder: options.data, log: stderrLog })
    surviveStrayStreamErrors()
    // Who reads that it is ready may end it at once.
    const stopped = stopSignal()
    announce(network, options.json)
    await stopped
    setTimeout(() => process.exit(EXIT_FAILED), STOP_TIMEOUT_MS).unref()
    await network.stop()
    return 0
  } catch (error) {
    process.stderr.write(`weft-bootstrap: ${messageOf(error)}\n`)
    return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED
  }
}

function announce(network: Network, json: boolean): void {
  const document = { peerId: network.peerId, addresses: network.addresses() }
  process.stdout.write(json ? `${JSON.stringify(document)}\n` : `${document.addresses.join('\n')}\n`)
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
}

/** A stream that drains while it closes throws where nobody can catch it (js-libp2p issue #3415); anything else is fatal. */
function surviveStrayStreamErrors(): void {
  process.on('uncaughtException', (error) => {
    if (error.name === 'StreamStateError') return
    process.stderr.write(`weft-bootstrap: ${error.stack ?? messageOf(error)}\n`)
    process.exit(EXIT_FAILED)
  })
}

const line =
  (level: string) =>
  (fields: object, text: string): void => {
    process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, ...plain(fields), text })}\n`)
  }

const stderrLog: Logger = { debug: () => {}, info: line('info'), warn: line('warn'), error: line('error') }

function plain(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? `${codeOf(value)}: ${messageOf(value)}` : value,
    ]),
  )
}
