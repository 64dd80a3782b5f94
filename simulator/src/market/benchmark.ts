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
  /** Uniform price per GPU-hour at which the marginal trade happens; 0: nothing trades. */
  price: number
  /** Devices that change hands. */
  gpus: number
  /** Jobs served, of those that wanted. */
  served: number
  /** What buyers value the devices above what sellers ask, per hour. */
  surplus: number
}

/** Machines with the same memory and the same number of free devices, cheapest first. */
interface Shelf {
  vramGiB: number
  free: Supply[]
  at: number
}

/**
 * What a central double auction would make of the same demand and supply: buyers in order of what they pay, each served on
 * the cheapest machine that holds all of its devices, as long as that asks no more than the buyer pays. The price is the
 * middle between the last buyer served and the dearest machine used (k = 1/2 in Chatterjee and Samuelson, "Bargaining under
 * Incomplete Information", Operations Research 31, 1983). Greedy, so with jobs of several devices not always the best.
 */
export function clear(demand: readonly Demand[], supply: readonly Supply[]): Clearing {
  const shelves = shelve(supply)
  const outcome: Clearing = { price: 0, gpus: 0, served: 0, surplus: 0 }
  let lowestBid = Number.POSITIVE_INFINITY
  let highestAsk = 0
  for (const wanted of [...demand].sort((a, b) => b.price - a.price || a.gpus - b.gpus)) {
    const machine = take(shelves, wanted)
    if (machine === undefined) continue
    outcome.served += 1
    outcome.gpus += wanted.gpus
    outcome.surplus += (wanted.price - machine.price) * wanted.gpus
    lowestBid = Math.min(lowestBid, wanted.price)
    highestAsk = Math.max(highestAsk, machine.price)
  }
  if (outcome.served > 0) outcome.price = (lowestBid + highestAsk) / 2
  return outcome
}

function shelve(supply: readonly Supply[]): Shelf[] {
  const shelves = new Map<string, Shelf>()
  for (const machine of supply) {
    if (machine.gpus <= 0) continue
    const key = `${machine.vramGiB}/${machine.gpus}`
    let shelf = shelves.get(key)
    if (shelf === undefined) {
      shelf = { vramGiB: machine.vramGiB, free: [], at: 0 }
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
