import { readFile, rm } from 'node:fs/promises'
import { codeOf } from '@weft/protocols'
import { type LevelStore, openLevelStore } from '../store/level-store.ts'
import { writeAtomic } from './atomic.ts'
import { asHomeError, HomeError } from './errors.ts'
import { homePaths } from './folder.ts'
import type { Home } from './home.ts'
import { shellWord } from './shell-word.ts'

/** A data folder that this process alone uses. */
export interface HeldHome {
  home: Home
  store: LevelStore
  /** Closes the store and lets others use the folder. */
  release(): Promise<void>
}

/**
 * Takes a data folder for this process. The lock is that of the store: the operating system lets go of it however the
 * process ends, so that nothing stale can remain. The file `lock` only tells others whom to stop. Throws HomeError LOCKED,
 * or what openLevelStore throws.
 */
export async function holdHome(home: Home): Promise<HeldHome> {
  let store: LevelStore
  try {
    store = await openLevelStore(home.paths.store)
  } catch (cause) {
    if (codeOf(cause) !== 'LOCKED') throw cause
    throw await alreadyRuns(home.folder, cause)
  }
  try {
    await writeAtomic(home.paths.lock, `${process.pid}\n`)
  } catch (error) {
    await store.close()
    throw asHomeError(home.folder, error)
  }
  return {
    home,
    store,
    async release() {
      await store.close()
      // Last, so that whoever waits for it to go finds the folder free; unless the next peer has already written its own.
      const holder = await readFile(home.paths.lock, 'utf8').catch(() => '')
      if (holder === `${process.pid}\n`) await rm(home.paths.lock, { force: true })
    },
  }
}

/** What to say to the second process on a data folder. */
export async function alreadyRuns(folder: string, cause?: unknown): Promise<HomeError> {
  const text = await readFile(homePaths(folder).lock, 'utf8').catch(() => '')
  const pid = /^(\d{1,10})\n$/.exec(text)?.[1]
  const who = pid === undefined ? 'another process' : `process ${pid}`
  const sentence = `a peer already runs on ${folder} (${who}); stop it with: weft down --data ${shellWord(folder)}, or choose another folder with --data`
  return new HomeError('LOCKED', sentence, { cause })
}
