/**
 * Where a guard and its peer meet: a socket in the data folder. The connection itself is the news: while it is open both processes
 * are there. The guard says after each look what it saw; a peer says that it leaves, or that the guard is to make room for another.
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
}

const NAME = 'door'
const WORDS = { bye: 'bye\n', yield: 'yield\n' } as const
/** Connections at once: one peer, one that comes after it, and who asks how things are. */
const CONNECTIONS_MAX = 8
/** All that a peer may say. */
const WORDS_BYTES_MAX = 64
/** What waits for a peer that does not read, before it is told no more. */
const UNREAD_BYTES_MAX = 4_096

/** The guard's side. */
export class Door {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Of those that have not said that they leave. */
  readonly #peers = new Set<Socket>()
  readonly #onKnock: () => void
  #isYielding = false
  #hasMet = false

  private constructor(server: Server, onKnock: () => void) {
    this.#server = server
    this.#onKnock = onKnock
  }

  /** Call only while holding the folder: it removes what a killed guard left. `onKnock`: a peer came, went, or asked for room. */
  static async open(folder: string, onKnock: () => void): Promise<Door> {
    const server = createServer()
    const door = new Door(server, onKnock)
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

  tell(sighting: Sighting): void {
    for (const socket of this.#sockets)
      if (socket.writableLength < UNREAD_BYTES_MAX) socket.write(`${JSON.stringify(sighting)}\n`)
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
      this.#onKnock()
    })
    let heard = ''
    socket.on('data', (piece) => {
      heard += piece.toString('latin1')
      if (heard.includes(WORDS.bye)) this.#peers.delete(socket)
      if (heard.includes(WORDS.yield)) this.#isYielding = true
      if (heard.length > WORDS_BYTES_MAX) socket.destroy()
      this.#onKnock()
    })
    this.#onKnock()
  }
}

/** A peer's side: one connection to the guard of a data folder. */
export class Visit {
  readonly #socket: Socket
  readonly ended: Promise<void>

  private constructor(socket: Socket, onSighting: (sighting: Sighting) => void) {
    this.#socket = socket
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()))
    const lines = createInterface(socket)
    lines.on('line', (line) => {
      const sighting = parse(line)
      if (sighting === undefined) socket.destroy()
      else onSighting(sighting)
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
    this.#socket.write(WORDS.yield)
  }

  /** From now on this is nobody whom the guard waits for. It goes on telling, and `ended` says that it is gone. */
  leave(): void {
    this.#socket.write(WORDS.bye)
  }

  end(): void {
    this.#socket.destroy()
  }
}

const ANSWER_MS_MAX = 5_000

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

function parse(line: string): Sighting | undefined {
  try {
    const value = JSON.parse(line) as Sighting
    return typeof value.pid === 'number' && typeof value.version === 'string' && typeof value.engine === 'string'
      ? value
      : undefined
  } catch {
    return undefined
  }
}
