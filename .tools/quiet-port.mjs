import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below what Linux, macOS and Windows give to whoever asks for any port. */
const PORTS = { first: 20_000, last: 32_000 }
const TRIES_MAX = 100

/**
 * A TCP port for a test whose program ends and starts again there. One that the system chose is free for others meanwhile, and a test
 * that runs beside it is given it now and then; nobody is given this one.
 */
export async function quietPort() {
  for (let tries = 1; ; tries += 1) {
    const server = createServer()
    try {
      const port = randomInt(PORTS.first, PORTS.last)
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      return port
    } catch (error) {
      if (tries === TRIES_MAX) throw error
    } finally {
      server.close()
    }
  }
}
