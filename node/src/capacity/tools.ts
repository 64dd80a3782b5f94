import { type ChildProcess, spawn } from 'node:child_process'
import { delimiter } from 'node:path'

/** How a call of a tool ended. */
export type ToolAnswer =
  /** What it printed; its warnings, on stderr, are no part of that. */
  | { type: 'done'; text: string }
  /** There is no such program. */
  | { type: 'missing' }
  /** It said so itself, by its exit status; `text` is all that it printed. */
  | { type: 'failed'; text: string }
  /** It was still running when its time was over, or an earlier call of it still is. */
  | { type: 'hung' }
  /** It printed more than any answer has. */
  | { type: 'flooded' }

/** Runs a program and gives what became of it. Never rejects. */
export type RunTool = (file: string, args: readonly string[]) => Promise<ToolAnswer>

const TIMEOUT_MS = 10_000
/** From the end of a tool to that of its output, where no child of it is left that holds it. */
const CLOSE_MS = 1_000
/** The kernel's log is the longest that is asked for, and a few hundred KiB on most machines. */
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024
/** Where vendors put their tools beside PATH: ROCm, and WSL's driver. */
const FOLDERS = ['/opt/rocm/bin', '/usr/lib/wsl/lib', '/usr/local/bin', '/usr/sbin', '/sbin']

/**
 * Each call ends within `timeoutMs`, whatever the tool does: it is killed with all its children, and if that is in vain (a process
 * that waits for a broken driver cannot be killed) it is left alone, and not called again before it is gone.
 */
export function toolRunner({ timeoutMs = TIMEOUT_MS, bytesMax = OUTPUT_BYTES_MAX } = {}): RunTool {
  const stuck = new Map<string, ChildProcess>()
  return (file, args) => {
    const earlier = stuck.get(file)
    if (earlier !== undefined && earlier.exitCode === null && earlier.signalCode === null)
      return Promise.resolve({ type: 'hung' })
    stuck.delete(file)
    return new Promise((resolve) => {
      const child = spawn(file, [...args], { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: toolEnv(), cwd: '/' })
      const [out, all]: [Buffer[], Buffer[]] = [[], []]
      let bytes = 0
      let isOver = false
      const end = (answer: ToolAnswer): void => {
        if (isOver) return
        isOver = true
        clearTimeout(timer)
        killGroup(child)
        child.stdout.destroy()
        child.stderr.destroy()
        child.unref()
        resolve(answer)
      }
      let timer = setTimeout(() => {
        stuck.set(file, child)
        end({ type: 'hung' })
      }, timeoutMs)
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('error', () => undefined)
        stream.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > bytesMax) end({ type: 'flooded' })
          else {
            all.push(chunk)
            if (stream === child.stdout) out.push(chunk)
          }
        })
      }
      const text = (printed: readonly Buffer[]): string => Buffer.concat(printed).toString('utf8')
      child.on('error', () => end({ type: 'missing' }))
      const answer = (code: number | null): void =>
        end(code === 0 ? { type: 'done', text: text(out) } : { type: 'failed', text: text(all) })
      // That it ended may be known before what it printed is read.
      child.on('close', answer)
      // A child of the tool that holds its output must not make it last: what was printed by then is the answer.
      child.on('exit', (code) => {
        if (isOver) return
        killGroup(child)
        clearTimeout(timer)
        timer = setTimeout(() => answer(code), CLOSE_MS)
      })
    })
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody of it is left.
  }
}

/** In no language but English, as the answers are read by a program. */
function toolEnv(): NodeJS.ProcessEnv {
  const path = [process.env['PATH'] ?? '', ...FOLDERS].join(delimiter)
  return { ...process.env, PATH: path, LC_ALL: 'C' }
}
