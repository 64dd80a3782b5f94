import { UsageError } from '@weft/protocols'
import { type BidPricesInit, type CapacityInit, LEVEL_BASE, milliAt, planned } from '@weft/protocols/core'
import type { Host } from '@weft/protocols/host'
import { CLASSES } from '@weft/protocols/wire'
import type { PriceView } from '../api/views.ts'
import { type Origins, resolveConfig, type SettingName, type Settings } from '../config/index.ts'
import { announcedPrices, CLASS_PRICES } from './by-class.ts'
import { type Changes, changeConfigFile } from './change-file.ts'

export type Priced = Pick<Settings, 'prices' | 'friends'>

/** What is lent, before anybody has said for how much. */
export type Unpriced = Omit<CapacityInit, 'prices'>

export interface PriceBookInit extends Priced {
  /** Where changes are written. */
  file: string
  origins: Origins
}

/** What `weft price` may change: not the currency, which leases and credit are in. */
export const PRICE_SETTINGS = [
  'prices.start',
  'prices.gpuHour',
  'prices.cpuHour',
  'prices.memoryGibHour',
  'prices.diskGibHour',
  'prices.egressGib',
  'prices.policy',
  'prices.gpuFloor',
  'prices.cpuFloor',
  'prices.schedule',
  'friends',
] as const satisfies readonly SettingName[]

/** The part of a host that prices concern. */
type Selling = Pick<Host, 'setCapacity' | 'setPricing' | 'asking'>

/** What a peer charges: every capacity that it lends gets its prices here, and a change of them is in force at once. */
export class PriceBook {
  readonly #init: PriceBookInit
  #settings: Priced
  /** The last that was lent. */
  #capacity: Unpriced | undefined
  #host: Selling | undefined
  /** Changes are made one after another. */
  #changing: Promise<unknown> = Promise.resolve()

  constructor(init: PriceBookInit) {
    this.#init = init
    this.#settings = { prices: init.prices, friends: init.friends }
  }

  /** With the prices of now, whatever stood there. What is lent from now on. */
  priced(capacity: Unpriced): CapacityInit {
    this.#capacity = capacity
    return { ...capacity, ...announcedPrices(capacity.gpus, this.#settings.prices) }
  }

  /** How bids are priced now. */
  get pricing(): BidPricesInit {
    return pricingOf(this.#settings)
  }

  /** From now on changes reach this host. */
  attach(host: Selling): void {
    this.#host = host
  }

  view(wallMs: number): PriceView {
    return priceView(this.#settings, { wallMs, origins: this.#init.origins, asking: this.#host?.asking() ?? null })
  }

  /** On disk, in force, and announced where it is announced. Throws UsageError, and changes nothing, where a value means nothing. */
  change(changes: Changes): Promise<void> {
    const changed = this.#changing.then(async () => {
      const settings = changedSettings(this.#settings, changes)
      await changeConfigFile(this.#init.file, changes)
      this.#settings = settings
      this.#host?.setPricing(pricingOf(settings))
      if (this.#capacity !== undefined) this.#host?.setCapacity(this.priced(this.#capacity))
    })
    this.#changing = changed.catch(() => undefined)
    return changed
  }
}

/** What settings make of bids: the plan that a simulated provider can have too. */
export function pricingOf({ prices: { policy, schedule, gpuFloor, cpuFloor }, friends }: Priced): BidPricesInit {
  return {
    pricing: planned({ policy, schedule, gpuFloor, cpuFloor }),
    friends: new Map(friends.map(({ peerId, milli }) => [peerId, (milli * LEVEL_BASE) / 1_000])),
  }
}

/** `before` with what is changed: only that is read, since the rest may come from flags and variables. */
function changedSettings(before: Priced, changes: Changes): Priced {
  const other = Object.keys(changes).find((name) => !(PRICE_SETTINGS as readonly string[]).includes(name))
  if (other !== undefined) throw new UsageError(`${other} is no price; prices are ${PRICE_SETTINGS.join(', ')}`)
  const { settings } = resolveConfig({
    flags: changes,
    flagNames: Object.fromEntries(Object.keys(changes).map((key) => [key, key])),
  })
  const prices: Record<string, unknown> = { ...before.prices }
  for (const name of Object.keys(changes)) {
    const [, key] = name.split('.')
    if (key !== undefined) prices[key] = settings.prices[key as keyof Settings['prices']]
  }
  const after = {
    prices: prices as unknown as Settings['prices'],
    friends: 'friends' in changes ? settings.friends : before.friends,
  }
  // Throws on a schedule that is none.
  pricingOf(after)
  return after
}

/** `origins`: of the settings that the peer began with. */
export function priceView(
  { prices, friends }: Priced,
  { wallMs, origins, asking }: { wallMs: number; origins: Origins; asking: PriceView['asking'] },
): PriceView {
  const { currency, start, gpuHour, cpuHour, memoryGibHour, diskGibHour, egressGib, policy, gpuFloor, cpuFloor } = prices
  return {
    currency,
    settings: {
      start: start.toString(),
      gpuHour: gpuHour?.toString() ?? null,
      cpuHour: cpuHour.toString(),
      memoryGibHour: memoryGibHour.toString(),
      diskGibHour: diskGibHour.toString(),
      egressGib: egressGib.toString(),
      gpuFloor: gpuFloor.toString(),
      cpuFloor: cpuFloor.toString(),
      policy,
      schedule: prices.schedule.map(({ from, to, milli }) => ({ fromHour: from, toHour: to, factor: milli / 1_000 })),
    },
    factorNow: milliAt(prices.schedule, wallMs) / 1_000,
    friends: friends.map(({ peerId, milli }) => ({ peerId, factor: milli / 1_000 })),
    classPrices: CLASSES.filter((name) => name !== 'cpu').map((name) => ({
      class: name,
      gpuHour: CLASS_PRICES[name].toString(),
    })),
    overridden: PRICE_SETTINGS.filter((name) => ['flag', 'environment'].includes(origins[name].from)),
    asking,
  }
}
