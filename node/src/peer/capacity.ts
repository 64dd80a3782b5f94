import type { Lent } from '../capacity/index.ts'
import type { EngineInfo } from '../executor/index.ts'
import type { Unpriced } from '../prices/book.ts'

const MIB_PER_GIB = 1024

/** What a provider announces of what it lends; what it charges is added. */
export function capacityOf(
  { capacity }: Lent,
  region: string,
  { name, version }: Pick<EngineInfo, 'name' | 'version'>,
): Unpriced {
  return {
    ...capacity,
    // Whole GiB read better in offers, where the machine is large enough for that.
    diskMib: capacity.diskMib > MIB_PER_GIB ? capacity.diskMib - (capacity.diskMib % MIB_PER_GIB) : capacity.diskMib,
    region,
    engineName: name,
    engineVersion: version,
  }
}
