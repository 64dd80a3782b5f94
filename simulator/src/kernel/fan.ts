/**
 * What one source sends to several targets at one moment: to whom, and how long each takes. It is filled, given to the links
 * for the delays and to the kernel for the events, and filled again: whatever is the same for all of them is then looked up,
 * checked and worked out once. It grows to the longest that it ever held.
 */
export class Fan {
  targets = new Int32Array(16)
  /** Whole microseconds from now on, once somebody has said so; floats, since a queue may take longer than 2^31 of them. */
  delaysUs = new Float64Array(16)
  /** How many entries of both arrays count. */
  length = 0

  clear(): void {
    this.length = 0
  }

  add(target: number): void {
    if (this.length === this.targets.length) this.reserve(this.length + 1)
    this.targets[this.length++] = target
  }

  /** Room for so many entries. */
  reserve(entries: number): void {
    if (entries <= this.targets.length) return
    const length = Math.max(entries, this.targets.length * 2)
    const targets = new Int32Array(length)
    targets.set(this.targets)
    this.targets = targets
    const delaysUs = new Float64Array(length)
    delaysUs.set(this.delaysUs)
    this.delaysUs = delaysUs
  }
}
