import type { Award, Order, Prices } from '../../wire/types.ts'
import { pricesCover } from '../market/rules.ts'

/** Whether an award is of what its order asked for, at no less than was bid. */
export const isAsBid = (award: Award, order: Order, bid: Prices): boolean =>
  same(award.resources, order.resources) &&
  // A rule may pay more than was asked, as a second-price auction does.
  pricesCover(award.prices, bid) &&
  same(award.terms, order.terms) &&
  award.maxRunMs === order.maxRunMs &&
  award.outputBytesMax === order.outputBytesMax

/** Equal by value: both were made by the same code, so their keys stand in the same order. */
export const same = (a: object, b: object): boolean => text(a) === text(b)
const text = (value: object): string =>
  JSON.stringify(value, (_key, entry: unknown) => (typeof entry === 'bigint' ? `${entry}n` : entry))
