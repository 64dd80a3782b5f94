/** Looks for what a demo or bench may have left on the machine. It trusts no list of its own: it asks the system and the engine. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Engine, LABELS } from '@weft/node/executor'

const run = promisify(execFile)
const POLL_MS = 100
/** Processes that were told to end get so long to be gone: a guard looks once a second, and asks the engine first. */
const GONE_MS_MAX = 30_000

export interface Traces {
  /** Every process of ours names it in its arguments or its environment. */
  folder: string
  network: string
  engine: Engine | undefined
  /** The image that we made; undefined: none. */
  image: string | undefined
}

/** One phrase for each thing that is still there. */
export async function leftovers(traces: Traces): Promise<string[]> {
  const [processes, containers, images] = await Promise.all([processesOf(traces.folder), containersOf(traces), imageOf(traces)])
  return [...processes, ...containers, ...images]
}

async function processesOf(folder: string): Promise<string[]> {
  for (let waited = 0; ; waited += POLL_MS) {
    const pids = await pidsNaming(folder)
    if (pids.length === 0) return []
    if (waited >= GONE_MS_MAX) return pids.map((pid) => `process ${pid}`)
    await delay(POLL_MS)
  }
}

/** Processes, other than this one, whose arguments or environment hold the text. */
export async function pidsNaming(text: string): Promise<number[]> {
  const pids = process.platform === 'linux' ? await pidsInProc(text) : await pidsInPs(text)
  return pids.filter((pid) => pid !== process.pid)
}

async function pidsInProc(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const naming = await Promise.all(
    pids.map(async (pid) => {
      // A process may end meanwhile, or belong to somebody else: then it is not ours.
      const parts = await Promise.all(
        ['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')),
      )
      return parts.some((part) => part.includes(text)) ? [Number(pid)] : []
    }),
  )
  return naming.flat()
}

/** Windows has no `ps`: there processes go unchecked. */
export const seesProcesses = (platform: NodeJS.Platform): boolean => platform !== 'win32'

async function pidsInPs(text: string): Promise<number[]> {
  if (!seesProcesses(process.platform)) return []
  const { stdout } = await run('ps', ['-Aww', '-o', 'pid=,command='], { maxBuffer: 64 << 20 })
  return stdout.split('\n').flatMap((line) => (line.includes(text) ? [Number.parseInt(line, 10)] : []))
}

async function containersOf({ engine, network }: Traces): Promise<string[]> {
  if (engine === undefined) return []
  const found = await engine.list({ [LABELS.network]: network })
  return found.map(({ id }) => `container ${id.slice(0, 12)}`)
}

async function imageOf({ engine, image }: Traces): Promise<string[]> {
  if (engine === undefined || image === undefined) return []
  return (await engine.describeImage(image)) === undefined ? [] : [`image ${image}`]
}

/** For what is removed last. */
export const pathsLeft = (paths: readonly string[]): string[] =>
  paths.filter((path) => existsSync(path)).map((path) => `file ${path}`)
