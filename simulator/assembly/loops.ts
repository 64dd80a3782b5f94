// What turns for every event, in AssemblyScript (a TypeScript whose types are WebAssembly's): `npm run generate` compiles it into
// ../src/kernel/generated/loops.ts, and ../src/kernel/loops.ts says what each function does. V8 makes some eight instructions of an
// element of an array, and looks the array up again after each call; here an element is one instruction. Addresses are in bytes,
// below 2^31; whatever has a name that ends in `At` comes in as the index of a word.

/** As in ../src/kernel/queue.ts, batch.ts and buckets.ts. */
const CLASS_BITS = 6
const CLASS_MASK = 63
const EVENT_BYTES = 20
const EVENT_WORDS = 5
const ENTRY_BYTES = 32
const ENTRY_SHIFT = 5
const CHUNK_SHIFT = 7
const CHUNK_WORDS = 128
const CHUNK_MASK = 127
const CHUNK_FULL = 125
const EMPTY = CHUNK_FULL
const FAN_BYTES = 16

/** Words of a line of the processor's cache. */
const LINE_WORDS = 16
/** Bins that hold at most this many events each are put in order by insertion, and so are the first runs of a merge. */
const INSERTION_MAX = 20
/** Bins are one to two times as many as events, but no more than fill half of the nearest cache. */
const BIN_BITS_MAX = 12
/** Bits of the source that may count for the bin: events of one microsecond are spread over eight bins. */
const SOURCE_BITS = 3
const SOURCE_SHARE_MAX = 7

/** A sum of what was touched, which keeps the reading from being left out; it says nothing. */
export let touched: i32 = 0

export function touchChain(head: i32, tail: i32, linksAt: i32): i32 {
  let sum: i32 = 0
  let events: i32 = 0
  for (let chunk = head; ; chunk = next(chunk, linksAt)) {
    const end = chunkEnd(chunk, tail)
    for (let at = chunk; at < end; at += LINE_WORDS) sum ^= load<i32>(at << 2)
    events += (end - chunk) / EVENT_WORDS
    if (end === tail) break
  }
  touched = sum
  return events
}

export function sortChain(
  head: i32,
  tail: i32,
  events: i32,
  shift: i32,
  sourcesAt: i32,
  linksAt: i32,
  binsAt: i32,
  binOfAt: i32,
  entriesAt: i32,
): i32 {
  // As many bits of time and source as the bins have.
  const bits = min(32 - clz(events), min(BIN_BITS_MAX, shift + SOURCE_BITS))
  const drop = shift + SOURCE_BITS - bits
  const bins = binsAt << 2
  const binsEnd = bins + (4 << bits)
  countBins(head, tail, shift, drop, sourcesAt << 2, linksAt, bins, binOfAt << 2)
  const first = entriesAt << 2
  const most = reserveBins(bins, binsEnd, first)
  distribute(head, tail, linksAt, bins, binOfAt << 2)
  memory.fill(bins, 0, binsEnd - bins)
  if (most > INSERTION_MAX) return 0
  insert(first, first + events * ENTRY_BYTES)
  return 1
}

/** The bin of each event, and the number of events in each bin. Bins are in order but for classes within one microsecond. */
function countBins(head: i32, tail: i32, shift: i32, drop: i32, sources: i32, linksAt: i32, bins: i32, binOf: i32): void {
  const mask = (1 << shift) - 1
  let all = load<i32>(sources)
  const sourceShift = max(0, 32 - clz(all) - SOURCE_BITS)
  for (let chunk = head; ; chunk = next(chunk, linksAt)) {
    const end = chunkEnd(chunk, tail)
    for (let at = chunk << 2; at < end << 2; at += EVENT_BYTES) {
      const source = load<i32>(at, 4) + 1
      const share = min<u32>(source >>> sourceShift, SOURCE_SHARE_MAX)
      const bin = ((((load<i32>(at) >> CLASS_BITS) & mask) << SOURCE_BITS) | share) >> drop
      const counter = bins + (bin << 2)
      store<i32>(counter, load<i32>(counter) + 1)
      store<u16>(binOf, <u16>bin)
      binOf += 2
      all |= source
    }
    if (end === tail) break
  }
  store<i32>(sources, all)
}

/** Turns counts into the first entry of each bin; the largest count. */
function reserveBins(bins: i32, binsEnd: i32, entry: i32): i32 {
  let most: i32 = 0
  for (let at = bins; at < binsEnd; at += 4) {
    const events = load<i32>(at)
    store<i32>(at, entry)
    entry += events * ENTRY_BYTES
    most = max(most, events)
  }
  return most
}

/** Copies each event to the next entry of its bin. */
function distribute(head: i32, tail: i32, linksAt: i32, bins: i32, binOf: i32): void {
  for (let chunk = head; ; chunk = next(chunk, linksAt)) {
    const end = chunkEnd(chunk, tail)
    for (let at = chunk << 2; at < end << 2; at += EVENT_BYTES) {
      const counter = bins + ((<i32>load<u16>(binOf)) << 2)
      binOf += 2
      const entry = load<i32>(counter)
      store<i32>(counter, entry + ENTRY_BYTES)
      // WORLD is −1 and comes first: the lower word of what is compared has no sign.
      store<i32>(entry, load<i32>(at, 4) + 1)
      store<i32>(entry, load<i32>(at), 4)
      store<i64>(entry, load<i64>(at, 8), 8)
      store<i32>(entry, load<i32>(at, 16), 16)
    }
    if (end === tail) break
  }
}

/** Insertion sort, which is stable, of the entries from `start` to before `end`, which is after it. */
function insert(start: i32, end: i32): void {
  let last = load<i64>(start)
  for (let at = start + ENTRY_BYTES; at < end; at += ENTRY_BYTES) {
    const order = load<i64>(at)
    if (order >= last) {
      last = order
      continue
    }
    const targetAndA = load<i64>(at, 8)
    const b = load<i32>(at, 16)
    let to = at
    for (; to > start && load<i64>(to - ENTRY_BYTES) > order; to -= ENTRY_BYTES) copy(to, to - ENTRY_BYTES)
    store<i64>(to, order)
    store<i64>(to, targetAndA, 8)
    store<i32>(to, b, 16)
  }
}

/** Merge sort, bottom up and stable, over runs that insertion has ordered. What is in order already is not moved. */
export function mergeEntries(entriesAt: i32, events: i32, spareAt: i32): void {
  const start = entriesAt << 2
  const end = start + events * ENTRY_BYTES
  const spare = spareAt << 2
  const run = INSERTION_MAX * ENTRY_BYTES
  for (let at = start; at < end; at += run) insert(at, min(at + run, end))
  for (let length = run; length < end - start; length *= 2) {
    for (let left = start; left + length < end; left += length * 2) {
      const middle = left + length
      if (load<i64>(middle - ENTRY_BYTES) > load<i64>(middle)) mergeRuns(left, middle, min(middle + length, end), spare)
    }
  }
}

/** Merges [left, middle) and [middle, end); equals from the left come first. */
function mergeRuns(left: i32, middle: i32, end: i32, spare: i32): void {
  memory.copy(spare, left, middle - left)
  const spareEnd = spare + middle - left
  let one = spare
  let two = middle
  for (let to = left; one < spareEnd; to += ENTRY_BYTES) {
    if (two < end && load<i64>(two) < load<i64>(one)) {
      copy(to, two)
      two += ENTRY_BYTES
    } else {
      copy(to, one)
      one += ENTRY_BYTES
    }
  }
}

export function addFan(
  fanAt: i32,
  from: i32,
  until: i32,
  source: i32,
  a: i32,
  b: i32,
  headsAt: i32,
  tailsAt: i32,
  heldAt: i32,
  linksAt: i32,
  freeAt: i32,
): i32 {
  let event = (fanAt << 2) + from * FAN_BYTES
  for (let i = from; i < until; i++, event += FAN_BYTES) {
    const bucket = load<i32>(event)
    const tail = (tailsAt + bucket) << 2
    let at = load<i32>(tail)
    if ((at & CHUNK_MASK) === CHUNK_FULL) {
      const chunk = load<i32>(freeAt << 2)
      if (chunk === 0) return i
      store<i32>(freeAt << 2, next(chunk, linksAt))
      if (at === EMPTY) {
        store<i32>((headsAt + bucket) << 2, chunk)
        const held = (heldAt + (bucket >> 5)) << 2
        store<i32>(held, load<i32>(held) | (1 << (bucket & 31)))
      } else {
        store<i32>((linksAt + (at >> CHUNK_SHIFT)) << 2, chunk)
      }
      at = chunk
    }
    const to = at << 2
    store<i32>(to, load<i32>(event, 4))
    store<i32>(to, source, 4)
    store<i32>(to, load<i32>(event, 8), 8)
    store<i32>(to, a, 12)
    store<i32>(to, b, 16)
    store<i32>(tail, at + EVENT_WORDS)
  }
  return until
}

export function pick(from: i32, until: i32, cls: i32, targetsAt: i32, asAt: i32): i32 {
  let picked: i32 = 0
  // Written for every event, and kept where it is of the class: a branch would be a coin toss to the processor.
  for (let entry = from << ENTRY_SHIFT; entry < until << ENTRY_SHIFT; entry += ENTRY_BYTES) {
    store<i32>((targetsAt + picked) << 2, load<i32>(entry, 8))
    store<i32>((asAt + picked) << 2, load<i32>(entry, 12))
    picked += i32((load<i32>(entry, 4) & CLASS_MASK) === cls)
  }
  return picked
}

export function trace(from: i32, until: i32, startLow: i32, startHigh: i32, lanesAt: i32): void {
  const lanes = lanesAt << 2
  let first = load<i32>(lanes)
  let second = load<i32>(lanes, 4)
  for (let entry = from << ENTRY_SHIFT; entry < until << ENTRY_SHIFT; entry += ENTRY_BYTES) {
    const source = load<i32>(entry) - 1
    const key = load<i32>(entry, 4)
    const low = startLow + (key >> CLASS_BITS)
    // The upper bits of the time and the class share a word: 20 bits and 6 bits.
    const high = startHigh | (key & CLASS_MASK)
    first += second + low * 0x9e3779b1 + source * 0x85ebca77 + load<i32>(entry, 8)
    second += first + load<i32>(entry, 12) * 0xc2b2ae3d + load<i32>(entry, 16) * 0x27d4eb2f + high
    first = rotl(first, 13) * 0x9e3779b1
    second = rotl(second, 17) * 0x85ebca77
  }
  store<i32>(lanes, first)
  store<i32>(lanes, second, 4)
}

function copy(to: i32, from: i32): void {
  store<i64>(to, load<i64>(from))
  store<i64>(to, load<i64>(from, 8), 8)
  store<i32>(to, load<i32>(from, 16), 16)
}

function next(chunk: i32, linksAt: i32): i32 {
  return load<i32>((linksAt + (chunk >> CHUNK_SHIFT)) << 2)
}

/** Where the events of `chunk` end, in a chain whose last event ends at `tail`. */
function chunkEnd(chunk: i32, tail: i32): i32 {
  return tail - chunk < CHUNK_WORDS && tail > chunk ? tail : chunk + CHUNK_FULL
}
