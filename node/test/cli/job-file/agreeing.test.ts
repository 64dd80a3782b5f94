// Goal: on a terminal a price that a file names is asked about like any other bill, since somebody else may have written the file; one that
// was typed, or agreed to with -y, is not.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { listen } from '../../../src/api/server.ts'
import { main } from '../../../src/cli/main.ts'
import { fakeApi } from '../../api/fakes.ts'
import { sink } from '../capture.ts'

const { questions, answers } = vi.hoisted(() => ({ questions: [] as string[], answers: [] as boolean[] }))
vi.mock('../../../src/cli/run/ask.ts', () => ({
  ask: async () => undefined,
  confirm: async (question: string) => {
    questions.push(question)
    return answers.shift()
  },
}))

let api: Awaited<ReturnType<typeof fakeApi>>
let folder: string
beforeEach(async () => {
  questions.length = 0
  answers.length = 0
  api = await fakeApi()
  folder = mkdtempSync(join(tmpdir(), 'weft-agreeing-'))
  writeFileSync(join(folder, 'job.yaml'), 'image: a\nprice:\n  maxPerHour: 0.40\ntime: {run: 2h}\ndisconnect: {away: 1h}\n')
  writeFileSync(join(folder, 'plain.yaml'), 'image: a\nprice: {maxPerHour: 0.40, maxTotal: 2}\n')
  await listen(api.app, join(folder, 'd.sock'))
})
afterEach(async () => {
  await api.close()
  rmSync(folder, { recursive: true, force: true })
})

/** With a person at the terminal. */
async function run(file: string, ...words: string[]): Promise<{ code: number; err: string }> {
  const [out, err] = [sink(), sink()]
  const where = ['--host', join(folder, 'd.sock'), '--data', join(folder, 'home')]
  const terminal = { out: out.stream, err: err.stream, interactive: true, width: 80 }
  const code = await main(['run', ...where, '-d', '-f', join(folder, file), ...words], terminal)
  return { code, err: err.text() }
}

it.each([
  [true, 0, 1],
  [false, 103, 0],
  [undefined, 130, 0],
])('the price of a file is asked about with its place; the answer %s exits with %i', async (answer, code, jobs) => {
  answers.push(answer as boolean)
  expect((await run('plain.yaml')).code).toBe(code)
  expect(questions).toEqual([`Pay at most 0.40 USD/h and 2.00 USD in all (${join(folder, 'plain.yaml')}:2:21)?`])
  expect(api.market.submitted).toHaveLength(jobs)
})

it.each([[['-y']], [['--max-price', '0.30']]])('not with %j', async (words) => {
  expect((await run('plain.yaml', ...words)).code).toBe(0)
  expect(questions).toEqual([])
  expect(api.market.submitted).toHaveLength(1)
})

it('what a file promises ahead is said before the one question', async () => {
  answers.push(true)
  const { code, err } = await run('job.yaml')
  expect(code).toBe(0)
  expect(err).toMatch(/you may lose up to 0\.40\d* USD if the provider cheats/)
  expect(questions).toHaveLength(1)
})
