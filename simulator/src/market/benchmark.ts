/** Somebody who would pay at most `price` micro-units per GPU-hour for `gpus` devices of `vramGiB` at least. */
export interface Demand {
  price: number
  gpus: number
  vramGiB: number
}
/** A machine with `gpus` equal devices to let, each at `price` micro-units per GPU-hour or more. */
export interface Supply {
  price: number
  gpus: number
  vramGiB: number
}

export interface Clearing {
  /** Uniform price per GPU-hour; 0: nothing trades. */
  price: number
  /** Devices that change hands. */
  gpus: number
  /** Jobs served, of those that wanted. */
  served: number
  /** What buyers value the devices above what sellers ask, per hour. */
  surplus: number
}

/** Machines with the same memory and, before anything was sold, the same number of devices, cheapest first. */
interface Shelf {
  vramGiB: number
  gpus: number
  free: Supply[]
  at: number
}

/**
 * What a central double auction would make of the same demand and supply: buyers in order of what they pay, each served on
 * the cheapest machine that holds all of its devices, as long as that asks no more than the buyer pays. The price is that of a
 * k-double auction of many units with k = 1/2 (Rustichini, Satterthwaite and Williams, "Convergence to Efficiency in a Simple
 * Market with Incomplete Information", Econometrica 62, 1994): the middle of the prices that clear the market, which who went
 * without bounds as well as who traded. Greedy, so with jobs of several devices not always the best; and where machines differ
 * no one price need clear: then it is the middle of two bounds that cross.
 */
export function clear(demand: readonly Demand[], supply: readonly Supply[]): Clearing {
  const shelves = shelve(supply)
  const outcome: Clearing = { price: 0, gpus: 0, served: 0, surplus: 0 }
  const served: Demand[] = []
  const unserved: Demand[] = []
  let highestAsk = 0
  for (const wanted of [...demand].sort((a, b) => b.price - a.price || a.gpus - b.gpus)) {
    const machine = take(shelves, wanted)
    if (machine === undefined) {
      unserved.push(wanted)
      continue
    }
    served.push(wanted)
    outcome.gpus += wanted.gpus
    outcome.surplus += (wanted.price - machine.price) * wanted.gpus
    highestAsk = Math.max(highestAsk, machine.price)
  }
  const last = served.at(-1)
  if (last === undefined) return outcome
  outcome.served = served.length
  const low = Math.max(highestAsk, rivalBid(shelves, unserved, last.price))
  const high = Math.min(last.price, rivalAsk(shelves, served))
  outcome.price = (low + high) / 2
  return outcome
}

/**
 * The highest bid that lost by its price, 0 if none did. One above the last that was served lost for its size, and one that no
 * machine holds even when empty competes for nothing.
 */
function rivalBid(shelves: readonly Shelf[], unserved: readonly Demand[], last: number): number {
  const isHeld = ({ gpus, vramGiB }: Demand): boolean => shelves.some((shelf) => shelf.gpus >= gpus && shelf.vramGiB >= vramGiB)
  return unserved.find((wanted) => wanted.price <= last && isHeld(wanted))?.price ?? 0
}

/** The lowest ask of a machine that has room left for one of the jobs that were served elsewhere or before. */
function rivalAsk(shelves: readonly Shelf[], served: readonly Demand[]): number {
  const shapes = [...new Map(served.map((wanted) => [`${wanted.gpus}/${wanted.vramGiB}`, wanted])).values()]
  let lowest = Number.POSITIVE_INFINITY
  for (const { free, vramGiB } of shelves) {
    const rival = free.find(({ gpus }) => shapes.some((wanted) => gpus >= wanted.gpus && vramGiB >= wanted.vramGiB))
    lowest = Math.min(lowest, rival?.price ?? lowest)
  }
  return lowest
}

function shelve(supply: readonly Supply[]): Shelf[] {
  const shelves = new Map<string, Shelf>()
  for (const machine of supply) {
    if (machine.gpus <= 0) continue
    const key = `${machine.vramGiB}/${machine.gpus}`
    let shelf = shelves.get(key)
    if (shelf === undefined) {
      shelf = { vramGiB: machine.vramGiB, gpus: machine.gpus, free: [], at: 0 }
      shelves.set(key, shelf)
    }
    shelf.free.push({ ...machine })
  }
  for (const shelf of shelves.values()) shelf.free.sort((a, b) => a.price - b.price)
  return [...shelves.values()]
}

/** Takes the devices from the cheapest machine that has them; a machine that is used stays first on its shelf until full. */
function take(shelves: readonly Shelf[], { price, gpus, vramGiB }: Demand): Supply | undefined {
  let best: Supply | undefined
  for (const shelf of shelves) {
    if (shelf.vramGiB < vramGiB) continue
    while ((shelf.free[shelf.at]?.gpus ?? 1) === 0) shelf.at += 1
    // A few that are partly taken may stand before one that still holds all.
    for (let i = shelf.at; i < Math.min(shelf.free.length, shelf.at + LOOK_AHEAD); i++) {
      const machine = shelf.free[i] as Supply
      if (machine.price > price || machine.price >= (best?.price ?? Number.POSITIVE_INFINITY)) break
      if (machine.gpus < gpus) continue
      best = machine
      break
    }
  }
  if (best !== undefined) best.gpus -= gpus
  return best
}

/** Partly taken machines that are looked past on one shelf. */
const LOOK_AHEAD = 32
