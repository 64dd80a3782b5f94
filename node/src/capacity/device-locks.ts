import { createServer, type Server } from 'node:net'
import { deviceHex } from './kinds.ts'

/**
 * One device is lent by one peer of a machine. A lock is a socket in Linux's abstract namespace (unix(7)) whose name is the device's
 * hash: it belongs to the process, leaves no file, and is gone with it however it ends. Peers in network namespaces of their own do not
 * see each other's.
 */
export class DeviceLocks {
  readonly #held = new Map<string, Server>()
  readonly #isSupported: boolean

  constructor(platform: NodeJS.Platform = process.platform) {
    this.#isSupported = platform === 'linux'
  }

  /** Takes those that nobody else has. Resolves with the ones that another process has. */
  async take(ids: readonly string[]): Promise<string[]> {
    const elsewhere: string[] = []
    for (const id of ids) if (!this.#held.has(id) && !(await this.#take(id))) elsewhere.push(id)
    return elsewhere
  }

  /** Lets go of all but these. */
  async keep(ids: ReadonlySet<string>): Promise<void> {
    for (const [id, server] of this.#held) {
      if (ids.has(id)) continue
      this.#held.delete(id)
      await new Promise((resolve) => server.close(resolve))
    }
  }

  #take(id: string): Promise<boolean> {
    if (!this.#isSupported) return Promise.resolve(true)
    const name = `\0weft-device-${deviceHex(id)}`
    return new Promise((resolve) => {
      // Nobody has anything to say to it.
      const server = createServer((socket) => socket.destroy())
      server.once('error', () => resolve(false))
      server.listen(name, () => {
        server.unref()
        this.#held.set(id, server)
        resolve(true)
      })
    })
  }
}
