import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { codeOf } from '@weft/protocols'
import type { JobView } from '@weft/protocols/core'
import type { ExplainedView } from '../../api/views.ts'
import { EXIT, usage } from '../exit.ts'
import { explainText } from '../render/explain.ts'
import { clean, shortId } from '../render/table.ts'
import { defineDemandFlags, demandOf, wantsOfDraft } from '../run/demand.ts'
import { laidOver, NO_DRAFT } from '../run/draft.ts'
import { lookAround, printExplained } from '../run/look.ts'
import { type Context, print, say, type Verb } from '../verb.ts'

/** `weft explain [job or file]`: who would take it and who would not, and what to change. */
export const verb: Verb = {
  define(command) {
    command.argument(
      '[job]',
      'a job file, or a job by id, beginning of an id, or name; without one: the flags that weft run would get',
    )
    command.option('-f, --file <file>', 'the same as the argument, where that is a job file; - for stdin; flags are stronger')
    defineDemandFlags(command)
    command.option('--arch <name>', 'of the image: amd64 or arm64')
  },
  async run(context, [job, ...rest], options) {
    if (rest.length > 0) throw usage('weft explain takes one job, or one file')
    const named = typeof options['file'] === 'string' ? options['file'] : undefined
    if (job !== undefined && named !== undefined) throw usage('weft explain takes a job, or -f FILE, not both')
    const file = named ?? (job !== undefined && isJobFile(job, context.cwd) ? job : undefined)
    if (job !== undefined && file === undefined) return explainJob(context, job, options)
    if (file === undefined && !asks(options))
      throw usage(
        'say which job, as weft ps --all lists them, or which file, or what one would ask for, such as --vram 24 --max-price 0.40',
      )
    const wants = wantsOfDraft(
      laidOver(await draftOf(context, file), { ...NO_DRAFT, fields: demandOf(options) }),
      archOf(options),
    )
    if (named === undefined && file !== undefined) await tellIfJobToo(context, file)
    return printExplained(context, wants)
  },
}

async function draftOf(context: Context, file: string | undefined) {
  if (file === undefined) return NO_DRAFT
  const { loadJobFile } = await import('../job-file/index.ts')
  return (await loadJobFile(file, context.cwd)).draft
}

async function explainJob(context: Context, job: string, options: Record<string, unknown>): Promise<number> {
  if (asks(options)) throw usage('weft explain takes a job, or the flags that weft run would get, not both')
  await lookAround(context)
  const { body } = await context.client.get<ExplainedView>(`/v1/jobs/${encodeURIComponent(job)}/explain`)
  print(context, body, () => explainText(body))
  return EXIT.done
}

/** By its ending, or because there is such a file: a folder is a file by its ending only. */
function isJobFile(text: string, cwd: string): boolean {
  if (text === '-' || /\.(ya?ml|json)$/i.test(text) || /[\\/]/.test(text)) return true
  return statSync(resolve(cwd, text), { throwIfNoEntry: false })?.isFile() === true
}

/** A name may stand for both: which one is meant is said, and how to get the other. */
async function tellIfJobToo(context: Context, file: string): Promise<void> {
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/.test(file)) return
  try {
    const { body } = await context.client.get<JobView>(`/v1/jobs/${file}`)
    say(
      context,
      `weft: ${clean(file)} is a file here, and a job, too; this is about the file, weft explain ${shortId(body.jobId)} about the job`,
    )
  } catch (error) {
    if (!['NO_SUCH_JOB', 'AMBIGUOUS_JOB'].includes(codeOf(error))) throw error
  }
}

const archOf = (options: Record<string, unknown>): string => (typeof options['arch'] === 'string' ? options['arch'] : '')

const asks = (options: Record<string, unknown>): boolean => DEMANDS.some((key) => options[key] !== undefined)

const DEMANDS = [
  ...['gpus', 'vram', 'gpuModel', 'gpuVendor', 'computeCapability', 'cpus', 'memory', 'disk'],
  ...['region', 'maxPrice', 'currency', 'arch'],
]
