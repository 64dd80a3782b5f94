#!/usr/bin/env node
/**
 * Finds a container engine, or starts a private one: `engine.mjs find | ensure [--yes] [--no-install] | start [podman] | stop <folder>`.
 * Plain JavaScript without dependencies, because it runs before anything is installed. Parses on Node 18.
 */
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { pathToFileURL } from 'node:url'

/** Of several places most have no engine. One that a person named, or that was started here, has: it may only be busy. */
const ANSWER_MS = { known: 20_000, guessed: 2_000 }
const START_MS = 60_000
const STOP_MS = 20_000
const FOLDER_PREFIX = 'weft-engine-'
const PRIVATE = { docker: dockerCommand, podman: podmanCommand }

/** Places where an engine usually listens; one that a person named is the only one. */
export function candidates(env = process.env) {
  const named = env.WEFT_ENGINE || env.DOCKER_HOST
  if (named) return [hostOf(named)]
  if (process.platform === 'win32') return ['npipe:////./pipe/docker_engine']
  const runtime = env.XDG_RUNTIME_DIR
  return [
    '/var/run/docker.sock',
    ...(runtime ? [`${runtime}/docker.sock`] : []),
    `${env.HOME || os.homedir()}/.docker/run/docker.sock`,
    '/run/podman/podman.sock',
    ...(runtime ? [`${runtime}/podman/podman.sock`] : []),
  ].map(hostOf)
}

/**
 * The first engine that answers within two seconds, or the one that is named within twenty. `host` is undefined where none does;
 * `reasons` says why, one per place.
 */
export async function findEngine(env = process.env) {
  const reasons = []
  const answerMs = env.WEFT_ENGINE || env.DOCKER_HOST ? ANSWER_MS.known : ANSWER_MS.guessed
  for (const host of candidates(env)) {
    try {
      const { name, version } = await askVersion(host, answerMs)
      return { host, name, version, reasons }
    } catch (error) {
      reasons.push(`${host}: ${reasonOf(host, error)}`)
    }
  }
  return { host: undefined, name: undefined, version: undefined, reasons }
}

/**
 * An engine that answers, or a private one, for which the distribution's is installed if need be.
 * Resolves with undefined, having said why through `log`, where there can be none.
 * @param {{ yes?: boolean, noInstall?: boolean, log?: (text: string) => void, onInstall?: () => void }} [options] `yes` does not
 *   ask, `noInstall` installs nothing, `onInstall` is called before an installation is announced
 * @returns {Promise<{ host: string, started: boolean, folder: string | undefined, stop(): Promise<void> } | undefined>}
 */
export async function ensureEngine({ yes = false, noInstall = false, log = console.error, onInstall = () => {} } = {}) {
  const found = await findEngine()
  if (found.host !== undefined) return { host: found.host, started: false, folder: undefined, stop: async () => {} }
  if (process.env.WEFT_ENGINE || process.env.DOCKER_HOST)
    return refuse(log, `the engine that the environment names does not answer: ${found.reasons.join('; ')}`)
  if (process.platform !== 'linux') return refuse(log, 'no container engine answers; start Docker Desktop or Podman')
  if (process.getuid() !== 0)
    return refuse(log, 'no container engine answers; start Docker or Podman, or run this as root to start a private one')
  if (!hasCommand('dockerd')) {
    if (noInstall) return refuse(log, 'no container engine is installed, and --no-install forbids to install one')
    if (!(await installEngine({ yes, log, onInstall }))) return undefined
  }
  return startPrivate('docker', log)
}

/**
 * A private engine, whatever else answers: for what needs two. Resolves with undefined, having said why, where there can be none.
 * @param {{ name?: 'docker' | 'podman', log?: (text: string) => void }} [options]
 */
export async function startEngine({ name = 'docker', log = console.error } = {}) {
  if (process.platform !== 'linux' || process.getuid() !== 0) return refuse(log, 'a private engine needs Linux and root')
  const { program } = PRIVATE[name](() => '')
  if (!hasCommand(program)) return refuse(log, `there is no ${program} to start a private engine with`)
  return startPrivate(name, log)
}

/** Ends the private engine in `folder` with everything in it, and removes the folder. Already gone: no error. */
export async function stopEngine(folder) {
  const resolved = path.resolve(folder)
  if (!path.basename(resolved).startsWith(FOLDER_PREFIX)) throw new Error(`${folder} is no folder of a private engine`)
  if (!existsSync(resolved)) return
  await removeContainers(hostOf(path.join(resolved, 'engine.sock'))).catch(() => {})
  for (const name of ['engine.pid', 'exec/containerd/containerd.pid'])
    await endProcess(readPid(path.join(resolved, name), resolved))
  unmountBelow(resolved)
  rmSync(resolved, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}

async function installEngine({ yes, log, onInstall }) {
  if (!isDebian() || !hasCommand('apt-get')) return refuse(log, 'no container engine is installed; install Docker or Podman')
  onInstall()
  log(
    'No container engine answers. I would install the distribution’s Docker (apt-get install docker.io) and start a private one,',
  )
  log('with a socket and a data folder of its own; it changes no firewall rule and is removed at the end. The package stays.')
  if (!yes && process.stdin.isTTY) {
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    const answer = await terminal.question('Install it? [Y/n] ')
    terminal.close()
    if (!/^(y|yes|)$/i.test(answer.trim())) return refuse(log, 'not installed')
  }
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'docker.io'],
  ]) {
    log(`apt-get ${args.join(' ')}`)
    const { status, stderr } = spawnSync('apt-get', args, {
      // A package's service must not start by itself: the private engine is the only one that is wanted.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', NEEDRESTART_MODE: 'l' },
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    })
    // Old package lists may be enough; a failed installation is not.
    if (status !== 0 && args[0] === 'install') return refuse(log, `apt-get failed: ${lastLines(stderr)}`)
  }
  return hasCommand('dockerd') || refuse(log, 'docker.io was installed and brought no dockerd')
}

async function startPrivate(name, log) {
  const folder = mkdtempSync(path.join(os.tmpdir(), FOLDER_PREFIX))
  const at = (file) => path.join(folder, file)
  const host = hostOf(at('engine.sock'))
  log(`Starting a private container engine in ${folder}.`)
  const output = openSync(at('log'), 'a')
  const { program, args, files = {}, env = {} } = PRIVATE[name](at)
  for (const [file, text] of Object.entries(files)) writeFileSync(at(file), text)
  const daemon = spawn(program, args, {
    detached: true,
    // Podman's monitor leaves a file named oom where it was started.
    cwd: folder,
    stdio: ['ignore', output, output],
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, ...env },
  })
  closeSync(output)
  daemon.on('error', () => {})
  daemon.unref()
  if (daemon.pid !== undefined) writeFileSync(at('engine.pid'), String(daemon.pid))
  const until = Date.now() + START_MS
  while (Date.now() < until && daemon.exitCode === null && daemon.pid !== undefined) {
    const isUp = await askVersion(host, ANSWER_MS.known).then(
      () => true,
      () => false,
    )
    if (isUp) return { host, started: true, folder, stop: () => stopEngine(folder) }
    await sleep(100)
  }
  const tail = existsSync(at('log')) ? lastLines(readFileSync(at('log'), 'utf8')) : ''
  await endProcess(daemon.exitCode === null ? daemon.pid : undefined)
  await stopEngine(folder)
  return refuse(log, `${program} does not start: ${tail}`)
}

function dockerCommand(at) {
  const places = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('docker.pid')]
  return { program: 'dockerd', args: ['-H', hostOf(at('engine.sock')), ...places, '--iptables=false', '--bridge=none'] }
}

/** Podman's defaults need systemd, a journal and a limit that containers rarely have; crun refuses control groups of both versions at once. */
function podmanCommand(at) {
  const engine = [`cgroup_manager = "cgroupfs"`, `events_logger = "file"`, ...(hasCommand('runc') ? ['runtime = "runc"'] : [])]
  const limits = 'default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]'
  return {
    program: 'podman',
    args: [
      ...['--root', at('data'), '--runroot', at('run'), '--tmpdir', at('tmp')],
      ...['system', 'service', '--time=0', hostOf(at('engine.sock'))],
    ],
    files: { 'containers.conf': `[engine]\n${engine.join('\n')}\n[containers]\n${limits}\n` },
    env: { CONTAINERS_CONF: at('containers.conf') },
  }
}

/** What runs would otherwise outlive the daemon: shims are processes of their own. */
async function removeContainers(host) {
  for (const { Id: id } of await request(host, 'GET', '/containers/json?all=true')) {
    await request(host, 'DELETE', `/containers/${id}?force=true&v=true`).catch(() => {})
  }
}

async function endProcess(pid) {
  if (pid === undefined || !isAlive(pid)) return
  process.kill(pid, 'SIGTERM')
  const until = Date.now() + STOP_MS
  while (isAlive(pid) && Date.now() < until) await sleep(50)
  if (isAlive(pid)) process.kill(pid, 'SIGKILL')
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // A zombie has ended; whoever started it has not looked yet.
  const state = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] : ''
  return !state?.startsWith('Z')
}

function unmountBelow(folder) {
  if (!existsSync('/proc/self/mounts')) return
  const points = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => (line.split(' ')[1] ?? '').replace(/\\040/g, ' '))
    .filter((point) => point === folder || point.startsWith(`${folder}/`))
  for (const point of points.reverse()) spawnSync('umount', ['-l', point], { stdio: 'ignore' })
}

/** The process that wrote the file, if it still is the one that works in `folder`: a number may belong to another by now. */
function readPid(file, folder) {
  if (!existsSync(file)) return undefined
  const pid = Number(readFileSync(file, 'utf8').trim())
  const command = `/proc/${pid}/cmdline`
  return Number.isInteger(pid) && pid > 1 && existsSync(command) && readFileSync(command, 'utf8').includes(folder)
    ? pid
    : undefined
}

async function askVersion(host, answerMs) {
  const version = await request(host, 'GET', '/version', answerMs)
  const isPodman = (version.Components ?? []).some(({ Name }) => String(Name).startsWith('Podman'))
  if (typeof version.Version !== 'string') throw new Error('what answers is no container engine')
  return { name: isPodman ? 'podman' : 'docker', version: version.Version }
}

function request(host, method, target, timeout = ANSWER_MS.known) {
  return new Promise((resolve, reject) => {
    const outgoing = http.request({ ...address(host), method, path: target, timeout, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece) => {
        text += piece
      })
      answer.on('end', () => {
        if (answer.statusCode >= 300) return reject(new Error(`it answers ${answer.statusCode}`))
        try {
          resolve(text === '' ? undefined : JSON.parse(text))
        } catch {
          reject(new Error('what answers is no container engine'))
        }
      })
      answer.on('error', reject)
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error('it does not answer')))
    outgoing.on('error', reject)
    outgoing.end()
  })
}

function address(host) {
  const local = /^(?:unix|npipe):\/\/(.*)$/.exec(host)
  if (local) return { socketPath: local[1], headers: { Host: 'docker' } }
  const url = new URL(host.replace(/^tcp:/, 'http:'))
  return { host: url.hostname, port: url.port || 2375 }
}

function reasonOf(host, error) {
  if (host.startsWith('unix://') && !existsSync(host.slice('unix://'.length))) return 'there is no such socket'
  if (error.code === 'EACCES') return 'this user may not open it'
  if (error.code === 'ECONNREFUSED') return 'nobody listens on it'
  return error.message
}

function hostOf(text) {
  return text.includes('://') ? text : `unix://${text}`
}

function isDebian() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release)
}

function hasCommand(name) {
  const folders = `${process.env.PATH ?? ''}:/usr/sbin:/sbin:/usr/local/sbin`.split(':')
  return folders.some((folder) => folder !== '' && existsSync(path.join(folder, name)))
}

function lastLines(text) {
  return (text ?? '').trim().split('\n').slice(-3).join(' | ')
}

function refuse(log, why) {
  log(why)
  return undefined
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function main([verb, ...rest]) {
  if (verb === 'find' && rest.length === 0) {
    const { host, reasons } = await findEngine()
    if (host !== undefined) return done(host)
    for (const reason of reasons) console.error(reason)
    return 1
  }
  if (verb === 'ensure' && rest.every((flag) => flag === '--yes' || flag === '--no-install')) {
    const flags = { yes: rest.includes('--yes'), noInstall: rest.includes('--no-install') }
    const engine = await ensureEngine(flags)
    if (engine === undefined) return 1
    if (engine.folder !== undefined) console.error(`End it with: engine.mjs stop ${engine.folder}`)
    return done(engine.host)
  }
  if (verb === 'start' && (rest.length === 0 || (rest.length === 1 && rest[0] === 'podman'))) {
    const engine = await startEngine({ name: rest[0] ?? 'docker' })
    return engine === undefined ? 1 : done(engine.host)
  }
  if (verb === 'stop' && rest.length === 1) {
    await stopEngine(rest[0])
    return 0
  }
  console.error('usage: engine.mjs find | ensure [--yes] [--no-install] | start [podman] | stop <folder>')
  return 64
}

function done(host) {
  console.log(host)
  return 0
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main(process.argv.slice(2)).catch((error) => {
    console.error(error.message)
    return 1
  })
}
