import { gapBytes, OutputDecoder } from '@weft/protocols/ports'
import { drained } from '../closed-output.ts'
import { EXIT, hungUp } from '../exit.ts'
import { gapLine } from '../render/notes.ts'
import { type Context, say, type Verb } from '../verb.ts'

/** `weft logs [-f] JOB`: the container's stdout on stdout, its stderr on stderr; with --json one line a piece. */
export const verb: Verb = {
  define: (command) => {
    command.argument('<job>', 'id, beginning of an id, or name').option('-f, --follow', 'go on until the job has ended')
  },
  async run(context, [ref = ''], options) {
    try {
      await copy(context, `/v1/jobs/${encodeURIComponent(ref)}/logs${options['follow'] === true ? '?follow=true' : ''}`)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET') throw hungUp(`weft logs -f ${ref}`, error)
      throw error
    }
    return EXIT.done
  },
}

async function copy(context: Context, path: string): Promise<void> {
  const { out, err } = context.terminal
  const decoder = new OutputDecoder()
  for await (const bytes of await context.client.stream(path)) {
    for (const { stream, payload } of decoder.push(bytes as Uint8Array)) {
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
}
