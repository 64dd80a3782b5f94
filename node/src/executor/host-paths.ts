/** Texts that leave this machine say nothing of where it keeps its files, and which of the world its devices are. */
import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, sep } from 'node:path'
import type { ExecutorError } from '@weft/protocols'
import type { ExecutorCode } from '@weft/protocols/ports'
import { asExecutorError, executorError } from './engine-errors.ts'
import type { ExecutorLog } from './log.ts'

const NOWHERE = '(a path of this machine)'
/** This machine's own failures speak of its own files only. */
const OWN_FAULTS = new Set(['ENGINE_FAILED', 'NO_ENGINE', 'NO_SPACE'])
/** An absolute path, not a part of an address (`https://…`, `a/b`). */
const ABSOLUTE = /(?<![\w.:/)-])\/[^\s'"`:;,)]+/g
/** Where engines keep images and containers, and listen. */
const ENGINES_OWN = /\/(?:var\/(?:lib|run)|run)\/[^\s'"`:;,)]+/g

/**
 * Removes the paths of this machine from `text`: those below `folder` become relative to it, what lies in the folders around it
 * and in an engine's own is not named. `all`: no absolute path stays, because none of them is the renter's.
 */
export function withoutHostPaths(text: string, folder: string, { all = false }: { all?: boolean } = {}): string {
  let out = text
  for (const own of new Set([folder, real(folder)])) out = out.replaceAll(`${own}${sep}`, '').replaceAll(own, '.')
  // The folder of all leases, the peer's data, the user's home.
  const around = [dirname(folder), dirname(dirname(folder)), homedir()].filter((path) => !isTop(path))
  for (const path of around) out = out.replaceAll(new RegExp(`${escaped(path)}(?:[/\\\\][^\\s'"\`:;,)]*)?`, 'g'), NOWHERE)
  return out.replaceAll(all ? ABSOLUTE : ENGINES_OWN, NOWHERE)
}

/** As tools and engines call them: by an id of the world, or a place on the bus. */
const DEVICES =
  /\b(?:(?:GPU|MIG)-[0-9a-f][0-9a-f/-]{6,80}|MIG-GPU-[0-9a-f][0-9a-f/-]{6,80}|(?:nvidia|amd|intel):[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])/gi

export const withoutDevices = (text: string): string => text.replaceAll(DEVICES, '(a device of this machine)')

/** `/tmp` and `/` are the container's as well. */
const isTop = (path: string): boolean => dirname(dirname(path)) === dirname(path)

/** What was thrown while `doing` for a lease, as its renter is told; the log gets all of it. `folder`: the lease's. */
export function failureFor(folder: string, log: ExecutorLog, thrown: unknown, doing: string): ExecutorError {
  const error = asExecutorError(thrown, 'ENGINE_FAILED', doing)
  const message = withoutDevices(withoutHostPaths(error.message, folder, { all: OWN_FAULTS.has(error.code) }))
  if (message === error.message) return error
  log.warn({ code: error.code, error: error.message }, `${doing} failed`)
  return executorError(error.code as ExecutorCode, message, error)
}

function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
