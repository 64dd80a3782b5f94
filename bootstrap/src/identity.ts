import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '@weft/protocols'

const SEED_BYTES = 32
const FILE = 'identity.key'

/**
 * The 32 bytes that this peer's identity comes from: 64 hex digits in `identity.key`, drawn on first use and readable by
 * its owner alone. A file that holds anything else is never overwritten.
 */
export async function loadSeed(folder: string): Promise<Uint8Array> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, FILE)
  const text = await readIfThere(path)
  if (text === undefined) return await createSeed(path)
  if (!/^[0-9a-f]{64}\s*$/.test(text)) {
    throw new UsageError(`${path} is damaged: put back a copy of it, or remove it to get a new identity and a new peer id`)
  }
  return Uint8Array.from(Buffer.from(text.trim(), 'hex'))
}

async function createSeed(path: string): Promise<Uint8Array> {
  const seed = randomBytes(SEED_BYTES)
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(`${seed.toString('hex')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  return Uint8Array.from(seed)
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
