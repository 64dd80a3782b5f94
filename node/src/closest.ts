import { nearest } from '@weft/protocols'

/** `(did you mean run?)` with a blank before it, or nothing where no known word is a letter or two off. */
export function didYouMean(typed: string, known: readonly string[]): string {
  const near = nearest(typed, known)
  return near === undefined ? '' : ` (did you mean ${near}?)`
}
