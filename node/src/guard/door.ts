/**
 * Where a guard and its peer meet: a socket in the data folder. The connection itself is the news: while it is open both processes
 * are there. The guard says after each look what it saw; a peer says that it leaves, that the guard is to make room for another, or which
 * devices it lends, so that their locks outlive it with its containers.
 */
import { existsSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** What a guard says after each look. */
export interface Sighting {
  pid: number
  version: string
  /** Where the engine answers that it asks. */
  engine: string
  /** Containers of its peer; undefined: the engine did not say. */
  containers?: number
  /** Hashes of devices that are locked for them, and for what its peer lends. */
  held?: string[]
}

/** What a guard says to `hold N NAMES`. */
interface HoldAnswer {
  answers: number
  held: string[]
}

/** A guard that has said nothing for so long is stuck, or its engine is: it looks each second. */
export const SILENT_MS_MAX = 30_000
const NAME = 'door'
const WORDS = { bye: 'bye', yield: 'yield' } as const
/** A number and hashes of devices. */
const HOLD = /^hold (\d{1,9}) ((?:[0-9a-f]{64},?)*)$/
/** Connections at once: one peer, one that comes after it, and who asks how things are. */
const CONNECTIONS_MAX = 8
/** A word of a peer: the hashes of a thousand devices. */
const WORD_BYTES_MAX = 65_536
/** What waits for a peer that does not read, before it is told no more. */
const UNREAD_BYTES_MAX = 4_096

export interface DoorInit {
  /** A peer came, went or said something. */
  onKnock(): void
  /** Takes the locks of these devices. Resolves with those that it has. */
  lock(hexes: ReadonlySet<string>): Promise<ReadonlySet<string>>
}

/** The guard's side. */
export class Door {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Of those that have not said that they leave. */
  readonly #peers = new Set<Socket>()
  /** Of each of these, the devices that it lends. */
  readonly #wants = new Map<Socket, readonly string[]>()
  readonly #init: DoorInit
  #isYielding = false
  #hasMet = false

  private constructor(server: Server, init: DoorInit) {
    this.#server = server
    this.#init = init
  }

  /** Call only while holding the folder: it removes what a killed guard left. */
  static async open(folder: string, init: DoorInit): Promise<Door> {
    const server = createServer()
    const door = new Door(server, init)
    server.on('connection', (socket) => door.#welcome(socket))
    server.maxConnections = CONNECTIONS_MAX
    await inside(folder, async (path) => {
      await rm(path, { force: true })
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
    })
    return door
  }

  get isPeerThere(): boolean {
    return this.#peers.size > 0
  }

  /** A peer has been there. */
  get hasMet(): boolean {
    return this.#hasMet
  }

  /** A peer asked for another guard in this one's place. */
  get isYielding(): boolean {
    return this.#isYielding
  }

  /** Hashes of the devices that peers lend who are there. */
  get wanted(): ReadonlySet<string> {
    return new Set([...this.#peers].flatMap((socket) => this.#wants.get(socket) ?? []))
  }

  tell(sighting: Sighting): void {
    for (const socket of this.#sockets) this.#say(socket, sighting)
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #welcome(socket: Socket): void {
    this.#sockets.add(socket)
    this.#peers.add(socket)
    this.#hasMet = true
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.#sockets.delete(socket)
      this.#peers.delete(socket)
      this.#wants.delete(socket)
      this.#init.onKnock()
    })
    let heard = ''
    socket.on('data', (piece) => {
      heard += piece.toString('latin1')
      for (let end = heard.indexOf('\n'); end >= 0; end = heard.indexOf('\n')) {
        this.#hear(socket, heard.slice(0, end))
        heard = heard.slice(end + 1)
      }
      if (heard.length > WORD_BYTES_MAX) socket.destroy()
      this.#init.onKnock()
    })
    this.#init.onKnock()
  }

  #hear(socket: Socket, word: string): void {
    if (word === WORDS.bye) this.#peers.delete(socket)
    else if (word === WORDS.yield) this.#isYielding = true
    else void this.#hold(socket, word)
  }

  async #hold(socket: Socket, word: string): Promise<void> {
    const [, number, list] = HOLD.exec(word) ?? []
    if (number === undefined || list === undefined) {
      socket.destroy()
      return
    }
    const names = list.split(',').filter((name) => name !== '')
    this.#wants.set(socket, names)
    const locked = await this.#init.lock(new Set(names))
    const answer: HoldAnswer = { answers: Number(number), held: names.filter((name) => locked.has(name)) }
    this.#say(socket, answer)
  }

  #say(socket: Socket, what: Sighting | HoldAnswer): void {
    if (socket.writableLength < UNREAD_BYTES_MAX) socket.write(`${JSON.stringify(what)}\n`)
  }
}

const ANSWER_MS_MAX = 5_000

/** A peer's side: one connection to the guard of a data folder. */
export class Visit {
  readonly #socket: Socket
  readonly ended: Promise<void>
  readonly #answered = new Map<number, (held: string[] | undefined) => void>()
  #asked = 0

  private constructor(socket: Socket, onSighting: (sighting: Sighting) => void) {
    this.#socket = socket
    // It may have closed since it was connected.
    this.ended = socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once('close', () => resolve()))
    socket.once('close', () => {
      for (const answered of this.#answered.values()) answered(undefined)
    })
    const lines = createInterface(socket)
    lines.on('line', (line) => {
      const said = parse(line)
      if (said === undefined) socket.destroy()
      else if ('answers' in said) this.#answered.get(said.answers)?.(said.held)
      else onSighting(said)
    })
    // It passes on what is wrong with the socket, whose end is news enough.
    lines.on('error', () => {})
  }

  /** Undefined where no guard answers. */
  static async begin(folder: string, onSighting: (sighting: Sighting) => void): Promise<Visit | undefined> {
    const socket = await inside(folder, connected).catch(() => undefined)
    return socket && new Visit(socket, onSighting)
  }

  askToYield(): void {
    this.#socket.write(`${WORDS.yield}\n`)
  }

  /** These devices are lent, by their hashes, and no others. Resolves with those that are locked; undefined: nothing was answered. */
  async hold(hexes: readonly string[]): Promise<ReadonlySet<string> | undefined> {
    if (this.#socket.destroyed) return undefined
    const number = ++this.#asked
    let timer: NodeJS.Timeout | undefined
    const held = await new Promise<string[] | undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), ANSWER_MS_MAX)
      this.#answered.set(number, resolve)
      this.#socket.write(`hold ${number} ${hexes.join()}\n`)
    })
    clearTimeout(timer)
    this.#answered.delete(number)
    return held && new Set(held)
  }

  /** From now on this is nobody whom the guard waits for. It goes on telling, and `ended` says that it is gone. */
  leave(): void {
    this.#socket.write(`${WORDS.bye}\n`)
  }

  end(): void {
    this.#socket.destroy()
  }
}

/** What the guard of a folder sees, if there is one; it takes nobody who asks for its peer. Makes nothing. */
export async function lookIn(folder: string): Promise<Sighting | undefined> {
  if (!existsSync(folder)) return undefined
  let seen: Sighting | undefined
  const visit = await Visit.begin(folder, (sighting) => {
    seen = sighting
    visit?.end()
  })
  if (visit === undefined) return undefined
  visit.leave()
  const timer = setTimeout(() => visit.end(), ANSWER_MS_MAX)
  await visit.ended
  clearTimeout(timer)
  return seen
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject).on('error', () => socket.destroy())
      resolve(socket)
    })
  })
}

/** The door's path by way of the open folder: a socket's path has at most 107 bytes, a folder's may have more. */
async function inside<T>(folder: string, use: (path: string) => Promise<T>): Promise<T> {
  let handle: FileHandle | undefined
  try {
    handle = await open(folder, 'r')
    return await use(join('/proc/self/fd', String(handle.fd), NAME))
  } finally {
    await handle?.close()
  }
}

function parse(line: string): Sighting | HoldAnswer | undefined {
  try {
    const value = JSON.parse(line) as Sighting | HoldAnswer
    if ('answers' in value) return Array.isArray(value.held) ? value : undefined
    return typeof value.pid === 'number' && typeof value.version === 'string' && typeof value.engine === 'string'
      ? value
      : undefined
  } catch {
    return undefined
  }
}
