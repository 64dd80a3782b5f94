// Goal: what a job file and the flags beside it make of a submission, over the real command line and API; and that nothing is submitted
// where either is wrong.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { WantsView } from '@weft/protocols/core'
import { Ajv } from 'ajv'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSchema } from '../../../src/api/schemas.ts'
import { listen } from '../../../src/api/server.ts'
import type { Submission } from '../../../src/api/views.ts'
import { loadJobFile } from '../../../src/cli/job-file/index.ts'
import { aJob, fakeApi, ID } from '../../api/fakes.ts'
import { type Captured, weft } from '../capture.ts'

let api: Awaited<ReturnType<typeof fakeApi>>
let folder: string
let submitted: Submission[]
let asked: WantsView[]
beforeEach(async () => {
  api = await fakeApi()
  folder = mkdtempSync(join(tmpdir(), 'weft-jobfile-'))
  submitted = []
  asked = []
  const { submit } = api.components.desk
  api.components.desk.submit = (submission, signal) => {
    submitted.push(submission)
    return submit(submission, signal)
  }
  const { explain } = api.market
  api.market.explain = (wants) => {
    asked.push(wants)
    return explain(wants)
  }
  await listen(api.app, join(folder, 'd.sock'))
})
afterEach(async () => {
  await api.close()
  rmSync(folder, { recursive: true, force: true })
})

const file = (text: string, name = 'job.yaml'): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const ask = (verb: string, ...words: string[]): Promise<Captured> =>
  weft(verb, '--host', join(folder, 'd.sock'), '--data', join(folder, 'home'), ...words)
const run = (...words: string[]): Promise<Captured> => ask('run', '-d', ...words)

const WHOLE = `name: train
image: my/trainer:1
command: [train, --fast]
env: {EPOCHS: 3, HF_TOKEN: }
resources: {gpu: "a100:40GB:2", memory: 8GB}
inputs: [{from: ./in, to: /in}]
outputs: [{path: /out, to: ./out}]
price: {maxPerHour: 0.40}
time: {queue: 30m, run: 2h}
retry: {attempts: 5, error: 1}
disconnect: {lostAfter: 45s}
placement: {regions: [eu, us]}
`

describe('weft run -f', () => {
  it('submits what the file says, with paths relative to it', async () => {
    mkdirSync(join(folder, 'in'))
    const answer = await run('-f', file(WHOLE), '-y', '-e', 'HF_TOKEN=x')
    expect(answer).toMatchObject({ code: 0, out: `${ID}\n` })
    expect(submitted).toMatchObject([
      {
        name: 'train',
        image: 'my/trainer:1',
        command: ['train', '--fast'],
        env: [
          { name: 'EPOCHS', value: '3' },
          { name: 'HF_TOKEN', value: 'x' },
        ],
        inputs: [{ host: join(folder, 'in'), container: '/in', readOnly: true }],
        outputs: [{ container: '/out', host: join(folder, 'out') }],
        resources: { gpuCount: 2, gpuVramMib: 40_960, gpuModels: ['a100'], cpuMilli: 1_000, memoryMib: 8_192, diskMib: 1_024 },
        regions: ['eu', 'us'],
        maxPricePerHour: '400000',
        maxTotal: '800000',
        queueMs: 1_800_000,
        maxRunMs: 7_200_000,
        lostAfterMs: 45_000,
        attemptsMax: 5,
        retryFailed: 1,
      },
    ])
  })

  it('says the same as the flags that it stands for', async () => {
    mkdirSync(join(folder, 'in'))
    const path = file(WHOLE.replace('HF_TOKEN: ', 'SEED: x').replace('/in}', '/in, readOnly: false}'))
    await run('-f', path, '-y')
    const flags = ['--name', 'train', '-e', 'EPOCHS=3', '-e', 'SEED=x', '--gpus', '2', '--vram', '40g', '--gpu-model', 'a100']
    const more = ['--memory', '8g', '-v', `${folder}/in:/in`, '-o', `/out:${folder}/out`, '--timeout', '2h', '--queue', '30m']
    const last = ['--attempts', '5', '--retry-failed', '1', '--lost-after', '45s', '--region', 'eu', '--region', 'us']
    await run('-y', '--max-price', '0.40', ...flags, ...more, ...last, 'my/trainer:1', 'train', '--fast')
    const [ofFile, ofFlags] = submitted.map(({ typed: _, ...rest }) => rest)
    expect(ofFile).toEqual(ofFlags)
  })

  it('lets flags win, each over its field', async () => {
    mkdirSync(join(folder, 'in'))
    mkdirSync(join(folder, 'other'))
    const flags = [
      '-e',
      'EPOCHS=9',
      '-e',
      'HF_TOKEN=x',
      '-v',
      `${folder}/other:/in`,
      '-o',
      `/out:${folder}/fresh`,
      '--vram',
      '24',
    ]
    const answer = await run('-f', file(WHOLE), '-y', ...flags, '--region', 'ap', '--max-price', '1', '--queue', '1m')
    expect(answer.code, answer.err).toBe(0)
    expect(submitted).toMatchObject([
      {
        env: [
          { name: 'EPOCHS', value: '9' },
          { name: 'HF_TOKEN', value: 'x' },
        ],
        inputs: [{ host: join(folder, 'other'), container: '/in', readOnly: false }],
        outputs: [{ host: join(folder, 'fresh') }],
        resources: { gpuCount: 2, gpuVramMib: 24_576, gpuModels: ['a100'] },
        regions: ['ap'],
        maxPricePerHour: '1000000',
        queueMs: 60_000,
        maxRunMs: 7_200_000,
      },
    ])
  })

  it('takes away what the file says of GPUs where none is asked for', async () => {
    await run('-f', file('image: a\nresources: {gpu: "nvidia:a100:40GB:2"}\nprice: {maxPerHour: 1}\n'), '-y', '--gpus', '0')
    expect(submitted[0]?.resources).toMatchObject({ gpuCount: 0, gpuVramMib: 0, gpuVendor: '', gpuModels: [] })
  })

  it.each([
    [['b'], ['c'], /^weft: the image typed counts, b, not a of .*job\.yaml:1:8; the command is that of .*job\.yaml:2:10\n/],
    [['b', 'd'], ['d'], /^weft: the image typed counts, b, not a of .*, and the command typed, not that of .*job\.yaml:2:10\n/],
    [['a', 'd'], ['d'], /^(?!.*counts)/],
  ])('of two images and commands those typed count, and that is said: %j', async ([image = '', ...words], command, said) => {
    const answer = await run('-f', file('image: a\ncommand: [c]\nprice: {maxPerHour: 1}\n'), '-y', image, ...words)
    expect(answer.err).toMatch(said)
    expect(submitted).toMatchObject([{ image, command }])
  })

  it.each<[string, string, string[], RegExp]>([
    ['the file is wrong', 'image: a\nservice: {}\n', ['-y'], /^weft: .*job\.yaml:2:1: 'service' is not built yet/],
    ['there is no price', 'image: a\n', ['-y'], /-y agrees to a price, so it needs one/],
    ['nobody agreed', 'image: a\nprice: {maxPerHour: 1}\n', [], /needs -y, which agrees to the price of .*job\.yaml:2:21/],
    [
      'a variable has no value',
      'image: a\nenv: {WEFT_NONE: }\nprice: {maxPerHour: 1}\n',
      ['-y'],
      /job\.yaml:2:7: env\.WEFT_NONE has no value.* -e WEFT_NONE=VALUE/,
    ],
    [
      'an input is missing',
      'image: a\ninputs: [{from: x, to: /x}]\nprice: {maxPerHour: 1}\n',
      ['-y'],
      /job\.yaml:2:17: inputs\.0: .*x does not exist/,
    ],
    [
      'an output is taken',
      'image: a\noutputs: [{path: /x, to: .}]\nprice: {maxPerHour: 1}\n',
      ['-y'],
      /job\.yaml:2:26: outputs\.0: .* already holds something/,
    ],
  ])('submits nothing where %s', async (_name, text, words, said) => {
    const answer = await run('-f', file(text), ...words)
    expect({ code: answer.code, err: answer.err }).toEqual({ code: 64, err: expect.stringMatching(said) })
    expect(submitted).toEqual([])
  })

  it('tells a bad file in one document with --json', async () => {
    const answer = await run('--json', '-f', file('image: A\n'), '-y')
    expect(answer.code).toBe(64)
    expect(JSON.parse(answer.out)).toMatchObject({
      error: { code: 'USAGE', message: expect.stringContaining('job.yaml:1:8: image: ') },
    })
  })

  it('with --dry-run says who would take it, and submits nothing', async () => {
    const answer = await ask('run', '--dry-run', '-f', file('image: a\nprice: {maxPerHour: 0.4}\n'), '--vram', '24')
    expect(answer).toMatchObject({ code: 0, out: expect.stringContaining('of 2 known providers none would fit') })
    expect(asked).toMatchObject([{ gpuVramMib: 24_576, gpuCount: 1, maxPricePerHour: '400000' }])
    expect(submitted).toEqual([])
  })
})

describe('weft explain of a file', () => {
  it('asks what its flags would ask, and shows the same', async () => {
    const path = file(WHOLE)
    const ofFile = await ask('explain', path)
    const flags = ['--gpus', '2', '--vram', '40', '--gpu-model', 'a100', '--memory', '8g', '--region', 'eu', '--region', 'us']
    const ofFlags = await ask('explain', ...flags, '--max-price', '0.40')
    expect(ofFile).toEqual(ofFlags)
    expect(asked[0]).toEqual(asked[1])
    expect(ofFile.out).toMatch(/too little GPU memory +2 +1/)
    expect(await ask('explain', '-f', path)).toEqual(ofFile)
  })

  it('lays flags over the file', async () => {
    await ask('explain', file(WHOLE), '--vram', '24', '--arch', 'arm64')
    expect(asked).toMatchObject([{ gpuVramMib: 24_576, gpuCount: 2, arch: 'arm64', regions: ['eu', 'us'] }])
  })

  it('prints a document of the same schema', async () => {
    const ajv = new Ajv({ strict: false })
    ajv.addSchema(readSchema('wants'))
    const answer = await ask('explain', '--json', file(WHOLE))
    expect(ajv.validate(readSchema('explain'), JSON.parse(answer.out)), JSON.stringify(ajv.errors)).toBe(true)
  })

  it('takes a job where there is no such file, and says so where a name means both', async () => {
    api.market.set(aJob({ name: 'job.yaml' }))
    api.market.set(aJob({ jobId: 'c'.repeat(32), name: 'plain' }))
    expect((await ask('explain', 'plain')).code).toBe(0)
    const before = process.cwd()
    try {
      process.chdir(folder)
      file(WHOLE)
      const answer = await ask('explain', 'job.yaml')
      expect(answer).toMatchObject({
        code: 0,
        err: expect.stringMatching(/^weft: job\.yaml is a file here, and a job, too; .* weft explain a{12} /),
      })
      expect(asked.at(-1)).toMatchObject({ gpuVramMib: 40_960 })
      file(WHOLE, 'plain')
      expect((await ask('explain', 'plain')).err).toContain('is a file here, and a job, too')
      expect((await ask('explain', './job.yaml')).err).toBe('')
    } finally {
      process.chdir(before)
    }
  })
})

describe('weft job', () => {
  it('init writes a file that runs as it is, and replaces none without --force', async () => {
    const path = join(folder, 'job.yaml')
    expect(await weft('job', 'init', path)).toMatchObject({ code: 0, out: expect.stringContaining(`weft run -f ${path}`) })
    const first = readFileSync(path, 'utf8')
    writeFileSync(path, 'mine')
    expect(await weft('job', 'init', path)).toMatchObject({ code: 64, err: expect.stringContaining('--force') })
    expect(readFileSync(path, 'utf8')).toBe('mine')
    expect((await weft('job', 'init', '--force', '--kind', 'task', path)).code).toBe(0)
    expect(readFileSync(path, 'utf8')).toBe(first)
    expect((await run('-f', path, '-y')).code).toBe(0)
    expect(submitted).toMatchObject([{ image: 'debian:stable-slim', command: ['sh', '-c', 'echo "hello from $(hostname)"'] }])
    expect((await ask('explain', path)).code).toBe(0)
  })

  it('init prints to stdout, and in one document', async () => {
    const printed = await weft('job', 'init', '-')
    const document = JSON.parse((await weft('job', 'init', '-', '--json')).out) as { file: null; text: string }
    expect(new Ajv().validate(readSchema('job-init'), document)).toBe(true)
    expect(document).toEqual({ file: null, text: printed.out })
  })

  it('schema prints the schema', async () => {
    expect(JSON.parse((await weft('job', 'schema')).out)).toEqual(readSchema('job-file'))
  })
})

describe('a job file is read', () => {
  const load = (name: string, stdin?: Readable) => loadJobFile(name, folder, stdin)

  it('from stdin, with paths relative to where the command is typed', async () => {
    const text = 'image: a\ninputs: [{from: x, to: /x}]\nname: A\n'
    await expect(load('-', Readable.from([Buffer.from(text)]))).rejects.toThrow(/^stdin:3:7: name takes/)
    const { name, draft } = await load('-', Readable.from([Buffer.from(text.replace('name: A\n', ''))]))
    expect([name, draft.inputs[0]?.host]).toEqual(['stdin', join(folder, 'x')])
  })

  it('though it begins with a byte order mark and has lines of Windows', async () => {
    file('\uFEFFimage: a\r\nname: b\r\n')
    expect((await load('job.yaml')).draft.fields).toEqual({ image: 'a', name: 'b' })
  })

  it.each<[string, string, RegExp]>([
    ['is not there', 'none.yaml', /^none\.yaml: there is no such file; weft job init none\.yaml/],
    ['is a folder', '.', /^\. is a folder/],
    ['lies below a file', 'latin1/job.yaml', /cannot be read: ENOTDIR/],
    ['is no UTF-8', 'latin1', /^latin1:2:4: a byte that is no UTF-8/],
    ['has two megabytes', 'large', /^large is larger than 1 MiB/],
  ])('unless it %s', async (_name, name, said) => {
    writeFileSync(join(folder, 'latin1'), Buffer.from('image: a\nx: \xe9\n', 'latin1'))
    file('x'.repeat(2 ** 21), 'large')
    await expect(load(name)).rejects.toThrow(said)
  })

  it.skipIf(process.platform === 'win32')('and one without an end is given up', async () => {
    await expect(load('/dev/zero')).rejects.toThrow(/larger than 1 MiB/)
  })
})
