import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSchema } from '../../src/api/schemas.ts'
import type { ErrorView } from '../../src/api/views.ts'
import { VERSION } from '../../src/version.ts'
import { weft } from './capture.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const PRICED = ['-y', '--max-price', '1']

/** What is typed, the exit code, and a part of the one sentence that answers. */
const CASES: [string[], number, RegExp][] = [
  [['frobnicate'], 64, /there is no verb "frobnicate"/],
  [['statsu'], 64, /did you mean status\?/],
  [['rnu'], 64, /did you mean run\?/],
  [['list'], 64, /there is no verb "list" \(did you mean ps\?\)/],
  [['ps', '--colour'], 64, /unknown option '--colour'/],
  [['run', '--gpu', '1', 'busybox'], 64, /unknown option '--gpu'.*did you mean --gpus\?/],
  [['show'], 64, /missing required argument/],
  [['show', 'a', 'b'], 64, /weft show takes 1 argument, not 2: a b; see weft show --help/],
  [['ps', 'a'], 64, /weft ps takes no arguments, not 1: a; see/],
  [['up', '--host', '/tmp/d.sock'], 64, /--host names a daemon that runs already/],
  [['up', '--listen', '/proc'], 64, /--listen \/proc: use|--listen must be/],
  [['init', '--data', '/proc/weft'], 64, /\/proc\/weft cannot be used as a data folder: no folder can be made there/],
  [['run', ...PRICED, 'Not A Name'], 64, /"Not A Name" is no image name/],
  [['run', ...PRICED, 'busybox:'], 64, /no image name/],
  [['run', '-y', '--max-price', 'cheap', 'busybox'], 64, /--max-price: "cheap" is no amount/],
  [['run', ...PRICED, '--max-total', '-3', 'busybox'], 64, /--max-total: "-3" is no amount/],
  [['run', ...PRICED, '-v', './nowhere:/data', 'busybox'], 64, /nowhere does not exist/],
  [['run', ...PRICED, '-v', 'name:/data', 'busybox'], 64, /named volumes do not exist/],
  [['run', ...PRICED, '-v', '.:data', 'busybox'], 64, /absolute path inside the container/],
  [['run', ...PRICED, '-o', '/out', 'busybox'], 64, /-o takes CONTAINER:HOST/],
  [['run', ...PRICED, '-e', '1=2', 'busybox'], 64, /-e takes NAME=VALUE/],
  [['run', ...PRICED, '-e', 'WEFT_NO_SUCH_VARIABLE', 'busybox'], 64, /no variable of that name/],
  [['run', ...PRICED, '--env-file', './nowhere', 'busybox'], 64, /cannot be read/],
  [['run', ...PRICED, '--memory', 'much', 'busybox'], 64, /--memory: "much" is no size/],
  [['run', ...PRICED, '--timeout', 'soon', 'busybox'], 64, /--timeout: "soon"/],
  [['run', ...PRICED, '--name', 'Bad Name', 'busybox'], 64, /--name takes/],
  [['run', ...PRICED, '-w', 'here', 'busybox'], 64, /-w takes an absolute path/],
  [['run', ...PRICED, '--privileged', 'busybox'], 64, /--privileged: .*--gpus/],
  [['run', ...PRICED, '--network', 'host', 'busybox'], 64, /--network host: jobs have no network/],
  [['run', ...PRICED, '--net', 'host', 'busybox'], 64, /jobs have no network/],
  [['run', ...PRICED, '-it', 'busybox'], 64, /-i: there is no way to type into a job/],
  [['run', ...PRICED, '-t', 'busybox'], 64, /weft logs -f/],
  [['run', ...PRICED, '-p', '80:80', 'busybox'], 64, /-p: ports/],
  [['run', '-f', 'nowhere.yaml'], 64, /nowhere\.yaml: there is no such file; weft job init nowhere\.yaml writes one/],
  [['run', '-f', '/'], 64, /is a folder/],
  [['explain', 'nowhere.yaml'], 64, /there is no such file/],
  [['explain', 'a', '-f', 'b.yaml'], 64, /a job, or -f FILE, not both/],
  [['job'], 64, /missing required argument/],
  [['job', 'run'], 64, /knows "init" and "schema"/],
  [['job', 'init', '--kind', 'service'], 64, /--kind service is not built yet/],
  [['job', 'init', '--kind', 'tsk'], 64, /--kind takes task/],
  [['job', 'init', 'no/such/folder/job.yaml'], 64, /cannot be written/],
  [['run', ...PRICED, '--currency', '$', 'busybox'], 64, /--currency takes 2 to 12 letters/],
  [['run', ...PRICED], 64, /missing required argument 'image'/],
  [['run', ...PRICED, '--queue', 'long', 'busybox'], 64, /--queue: "long"/],
  [['run', ...PRICED, '--queue', '8d', 'busybox'], 64, /--queue takes a time from 1s to 7d/],
  [['run', ...PRICED, '--rm', 'busybox'], 64, /always removed/],
  [['run', ...PRICED, '--gpus', 'all', 'busybox'], 64, /say how many/],
  [['run', '--max-price', '1', 'busybox'], 64, /needs -y and --max-price/],
  [['run', '-y', 'busybox'], 64, /-y agrees to a price/],
  [['run', '-y', 'busybox', '--max-price', '1'], 64, /--max-price stands behind the image/],
  [['run', ...PRICED, '-d', '--propagate', 'busybox'], 64, /--propagate needs the end of the job/],
  [['run', 'busybox'], 64, /needs -y and --max-price/],
  [['run', ...PRICED, '-d', 'busybox'], 64, /weft up -d/],
  [['offers', 'vram>=24', 'cuont>=2'], 64, /column 10 of the query: there is no field "cuont" \(did you mean count\?\)/],
  [['offers', '--sort', 'prize'], 64, /--sort takes fields/],
  [['offers', '--group-by', 'colour'], 64, /--group-by takes one of model, region, class, provider/],
  [['offers', '--vram', 'much'], 64, /--vram: vram takes a size/],
  [['offers', '--class', 'gpu-1t'], 64, /--class: class takes one of cpu, gpu/],
  [['price', '--gpu', 'cheap'], 64, /^weft: --gpu must be an amount such as 0\.40/],
  [['price', '--policy', 'greedy'], 64, /^weft: --policy must be one of fixed, utilisation, learning/],
  [['price', '--schedule', '22-30:1'], 64, /^weft: --schedule must be hours of the day/],
  [['price', '--friend', 'me'], 64, /^weft: --friend must be a peer id/],
  [['price', '--unfriend', 'me'], 64, /no friend has such an id/],
  [['explain'], 64, /say which job/],
  [['explain', 'a', '--vram', '24'], 64, /a job, or the flags/],
  [['explain', '--max-price', 'cheap'], 64, /--max-price: "cheap" is no amount/],
  [['ps'], 69, /no Weft daemon answers at .*weft up/],
  [['status'], 69, /no Weft daemon answers/],
  [['ps', '--host', 'ssh://somewhere'], 64, /daemons on other machines cannot be driven yet/],
  [['audit', './nowhere'], 64, /cannot be read/],
  [['completion', 'tcsh'], 64, /bash, zsh and fish/],
  [['receipts', 'import'], 64, /knows only "export"/],
]

describe('bad usage', () => {
  it.each(CASES)('weft %j exits with %i and says what to do', async (words, code, sentence) => {
    const [verb = '', ...rest] = words
    const answer = await weft(verb, '--data', folder, ...rest)
    expect({ code: answer.code, err: answer.err }).toEqual({ code, err: expect.stringMatching(sentence) })
    expect(answer.err.trim().split('\n')).toHaveLength(1)
    expect(answer.out).toBe('')
    expect(readdirSync(folder)).toEqual([])
  })

  it.each<[string[], number, string]>([
    [['ps', '--json'], 69, 'NO_DAEMON'],
    [['--json', 'ps'], 69, 'NO_DAEMON'],
    [['ps', '--colour', '--json'], 64, 'USAGE'],
    [['run', '--json', ...PRICED, 'Not A Name'], 64, 'USAGE'],
    [['frobnicate', '--json'], 64, 'USAGE'],
  ])('with --json, weft %j exits with %i and says so in one document too', async (words, code, name) => {
    const answer = await weft(...words, '--data', folder)
    const document = JSON.parse(answer.out) as ErrorView
    expect(new Ajv({ strict: false }).validate(readSchema('error'), document)).toBe(true)
    expect(answer).toMatchObject({ code, err: `weft: ${document.error.message}\n` })
    expect(document.error.code).toBe(name)
  })

  it('names the command that starts the daemon which was meant', async () => {
    expect((await weft('ps', '--data', folder)).err).toContain(`start one with: weft up -d --data ${folder}\n`)
  })

  it("leaves stdout alone where --json belongs to the container's command", async () => {
    expect(await weft('run', '--data', folder, 'busybox', '--json')).toMatchObject({ code: 64, out: '' })
  })

  it('refuses an output folder that holds something', async () => {
    writeFileSync(join(folder, 'precious'), 'x')
    const answer = await weft('run', '--data', folder, ...PRICED, '-o', `/out:${folder}`, 'busybox')
    expect(answer).toMatchObject({ code: 64, err: expect.stringContaining('already holds something') })
  })
})

describe('help', () => {
  it('lists every verb without starting anything', async () => {
    const answer = await weft('--help')
    expect(answer.code).toBe(0)
    for (const verb of ['run', 'up', 'ps', 'logs', 'audit', 'simulate'])
      expect(answer.out).toMatch(new RegExp(`^  ${verb} `, 'm'))
  })

  it("shows a verb's own flags and those of every verb", async () => {
    const answer = await weft('run', '--help')
    expect(answer.code).toBe(0)
    expect(answer.out).toContain('--max-price')
    expect(answer.out).toContain('Options of every verb:')
    expect(answer.out).not.toContain('--privileged')
  })

  it.each([[['help', 'run']], [['run', '-h']]])('weft %j shows that verb', async (words) => {
    expect(await weft(...words)).toMatchObject({ code: 0, out: expect.stringContaining('Usage: weft run [options] <image>') })
  })

  it.each([[['version']], [['--version']], [['-V']]])('weft %j prints the version', async (words) => {
    expect(await weft(...words)).toMatchObject({ code: 0, out: `${VERSION}\n` })
  })

  it('without a verb shows the overview and fails', async () => {
    const answer = await weft()
    expect(answer).toMatchObject({ code: 64, err: expect.stringContaining('Usage: weft VERB') })
  })

  it.each(['bash', 'zsh', 'fish'])('completes verbs in %s', async (shell) => {
    const answer = await weft('completion', shell)
    expect(answer.code).toBe(0)
    expect(answer.out).toContain('receipts')
  })
})
