import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ErrorView, StatusView } from '../../api/views.ts'
import type { Origins, Settings } from '../../config/index.ts'
import { openHome } from '../../home/index.ts'
import { shellWord } from '../../home/shell-word.ts'
import { ApiClient } from '../client.ts'
import { CliError, EXIT } from '../exit.ts'
import { type Context, print } from '../verb.ts'
import { preflight } from './preflight.ts'

/** Opening a large store may take long; a peer that needs more than this hangs. */
const READY_MS_MAX = 60_000

interface Ready {
  ready: true
  peerId: string
  addresses: string[]
  socket: string
  pid: number
  metrics: string | null
}

/** Starts this same command without `-d`, waits until it is ready, and leaves it alone. Its log goes to the data folder. */
export async function startInBackground(
  context: Context,
  config: { settings: Settings; origins: Origins; engine: string },
): Promise<number> {
  await preflight({ ...config, folder: context.dataFolder })
  const { paths } = await openHome(context.dataFolder, { create: true })
  const log = await open(paths.log, 'a', 0o600)
  const script = process.argv[1]
  if (script === undefined) throw new CliError(EXIT.bug, 'INTERNAL', 'this program does not know where it was started from')
  const words = context.typed.filter((word) => word !== '-d' && word !== '--detach' && word !== '--json')
  const child = spawn(process.execPath, [...process.execArgv, '--', script, ...words, '--json'], {
    detached: true,
    stdio: ['ignore', 'pipe', log.fd],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_MS_MAX)
  try {
    const ready = await firstLine(child)
    if (ready === undefined || 'error' in ready) {
      const { code, message } = ready?.error ?? {
        code: 'NOT_STARTED',
        message: `the daemon did not start; its log is ${paths.log}`,
      }
      throw new CliError(child.exitCode ?? EXIT.bug, code, message)
    }
    const lends = context.flags.json ? undefined : await lendsOf(ready.socket)
    print(context, ready, () => readyText(ready, { log: paths.log, lends, typed: context.typed }))
    return EXIT.done
  } finally {
    clearTimeout(timer)
    child.stdout?.destroy()
    child.unref()
    await log.close()
  }
}

/** That it is ready, or, once it has ended, why it is not. */
async function firstLine(child: ReturnType<typeof spawn>): Promise<Ready | ErrorView | undefined> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let text = ''
  for await (const piece of child.stdout ?? []) {
    text += String(piece)
    const end = text.indexOf('\n')
    if (end < 0) continue
    const said = JSON.parse(text.slice(0, end)) as Ready | ErrorView
    if ('error' in said) await ended
    return said
  }
  await ended
  return undefined
}

/** In one line; undefined of a peer that lends nothing. */
async function lendsOf(socket: string): Promise<string | undefined> {
  const { body } = await new ApiClient(socket).get<StatusView>('/v1/status')
  return body.lends?.text
}

function readyText(
  ready: Ready,
  { log, lends, typed }: { log: string; lends: string | undefined; typed: readonly string[] },
): string {
  const elsewhere = typed.some((word) => /^--(data|home)\b/.test(word)) ? ` --data ${shellWord(dirname(log))}` : ''
  return [
    `peer ${ready.peerId} is up (process ${ready.pid})`,
    ...ready.addresses.map((address) => `listens ${address}`),
    ...(ready.metrics === null ? [] : [`metrics ${ready.metrics}`]),
    `log     ${log}`,
    `lends   ${lends ?? 'nothing; weft up --provide does'}`,
    lends === undefined
      ? `next: weft offers${elsewhere}, weft run${elsewhere} IMAGE COMMAND`
      : `next: weft price${elsewhere} (what it asks), weft leases${elsewhere} (what runs here), weft earnings${elsewhere}`,
    `stop it with: weft down${elsewhere}`,
  ].join('\n')
}
