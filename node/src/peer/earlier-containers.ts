import { setTimeout as delay } from 'node:timers/promises'
import { codeOf, messageOf } from '@weft/protocols'
import { type Engine, LABELS } from '../executor/index.ts'
import { isRunning } from '../executor/stop-container.ts'
import type { Logger } from '../network/index.ts'
import type { Cleanup } from './cleanup.ts'

export interface EarlierContainersInit {
  engine: Engine
  peerId: string
  network: string
  log: Logger
  cleanup: Cleanup
  /** What a container has between SIGTERM and SIGKILL. @default 10_000 */
  graceMs?: number
}

const GRACE_MS = 10_000
/** A peer that stops at once waits so long for what it removes. */
const CLEANUP_MS_MAX = 20_000

/**
 * A peer that lends nothing runs no leases either: it ends the containers of those that it had when it was a provider, which
 * nobody pays for and nobody would stop. The work goes on beside the start. Resolves with how many it removed.
 */
export function removeEarlierContainers(init: EarlierContainersInit): Promise<number> {
  const removing = removeAll(init).catch((error: unknown) => {
    init.log.warn({ code: codeOf(error) }, `looking for containers of earlier leases: ${messageOf(error)}`)
    return 0
  })
  init.cleanup.push('containers of earlier leases', () => {
    const cancel = new AbortController()
    const late = delay(CLEANUP_MS_MAX, undefined, { signal: cancel.signal }).catch(() => undefined)
    return Promise.race([removing, late]).finally(() => cancel.abort())
  })
  return removing
}

async function removeAll({ engine, peerId, network, log, graceMs = GRACE_MS }: EarlierContainersInit): Promise<number> {
  const containers = await engine.list({ [LABELS.peer]: peerId, [LABELS.network]: network })
  const removed = await Promise.all(
    containers.map(async ({ id, labels, state }) => {
      const leaseId = labels[LABELS.lease]
      try {
        if (isRunning({ state })) await engine.stop(id, graceMs)
        await engine.remove(id)
        log.warn({ leaseId }, 'removed the container of an earlier lease: this peer lends nothing now')
        return 1
      } catch (error) {
        log.warn({ leaseId, code: codeOf(error) }, `removing the container of an earlier lease: ${messageOf(error)}`)
        return 0
      }
    }),
  )
  return removed.reduce<number>((sum, one) => sum + one, 0)
}
