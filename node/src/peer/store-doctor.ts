/** What `weft doctor` does about a store while no daemon has it: look through all of it, and repair it where somebody asks. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { codeOf, messageOf, UsageError } from '@weft/protocols'
import { salvage } from '@weft/protocols/core'
import { Envelopes } from '@weft/protocols/wire'
import type { DoctorView } from '../api/views.ts'
import { alreadyRuns } from '../home/hold.ts'
import { homePaths } from '../home/index.ts'
import { createVerifier } from '../signer.ts'
import { openLevelStore } from '../store/index.ts'
import { repairStore } from '../store/repair.ts'
import { advised, type Check, well } from './doctor.ts'

const ID = 'store'

/** Reads every entry. Opening it is what the next start of the peer would do anyway; making one is not a doctor's business. */
export async function checkStore(folder: string): Promise<Check> {
  const { store: path } = homePaths(folder)
  if (!existsSync(path)) return well(ID, 'none yet')
  try {
    const store = await openLevelStore(path)
    let entries = 0
    try {
      for await (const _ of store.list('')) entries += 1
    } finally {
      await store.close()
    }
    return well(ID, `${entries} entries, all as they were written`)
  } catch (error) {
    return advised(ID, codeOf(error) === 'LOCKED', messageOf(error))
  }
}

/** Throws LOCKED while a peer uses the folder, and what repairStore throws. */
export async function repair(folder: string, network: string): Promise<NonNullable<DoctorView['repair']>> {
  const paths = homePaths(folder)
  if (await isHeld(paths.lock)) throw await alreadyRuns(folder)
  const envelopes = new Envelopes(network, createVerifier())
  const stamp = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  return repairStore(paths.store, {
    backup: `${paths.store}.damaged-${stamp}`,
    judge(entries) {
      const salvaged = salvage(entries, envelopes)
      // A wrong name is likelier than a store in which every single document was forged.
      if (entries.some(isAward) && !salvaged.kept.some(isAward))
        throw new UsageError(`no document of this store holds on the network ${network}; name the peer's own with --network`)
      return salvaged
    },
  })
}

const isAward = ([key]: readonly [key: string, value: Uint8Array]): boolean => /^document\/.*\/award$/.test(key)

/** True where the process that wrote the lock is alive: a damaged store cannot be opened to see whether somebody has it. */
async function isHeld(lock: string): Promise<boolean> {
  const pid = Number(await readFile(lock, 'utf8').catch(() => ''))
  if (!Number.isSafeInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}
