import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('./fixtures/fake-cuda.c', import.meta.url))
const isThere = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0

/** Why no library can be built here; undefined: one can. */
export const noFakeCuda: string | undefined = isThere ? undefined : 'no C compiler (cc), or not Linux'

/** Builds stand-ins for NVIDIA's driver in a folder of their own. */
export class FakeCuda {
  readonly #folder = mkdtempSync(join(tmpdir(), 'weft-cuda-'))
  #built = 0

  /** `defines`: of `fixtures/fake-cuda.c`. The path of the library. */
  build(...defines: readonly string[]): string {
    const library = join(this.#folder, `libcuda-${++this.#built}.so`)
    const args = ['-shared', '-fPIC', '-w', ...defines.map((define) => `-D${define}`), SOURCE, '-o', library]
    const { status, stderr } = spawnSync('cc', args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return library
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
