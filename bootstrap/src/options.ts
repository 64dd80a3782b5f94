import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { UsageError } from '@weft/protocols'
import { Command, CommanderError, Option } from 'commander'

export interface Options {
  network: string
  listen: string[]
  bootstrap: string[]
  data: string
  json: boolean
}

/** One port for both; a browser or a strict firewall gets WebSockets on the next. */
const LISTEN = ['/ip4/0.0.0.0/tcp/4001', '/ip4/0.0.0.0/tcp/4002/ws']

/** The options typed, or undefined where only help was asked for. Throws UsageError on anything unknown. */
export function parseOptions(argv: readonly string[]): Options | undefined {
  const command = new Command('weft-bootstrap')
    .description('Runs a peer that newcomers of a Weft network dial: DHT server, relay, peer exchange; no market state.')
    .addOption(new Option('--network <id>', 'network id').env('WEFT_NETWORK').default('weft'))
    .addOption(new Option('--listen <multiaddr>', 'where to listen; repeatable').argParser(collect).default([], LISTEN.join(' ')))
    .addOption(new Option('--bootstrap <multiaddr>', 'another bootstrap peer; repeatable').argParser(collect).default([], 'none'))
    .option('--data <folder>', 'identity, peer book and DHT records', join(homedir(), '.weft-bootstrap'))
    .addOption(new Option('--home <folder>', 'the same as --data').hideHelp())
    .option('--json', 'print { peerId, addresses } as one line of JSON', false)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  try {
    command.parse([...argv], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return undefined
    throw new UsageError(
      `${error instanceof Error ? error.message.replace(/^error: /, '') : String(error)}; see weft-bootstrap --help`,
    )
  }
  const { home, ...options } = command.opts<Options & { home?: string }>()
  return { ...options, listen: options.listen.length > 0 ? options.listen : LISTEN, data: resolve(home ?? options.data) }
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value]
}
