/** `npm run bench -- <name> [flags]`: every number that Weft publishes, and how it is measured. */
import { codeOf, messageOf, WeftError } from '@weft/protocols'

interface Bench {
  summary: string
  load(): Promise<{ main(argv: readonly string[]): Promise<number> }>
}

const BENCHES: Record<string, Bench> = {
  audit: {
    summary: 'receipts a second that weft audit verifies, at each level, with real Ed25519',
    load: () => import('./books/audit-bench.ts'),
  },
  'old-leases': {
    summary: 'how a provider with ten thousand old leases starts, lists, adds up and exports',
    load: () => import('./books/old-leases-bench.ts'),
  },
  core: {
    summary: 'what one peer costs in core and host: heap of an idle one, an order not for it, a receipt',
    load: () => import('./core-bench.ts'),
  },
  exposure: {
    summary: 'what renters and providers that cheat cost the honest side, against the bound of the design',
    load: () => import('./exposure/main.ts'),
  },
  simulator: {
    summary: 'events a second of kernel and gossip with real orders, a million peers, a market day, one trace for one seed',
    load: () => import('./simulator/main.ts'),
  },
  'start-latency': {
    summary: "weft run to the container's first output, against the engine's own run with the same flags",
    load: () => import('./start-latency.ts'),
  },
}
const EXIT_USAGE = 64

const [name, ...argv] = process.argv.slice(2)
const bench = name === undefined ? undefined : BENCHES[name]
if (bench === undefined) {
  const lines = Object.entries(BENCHES).map(([key, { summary }]) => `  ${key.padEnd(16)}${summary}`)
  const text = ['usage: npm run bench -- <name> [flags]', '', ...lines].join('\n')
  if (name === undefined || name === '--help') console.log(text)
  else console.error(`there is no bench "${name}"\n\n${text}`)
  process.exitCode = name === undefined || name === '--help' ? 0 : EXIT_USAGE
} else {
  try {
    const { main } = await bench.load()
    process.exitCode = await main(argv)
  } catch (error) {
    console.error(error instanceof WeftError ? messageOf(error) : error)
    process.exitCode = codeOf(error) === 'USAGE' ? EXIT_USAGE : 1
  }
}
