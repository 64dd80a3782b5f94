import { CLOUD_REGIONS } from '../network/cloud-rtt.ts'
import { INTERNET_REGIONS } from '../network/internet-rtt.ts'
import type { Links, RegionShare } from '../scenario.ts'

/** Weights of the nine world regions, in the order of INTERNET_REGIONS: about their shares of Internet users (ITU 2024), rounded. */
const INTERNET_WEIGHTS = [8, 8, 14, 9, 5, 20, 10, 25, 1]

/** Named mixes, one for each matrix. `uniform` has no geography: one region. */
export const REGIONS: Readonly<Record<Links['matrix'], readonly RegionShare[]>> = {
  cloud: CLOUD_REGIONS.map((region) => ({ region, share: 1 })),
  internet: INTERNET_REGIONS.map((region, i) => ({ region, share: INTERNET_WEIGHTS[i] as number })),
  uniform: [{ region: 'everywhere', share: 1 }],
}
