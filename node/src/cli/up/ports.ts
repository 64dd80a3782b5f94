import { once } from 'node:events'
import { createServer } from 'node:net'
import { WeftError } from '@weft/protocols'

const REASONS: Record<string, string> = {
  EADDRINUSE: 'another program listens there already',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not listen there; ports from 1024 on are free to all',
}
/** Of a name that means nothing, or a family that this machine does not speak. */
const UNKNOWN_HOST = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAFNOSUPPORT', 'EINVAL'])

/** A place to listen at, and what was typed for it. */
export interface Place {
  host: string
  port: number
  /** `--listen /ip4/127.0.0.1/tcp/80`. */
  typed: string
  /** What chooses another. */
  flag: string
}

/** Throws PORT_IN_USE, naming what was typed, for the first place where this process could not listen. Port 0 is any that is free. */
export async function demandPorts(places: readonly Place[]): Promise<void> {
  for (const { host, port, typed, flag } of places) {
    const server = createServer()
    try {
      server.listen({ host, port, exclusive: true })
      await once(server, 'listening')
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      const reason = REASONS[code] ?? (UNKNOWN_HOST.has(code) ? 'this machine knows no such address' : code)
      throw new WeftError('PORT_IN_USE', `${typed}: ${reason}; choose another with ${flag}`, { cause: error })
    } finally {
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()))
    }
  }
}
