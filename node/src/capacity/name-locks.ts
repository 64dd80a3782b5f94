import { connect, createServer, type Server } from 'node:net'

/**
 * Names that one process of a machine has at a time. Each is a socket in Linux's abstract namespace (unix(7)): it belongs to the process,
 * leaves no file, and is gone with it however it ends. Processes in network namespaces of their own do not see each other's. Where the
 * system has no such sockets every name is free.
 */
export class NameLocks {
  readonly #held = new Map<string, Server>()
  readonly #isSupported: boolean

  constructor(platform: NodeJS.Platform = process.platform) {
    this.#isSupported = platform === 'linux'
  }

  /** False where another process has it. */
  take(name: string): Promise<boolean> {
    if (!this.#isSupported || this.#held.has(name)) return Promise.resolve(true)
    return new Promise((resolve) => {
      // Nobody has anything to say to it.
      const server = createServer((socket) => socket.destroy())
      server.once('error', () => resolve(this.#held.has(name)))
      server.listen(`\0${name}`, () => {
        server.unref()
        this.#held.set(name, server)
        resolve(true)
      })
    })
  }

  /** Lets go of all but these. */
  async keep(names: ReadonlySet<string>): Promise<void> {
    for (const [name, server] of this.#held) {
      if (names.has(name)) continue
      this.#held.delete(name)
      await new Promise((resolve) => server.close(resolve))
    }
  }
}

/** Whether some process has the name. Takes nothing. */
export function isTaken(name: string, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  if (platform !== 'linux') return Promise.resolve(false)
  return new Promise((resolve) => {
    const socket = connect(`\0${name}`)
    const say = (taken: boolean) => () => {
      socket.destroy()
      resolve(taken)
    }
    socket.once('connect', say(true)).once('error', say(false))
  })
}
