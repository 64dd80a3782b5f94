/**
 * When each of many things is next due: a binary heap with an index, so that one that changes costs a logarithm and the
 * earliest is read at once. Ties come in no particular order that depends on anything but the calls made.
 */
export class Deadlines<T> {
  readonly #things: T[] = []
  readonly #dues: number[] = []
  readonly #places = new Map<T, number>()

  /** The earliest deadline; infinity where there is none. */
  get nextMono(): number {
    return this.#dues[0] ?? Number.POSITIVE_INFINITY
  }

  /** The thing with the earliest deadline. */
  get next(): T | undefined {
    return this.#things[0]
  }

  /** Puts `thing` at `dueMono`, instead of wherever it was; infinity takes it out. */
  set(thing: T, dueMono: number): void {
    const place = this.#places.get(thing)
    if (dueMono === Number.POSITIVE_INFINITY) {
      if (place !== undefined) this.#remove(place)
    } else if (place === undefined) {
      this.#things.push(thing)
      this.#dues.push(dueMono)
      this.#up(this.#things.length - 1)
    } else if (this.#dues[place] !== dueMono) {
      this.#dues[place] = dueMono
      this.#down(this.#up(place))
    }
  }

  #remove(place: number): void {
    const last = this.#things.length - 1
    this.#places.delete(this.#things[place] as T)
    const thing = this.#things.pop() as T
    const due = this.#dues.pop() as number
    if (place === last) return
    this.#put(place, thing, due)
    this.#down(this.#up(place))
  }

  #put(place: number, thing: T, due: number): void {
    this.#things[place] = thing
    this.#dues[place] = due
    this.#places.set(thing, place)
  }

  #up(from: number): number {
    const thing = this.#things[from] as T
    const due = this.#dues[from] as number
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      if ((this.#dues[parent] as number) <= due) break
      this.#put(place, this.#things[parent] as T, this.#dues[parent] as number)
      place = parent
    }
    this.#put(place, thing, due)
    return place
  }

  #down(from: number): void {
    const { length } = this.#things
    const thing = this.#things[from] as T
    const due = this.#dues[from] as number
    let place = from
    for (;;) {
      let child = 2 * place + 1
      if (child >= length) break
      if (child + 1 < length && (this.#dues[child + 1] as number) < (this.#dues[child] as number)) child += 1
      if ((this.#dues[child] as number) >= due) break
      this.#put(place, this.#things[child] as T, this.#dues[child] as number)
      place = child
    }
    this.#put(place, thing, due)
  }
}
