/** `-v`, `-o`, `-e` and `--env-file` of `weft run`. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { isAbsolute, posix, resolve } from 'node:path'
import { usage } from '../exit.ts'

export interface InputFlag {
  /** Absolute path on this machine. */
  host: string
  container: string
  readOnly: boolean
}

export interface OutputFlag {
  container: string
  host: string
}

/** A drive letter is no separator: `C:\data:/data`. */
function cut(text: string): string[] {
  const drive = process.platform === 'win32' && /^[A-Za-z]:[\\/]/.test(text) ? text.slice(0, 2) : ''
  const parts = text.slice(drive.length).split(':')
  return [drive + (parts[0] ?? ''), ...parts.slice(1)]
}

/** An absolute path inside the container, written in one way. */
export function containerPath(flag: string, text: string): string {
  const path = posix.normalize(text)
  if (!text.startsWith('/') || path === '/' || text.includes('\0')) {
    throw usage(`${flag}: "${text}" must be an absolute path inside the container, and not / itself`)
  }
  return path.endsWith('/') ? path.slice(0, -1) : path
}

/** `HOST:CTR[:ro]`: copies a file or folder in. */
export function parseInput(text: string, cwd: string): InputFlag {
  const [host = '', container, mode, ...rest] = cut(text)
  if (host === '' || container === undefined || rest.length > 0 || (mode !== undefined && mode !== 'ro' && mode !== 'rw')) {
    throw usage(`-v takes HOST:CONTAINER or HOST:CONTAINER:ro, not "${text}"`)
  }
  if (!/[\\/.~]/.test(host) && !existsSync(resolve(cwd, host))) {
    throw usage(`-v ${text}: named volumes do not exist in Weft; give a folder or file, such as ./${host}:${container}`)
  }
  const path = isAbsolute(host) ? host : resolve(cwd, host)
  return { host: path, container: containerPath('-v', container), readOnly: mode === 'ro' }
}

/** `CTR:HOST`: brings a folder of the container back. */
export function parseOutput(text: string, cwd: string): OutputFlag {
  const at = text.indexOf(':')
  const host = at < 0 ? '' : text.slice(at + 1)
  if (host === '') throw usage(`-o takes CONTAINER:HOST, such as /out:./out, not "${text}"`)
  const path = isAbsolute(host) ? host : resolve(cwd, host)
  return { container: containerPath('-o', text.slice(0, at)), host: path }
}

/** Outputs go to a path that does not exist yet or to an empty folder. */
export function refuseTaken(what: string, path: string): void {
  if (!existsSync(path)) return
  const taken = !statSync(path).isDirectory() || readdirSync(path).length > 0
  if (taken) throw usage(`${what}: ${path} already holds something; empty it or choose another folder`)
}

/** `K=V`, or `K` to pass on this shell's own value. */
export function parseEnv(text: string, env: NodeJS.ProcessEnv): { name: string; value: string } {
  const at = text.indexOf('=')
  const name = at < 0 ? text : text.slice(0, at)
  if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) throw usage(`-e takes NAME=VALUE or NAME, not "${text}"`)
  const value = at < 0 ? env[name] : text.slice(at + 1)
  if (value === undefined) throw usage(`-e ${name}: this shell has no variable of that name; write ${name}=VALUE`)
  return { name, value }
}

/** Docker's env file: one `K=V` or `K` a line, `#` comments, no quoting. */
export function readEnvFile(path: string, env: NodeJS.ProcessEnv): { name: string; value: string }[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw usage(`--env-file ${path} cannot be read; check the path`)
  }
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'))
  return lines.map((line) => parseEnv(line, env))
}
