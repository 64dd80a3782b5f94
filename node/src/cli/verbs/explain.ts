import type { ExplainedView } from '../../api/views.ts'
import { EXIT, usage } from '../exit.ts'
import { explainText } from '../render/explain.ts'
import { defineDemandFlags, readDemand } from '../run/demand.ts'
import { print, type Verb } from '../verb.ts'

const LOOK_MS = 1_500

/** `weft explain [job]`: who would take it and who would not, and what to change. */
export const verb: Verb = {
  define(command) {
    command.argument('[job]', 'id, beginning of an id, or name; without one: the flags that weft run would get')
    defineDemandFlags(command)
    command.option('--arch <name>', 'of the image: amd64 or arm64')
  },
  async run(context, [job], options) {
    const asks = DEMANDS.some((key) => options[key] !== undefined)
    if (job !== undefined && asks) throw usage('weft explain takes a job, or the flags that weft run would get, not both')
    if (job === undefined && !asks)
      throw usage('say which job, as weft ps --all lists them, or what one would ask for, such as --vram 24 --max-price 0.40')
    const wants = job === undefined ? readDemand(options) : undefined
    await context.client.get(`/v1/offers?waitMs=${LOOK_MS}`)
    const { body } =
      job === undefined
        ? await context.client.post<ExplainedView>('/v1/explain', wants)
        : await context.client.get<ExplainedView>(`/v1/jobs/${encodeURIComponent(job)}/explain`)
    print(context, body, () => explainText(body))
    return EXIT.done
  },
}

const DEMANDS = [
  ...['gpus', 'vram', 'gpuModel', 'gpuVendor', 'computeCapability', 'cpus', 'memory', 'disk'],
  ...['region', 'maxPrice', 'currency', 'arch'],
]
