import type { CapacityInit } from '@weft/protocols/core'
import type { Lent } from '../capacity/index.ts'
import type { Settings } from '../config/index.ts'
import type { EngineInfo } from '../executor/index.ts'

const MIB_PER_GIB = 1024

/** What a provider announces of what it lends, and charges. */
export function capacityOf(
  { capacity }: Lent,
  { prices, region }: Pick<Settings, 'prices' | 'region'>,
  { name, version }: Pick<EngineInfo, 'name' | 'version'>,
): CapacityInit {
  return {
    ...capacity,
    // Whole GiB read better in offers, where the machine is large enough for that.
    diskMib: capacity.diskMib > MIB_PER_GIB ? capacity.diskMib - (capacity.diskMib % MIB_PER_GIB) : capacity.diskMib,
    prices,
    region,
    engineName: name,
    engineVersion: version,
  }
}
