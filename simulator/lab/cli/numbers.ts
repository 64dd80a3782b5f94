import { InvalidArgumentError } from 'commander'

/** For commander: a whole number within bounds, or a sentence that says what is allowed. */
export const wholeNumber =
  (lowest: number, highest: number) =>
  (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value
    throw new InvalidArgumentError(`It takes a whole number from ${lowest} to ${highest.toLocaleString('en')}.`)
  }

/** For commander: gathers a flag that may be given several times. */
export const gathered = (text: string, before: string[] = []): string[] => [...before, text]

export const SEED_MAX = 2 ** 32 - 1
export const SEEDS_MAX = 10_000
export const PEERS_MAX = 10_000_000
