import { gapBytes, OutputDecoder } from '@weft/protocols/ports'
import type { OutputsView } from '../../api/views.ts'
import { drained } from '../closed-output.ts'
import { EXIT, watching } from '../exit.ts'
import { gapLine } from '../render/notes.ts'
import { clean } from '../render/table.ts'
import { type Context, say, type Verb } from '../verb.ts'

/** `weft logs [-f] JOB`: the container's stdout on stdout, its stderr on stderr; with --json one line a piece. */
export const verb: Verb = {
  define: (command) => {
    command.argument('<job>', 'id, beginning of an id, or name').option('-f, --follow', 'go on until the job has ended')
  },
  async run(context, [ref = ''], options) {
    const follow = options['follow'] === true
    const path = `/v1/jobs/${encodeURIComponent(ref)}/logs${follow ? '?follow=true' : ''}`
    await watching(`weft logs ${follow ? '-f ' : ''}${ref}`, async () => {
      if (!(await copy(context, path))) await tellWhy(context, ref)
    })
    return EXIT.done
  },
}

/** Nothing was printed, or it is not here any more. */
async function tellWhy(context: Context, ref: string): Promise<void> {
  const { body } = await context.client.get<OutputsView>(`/v1/jobs/${encodeURIComponent(ref)}/outputs`)
  for (const warning of body.warnings) say(context, `weft: ${clean(warning)}`)
}

/** True where there was anything. */
async function copy(context: Context, path: string): Promise<boolean> {
  const { out, err } = context.terminal
  const decoder = new OutputDecoder()
  let printed = false
  for await (const bytes of await context.client.stream(path)) {
    for (const { stream, payload } of decoder.push(bytes as Uint8Array)) {
      printed = true
      if (stream === 'gap') {
        const bytesLost = gapBytes(payload)
        if (context.flags.json) out.write(`${JSON.stringify({ stream, bytes: bytesLost })}\n`)
        say(context, gapLine(bytesLost))
        continue
      }
      const text = `${JSON.stringify({ stream, data: Buffer.from(payload).toString('base64') })}\n`
      const target = context.flags.json || stream === 'stdout' ? out : err
      if (!target.write(context.flags.json ? text : payload)) await drained(target)
    }
  }
  return printed
}
