import type { Churn, Sessions } from '../scenario.ts'

/** Cumulative shares at which the long-tailed tables below are given; the last is the distribution's value at 0.9998. */
const SHARES = [
  0, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8,
  0.84, 0.87, 0.9, 0.92, 0.94, 0.955, 0.97, 0.98, 0.9875, 0.9925, 0.996, 0.998, 0.999, 0.9995, 1,
]

/**
 * Weibull, shape 0.52, scale 1.93 h (mean 3.6 h, median 0.95 h): the curve through the two points that a crawl of 198,964 IPFS
 * peers gives, 87.6 % of sessions under 8 h and 2.5 % over 24 h (Trautwein et al., "Design and Evaluation of IPFS", SIGCOMM 2022).
 */
const VOLUNTEER_ONLINE: Sessions = {
  p: SHARES,
  seconds: [
    0, 0, 1, 4, 11, 23, 51, 92, 211, 388, 633, 957, 1376, 1909, 2584, 3434, 4507, 5873, 7629, 9929, 13021, 17350, 22272, 27377,
    34548, 41274, 50789, 61246, 77573, 95740, 119083, 147211, 185732, 233161, 285739, 343424, 427456,
  ],
}

/** The same shape, 7/3 as long, so that a peer is online 30 % of the time: the median availability that Rhea et al. collect ("Handling Churn in a DHT", USENIX 2004). */
const VOLUNTEER_OFFLINE: Sessions = {
  p: SHARES,
  seconds: [
    0, 1, 2, 9, 27, 54, 120, 214, 492, 906, 1477, 2233, 3210, 4455, 6028, 8012, 10517, 13703, 17801, 23167, 30383, 40484, 51967,
    63881, 80613, 96307, 118508, 142908, 181003, 223393, 277861, 343493, 433375, 544042, 666724, 801324, 997398,
  ],
}

/**
 * A desktop machine that is turned off at night and at weekends: down 14 h four times a week and 64 h once (Bolosky et al.,
 * "Feasibility of a serverless distributed file system", SIGMETRICS 2000), up the 10 h between; ± 2 h is an assumption.
 */
const HOME_ONLINE: Sessions = { p: [0, 1], seconds: [28_800, 43_200] }
const HOME_OFFLINE: Sessions = { p: [0, 0.8, 0.800001, 1], seconds: [43_200, 57_600, 223_200, 237_600] }

/**
 * Exponential with mean 6,337 h: 419 unexpected interruptions of 16,384 GPUs in 54 days are one per 50,700 GPU-hours
 * (Llama Team, "The Llama 3 Herd of Models", 2024), for machines of eight GPUs. Down 1 h on average: an assumption.
 */
const DATACENTER_ONLINE: Sessions = {
  p: SHARES,
  seconds: [
    0, 114361, 229298, 460925, 812834, 1170257, 1778693, 2403800, 3707869, 5091020, 6563466, 8137539, 9828312, 11654487, 13639651,
    15814153, 18217953, 20905173, 23951692, 27468640, 31628306, 36719326, 41810346, 46547638, 52533479, 57624499, 64187966,
    70751432, 80002118, 89252805, 99975938, 111630424, 125972131, 141786284, 157600437, 173414590, 194319763,
  ],
}
const DATACENTER_OFFLINE: Sessions = {
  p: SHARES,
  seconds: [
    0, 18, 36, 73, 128, 185, 281, 379, 585, 803, 1036, 1284, 1551, 1839, 2152, 2495, 2875, 3299, 3779, 4334, 4991, 5794, 6597,
    7345, 8289, 9093, 10128, 11164, 12624, 14083, 15775, 17614, 19877, 22373, 24868, 27363, 30662,
  ],
}

/** Named ways of coming and going. `crashShare` is an assumption of each; `initialShare` is online / (online + offline) of the means. */
export const CHURN = {
  none: { preset: 'none', online: undefined, offline: undefined, initialShare: 1, crashShare: 0 },
  volunteer: { preset: 'volunteer', online: VOLUNTEER_ONLINE, offline: VOLUNTEER_OFFLINE, initialShare: 0.3, crashShare: 0.5 },
  'paid-home': { preset: 'paid-home', online: HOME_ONLINE, offline: HOME_OFFLINE, initialShare: 10 / 34, crashShare: 0.2 },
  datacenter: {
    preset: 'datacenter',
    online: DATACENTER_ONLINE,
    offline: DATACENTER_OFFLINE,
    initialShare: 0.9998,
    crashShare: 1,
  },
} as const satisfies Record<string, Churn>

export type ChurnPreset = keyof typeof CHURN
