import { Writable } from 'node:stream'
import { main } from '../../src/cli/main.ts'

export interface Captured {
  code: number
  out: string
  err: string
}

/** Takes what is written. */
export function sink(): { stream: Writable; text(): string } {
  const pieces: Buffer[] = []
  const stream = new Writable({
    write(piece: Buffer, _encoding, done) {
      pieces.push(Buffer.from(piece))
      done()
    },
  })
  return { stream, text: () => Buffer.concat(pieces).toString('utf8') }
}

/** Runs the command line in this process, as a script would: nobody sits at a terminal. */
export async function weft(...words: string[]): Promise<Captured> {
  const out = sink()
  const err = sink()
  const code = await main(words, { out: out.stream, err: err.stream, interactive: false, width: 80 })
  return { code, out: out.text(), err: err.text() }
}
