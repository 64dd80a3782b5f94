import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A file of this package, whether this module runs from `lab/` or from `dist/lab/`. */
export function simulatorPath(relative: string): string {
  let folder = import.meta.dirname
  for (let up = 0; up < 5; up++) {
    const path = join(folder, relative)
    if (existsSync(path)) return path
    folder = dirname(folder)
  }
  throw new Error(`${relative} is missing from the package @weft/simulator: install it again`)
}
