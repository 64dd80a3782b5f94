import { micros } from '../units.ts'
import type { Offer } from './market/book.ts'
import { type Explanation, explain } from './market/explain.ts'
import type { Wanted } from './market/matching.ts'
import type { ExplainView, WantsView } from './views.ts'

const PROVIDERS_MAX = 200

export const wantsView = ({ resources, regions, arch, currency, priceCeiling }: Wanted): WantsView => ({
  ...resources,
  gpuModels: [...resources.gpuModels],
  regions: [...regions],
  arch,
  currency,
  maxPricePerHour: priceCeiling?.toString() ?? null,
})

const wantedOf = ({ regions, arch, currency, maxPricePerHour, ...resources }: WantsView): Wanted => ({
  resources,
  regions,
  arch,
  currency,
  priceCeiling: maxPricePerHour === null ? undefined : micros(BigInt(maxPricePerHour)),
})

/** What `explain` says of these offers, as a document. */
export function explainView(wants: WantsView, offers: readonly Pick<Offer, 'provider' | 'capacity'>[]): ExplainView {
  const { known, fitting, constraints, relaxations, providers }: Explanation = explain(wantedOf(wants), offers)
  return {
    wants,
    known,
    fitting,
    constraints,
    relaxations: relaxations.map(({ reason, instead, providers: then, pricePerHour }) => ({
      reason,
      wants: wantsView(instead),
      providers: then,
      pricePerHour: pricePerHour.toString(),
      currency: instead.currency,
    })),
    providers: providers.slice(0, PROVIDERS_MAX).map(({ provider, fails, pricePerHour, currency }) => ({
      peerId: provider,
      fails: [...fails],
      pricePerHour: pricePerHour.toString(),
      currency,
    })),
  }
}
