/**
 * How much of a message's lazy gossip is new. A heartbeat tells of all recent messages in one IHAVE, so messages that follow
 * each other closely share theirs: what is counted is the time in which a topic has something to tell.
 */
export class GossipWindow {
  readonly #lengthUs: number
  readonly #untilUs: number[] = []

  /** `lengthUs`: for how long one message is gossiped about. */
  constructor(lengthUs: number) {
    this.#lengthUs = lengthUs
  }

  /** The share of the window of a message published now that no message before it covers. */
  extend(topic: number, nowUs: number): number {
    const fromUs = Math.max(nowUs, this.#untilUs[topic] ?? 0)
    this.#untilUs[topic] = nowUs + this.#lengthUs
    return (nowUs + this.#lengthUs - fromUs) / this.#lengthUs
  }
}
