/**
 * A compliance suite is plain data: the behaviours that every implementation of a port shows, real or simulated. A test
 * loops over it: `for (const c of storeCompliance) test(c.name, () => c.run(create))`. Suites know no test runner, no
 * timer and no clock: they wait on promises of the subject, or through `settle`, which the creator supplies.
 */
import type { PeerId } from '../../units.ts'

/** One subject under test, and how to be rid of it. */
export interface Fixture<T> {
  subject: T
  close(): Promise<void>
}

export interface ComplianceCase<T> {
  /** A sentence of behaviour. */
  name: string
  /** Creates what it needs, closes it, throws ComplianceError where the behaviour is broken. */
  run(create: () => Promise<Fixture<T>>): Promise<void>
}

export interface MeshPeer<T> {
  id: PeerId
  subject: T
  /** Where others can dial it, if they need to be told. @default none */
  addresses?: readonly string[]
}

export interface MeshInit {
  /** Nobody is connected with anybody, and dialling takes more than no time. @default false, all are connected with each other */
  apart?: boolean
}

/** Several subjects, each on a peer of its own. */
export interface MeshFixture<T> {
  peers: readonly MeshPeer<T>[]
  /** Lets the mesh work for a moment: virtual time passes, or real time. */
  settle(): Promise<void>
  close(): Promise<void>
}

export interface MeshCase<T> {
  name: string
  run(create: CreateMesh<T>): Promise<void>
}

export type CreateMesh<T> = (count: number, init?: MeshInit) => Promise<MeshFixture<T>>

export class ComplianceError extends Error {
  override readonly name = 'ComplianceError'
}

/** Throws unless `condition` holds; `sentence` says what ought to be true. */
export function check(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new ComplianceError(`not so: ${sentence}`)
}

/** Compares numbers, strings, bytes, arrays and plain objects by value. */
export function equal(actual: unknown, expected: unknown, sentence: string): void {
  if (!same(actual, expected)) throw new ComplianceError(`not so: ${sentence}; got ${show(actual)}, expected ${show(expected)}`)
}

/** Resolves with the error that `attempt` fails with. */
export async function rejects(attempt: Promise<unknown> | (() => unknown), sentence: string): Promise<Error> {
  try {
    await (typeof attempt === 'function' ? attempt() : attempt)
  } catch (error) {
    return error instanceof Error ? error : new ComplianceError(show(error))
  }
  throw new ComplianceError(`not so: ${sentence}; it did not fail`)
}

/** Runs `use` with a fresh subject and closes it whatever happens. */
export async function using<T>(create: () => Promise<Fixture<T>>, use: (subject: T) => Promise<void>): Promise<void> {
  const fixture = await create()
  try {
    await use(fixture.subject)
  } finally {
    await fixture.close()
  }
}

/** Runs `use` with a fresh mesh and its first three peers (the last one repeated where there are fewer), and closes it. */
export async function usingMesh<T>(
  create: CreateMesh<T>,
  count: number,
  use: (mesh: MeshFixture<T>, ...peers: [MeshPeer<T>, MeshPeer<T>, MeshPeer<T>]) => Promise<void>,
  init: MeshInit = {},
): Promise<void> {
  const mesh = await create(count, init)
  try {
    const [first, second = first, third = second] = mesh.peers
    check(first !== undefined && second !== undefined && third !== undefined, 'the creator makes peers')
    await use(mesh, first, second, third)
  } finally {
    await mesh.close()
  }
}

/** Waits until `condition` holds, for at most `attempts` turns of `settle`. @default attempts 200 */
export async function until(
  fixture: { settle(): Promise<void> },
  condition: () => boolean | Promise<boolean>,
  sentence: string,
  attempts = 200,
): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (await condition()) return
    await fixture.settle()
  }
  check(await condition(), sentence)
}

/** Bytes of an ASCII text, since suites have no TextEncoder. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0x7f)
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (a instanceof Uint8Array && b instanceof Uint8Array)
    return a.length === b.length && a.every((byte, index) => byte === b[index])
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => same(item, b[index]))
  if (!isRecord(a) || !isRecord(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes(${value.length}) ${Array.from(value.subarray(0, 32)).join(' ')}`
  if (typeof value === 'bigint') return `${value}n`
  const text = JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item))
  return text === undefined ? String(value) : text.slice(0, 400)
}
