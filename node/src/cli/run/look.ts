import type { OfferView, WantsView } from '@weft/protocols/core'
import type { ExplainedView } from '../../api/views.ts'
import { EXIT } from '../exit.ts'
import { explainText } from '../render/explain.ts'
import { type Context, print } from '../verb.ts'

/** How long answers of providers may come in. */
const LOOK_MS = 1_500

export async function lookAround(context: Context): Promise<OfferView[]> {
  const { body } = await context.client.get<OfferView[]>(`/v1/offers?waitMs=${LOOK_MS}`)
  return body
}

/** Who would take such a job, after a look around. */
export async function explain(context: Context, wants: WantsView): Promise<{ offers: OfferView[]; explained: ExplainedView }> {
  const offers = await lookAround(context)
  const { body: explained } = await context.client.post<ExplainedView>('/v1/explain', wants)
  return { offers, explained }
}

/** The same, printed: nothing is ordered. */
export async function printExplained(context: Context, wants: WantsView): Promise<number> {
  const { explained } = await explain(context, wants)
  print(context, explained, () => explainText(explained))
  return EXIT.done
}
