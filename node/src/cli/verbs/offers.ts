import type { OfferView } from '@weft/protocols/core'
import type { StatusView } from '../../api/views.ts'
import { EXIT, usage } from '../exit.ts'
import { parseCount, parseMib } from '../parse/values.ts'
import { offersTable } from '../render/job.ts'
import { print, type Verb } from '../verb.ts'

const WAIT_MS = 1_500
const CLASSES = ['cpu', 'gpu', 'gpu-8g', 'gpu-16g', 'gpu-24g', 'gpu-40g', 'gpu-48g', 'gpu-80g', 'gpu-140g']
const VRAM_TOLERANCE = 0.92

/** `weft offers`: cheapest first. */
export const verb: Verb = {
  define: (command) => {
    command
      .option('--class <class>', `at least this class: ${CLASSES.join(', ')}`)
      .option('--gpus <count>', 'at least so many GPUs')
      .option('--vram <size>', 'each with at least so much memory, 24 or 24g')
      .option('--region <region>', 'only there')
      .option('--mine', 'only what this peer offers')
  },
  async run(context, _args, options) {
    const text = (key: string): string | undefined => (typeof options[key] === 'string' ? options[key] : undefined)
    const wanted = text('class') ?? 'cpu'
    if (!CLASSES.includes(wanted)) throw usage(`--class takes one of ${CLASSES.join(', ')}, not "${wanted}"`)
    const gpus = parseCount('--gpus', text('gpus') ?? '0', 1024)
    const vramGib = text('vram') === undefined ? 0 : parseMib('--vram', text('vram') ?? '') / 1024
    const { body } = await context.client.get<OfferView[]>(`/v1/offers?class=${wanted}&waitMs=${WAIT_MS}`)
    const own = options['mine'] === true ? (await context.client.get<StatusView>('/v1/status')).body.peerId : undefined
    const offers = body
      .filter((offer) => CLASSES.indexOf(offer.class) >= CLASSES.indexOf(wanted))
      .filter(
        (offer) =>
          offer.gpus.reduce((sum, gpu) => sum + (gpu.vramGiB >= vramGib * VRAM_TOLERANCE ? gpu.count : 0), 0) >=
          Math.max(gpus, vramGib > 0 ? 1 : 0),
      )
      .filter((offer) => text('region') === undefined || offer.region === text('region'))
      .filter((offer) => own === undefined || offer.peerId === own)
      .toSorted((a, b) => (BigInt(a.pricePerHour) < BigInt(b.pricePerHour) ? -1 : 1))
    print(context, offers, () => offersTable(offers))
    return EXIT.done
  },
}
