import { createInterface } from 'node:readline'

/** Where questions are put, and where answers come from. */
export interface Desk {
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream
  /** Keys come one by one, Ctrl-C among them. Default: whether `output` is a terminal. */
  terminal?: boolean
}

const TERMINAL: Desk = { input: process.stdin, output: process.stderr }

/**
 * One line from the person. While a question is open the terminal sends Ctrl-C as a key and not as a signal, so it is an answer too.
 *
 * @returns undefined where nobody answers: Ctrl-C, or the input has ended
 */
export function ask(question: string, desk: Desk = TERMINAL): Promise<string | undefined> {
  const reader = createInterface(desk)
  return new Promise((resolve) => {
    reader.once('SIGINT', () => {
      desk.output.write('\n')
      reader.close()
    })
    reader.once('close', () => resolve(undefined))
    reader.question(question, (answer) => {
      resolve(answer.trim())
      reader.close()
    })
  })
}

/** Yes or no; undefined where nobody answers. */
export async function confirm(question: string, desk?: Desk): Promise<boolean | undefined> {
  const answer = await ask(`${question} [y/N] `, desk)
  return answer === undefined ? undefined : /^y(es)?$/i.test(answer)
}
