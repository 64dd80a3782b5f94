/** Parameters of the score function of GossipSub v1.1, named as in the specification; P5 and P6 are off unless given. */
export interface ScoreParameters {
  topicWeight: number
  /** P1. */
  timeInMeshWeight: number
  timeInMeshQuantumUs: number
  timeInMeshCap: number
  /** P2. Decays are factors per decay interval. */
  firstDeliveriesWeight: number
  firstDeliveriesDecay: number
  firstDeliveriesCap: number
  /** P3 and P3b. */
  meshDeliveriesWeight: number
  meshDeliveriesDecay: number
  meshDeliveriesCap: number
  meshDeliveriesThreshold: number
  meshDeliveriesWindowUs: number
  meshDeliveriesActivationUs: number
  meshFailureWeight: number
  meshFailureDecay: number
  /** P4. */
  invalidWeight: number
  invalidDecay: number
  /** P6: squared surplus of peers on one address; sybils share addresses `sybilsPerAddress` at a time. */
  colocationWeight: number
  colocationThreshold: number
  sybilsPerAddress: number
  /** P7. */
  behaviourWeight: number
  behaviourDecay: number
  decayIntervalUs: number
  decayToZero: number
  gossipThreshold: number
  publishThreshold: number
  graylistThreshold: number
}

/**
 * The parameters of the attack experiments of Vyzovitis et al. (github.com/libp2p/gossipsub-hardening, scripts/configs/1k.json);
 * P7 as js-libp2p's defaults (@libp2p/gossipsub, peer-score-params.ts), which those files predate.
 */
export const hardenedScore: ScoreParameters = {
  topicWeight: 0.25,
  timeInMeshWeight: 0.0027,
  timeInMeshQuantumUs: 1_000_000,
  timeInMeshCap: 3600,
  firstDeliveriesWeight: 0.664,
  firstDeliveriesDecay: 0.9916,
  firstDeliveriesCap: 1500,
  meshDeliveriesWeight: -0.25,
  meshDeliveriesDecay: 0.997,
  meshDeliveriesCap: 400,
  meshDeliveriesThreshold: 10,
  meshDeliveriesWindowUs: 5_000,
  meshDeliveriesActivationUs: 60_000_000,
  meshFailureWeight: -0.25,
  meshFailureDecay: 0.997,
  invalidWeight: -99,
  invalidDecay: 0.9994,
  colocationWeight: 0,
  colocationThreshold: 1,
  sybilsPerAddress: 1,
  behaviourWeight: -10,
  behaviourDecay: 0.2,
  decayIntervalUs: 1_000_000,
  decayToZero: 0.01,
  gossipThreshold: -4000,
  publishThreshold: -5000,
  graylistThreshold: -10_000,
}

/**
 * P3 holds it against a mesh member that it seldom brings a message first. With decay 0.997 a second the counter of a member
 * that brings r a second settles at 333 r; the threshold 10 asks for 0.03 a second of each of about 8 members. So below one
 * message a second in the topic honest members would fail, and P3 and P3b are left out, as the specification advises for
 * topics without an expected rate.
 */
export function scoreParameters(messagesPerSecond: number): ScoreParameters {
  return messagesPerSecond >= 1 ? hardenedScore : { ...hardenedScore, meshDeliveriesWeight: 0, meshFailureWeight: 0 }
}
