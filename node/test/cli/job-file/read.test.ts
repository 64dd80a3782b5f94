// Goal: a job file says what flags would, and whatever else it says is refused at its place with what to do.
import { homedir } from 'node:os'
import { ProblemsError } from '@weft/protocols'
import { describe, expect, test } from 'vitest'
import { LATER } from '../../../src/cli/job-file/fields.ts'
import { readJobFile } from '../../../src/cli/job-file/index.ts'

const read = (text: string) => readJobFile(text, { name: 'job.yaml', folder: '/jobs' })
const fieldsOf = (text: string) => read(`image: a\n${text}`).draft.fields

function complaint(text: string): string {
  try {
    read(text)
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemsError)
    return (error as ProblemsError).message
  }
  throw new Error(`accepted: ${text}`)
}

test('the least that a file may say is an image; nothing else is said then', () => {
  expect(read('image: busybox\n').draft).toEqual({ fields: { image: 'busybox' }, env: [], inputs: [], outputs: [] })
})

test.each<[string, string, object]>([
  ['a text is a command of a shell', 'command: echo $HOME && true', { command: ['sh', '-c', 'echo $HOME && true'] }],
  [
    'a list is run as it stands, numbers as they are written',
    'command: [run, 1e3, 0x10, true, ""]',
    {
      command: ['run', '1e3', '0x10', 'true', ''],
    },
  ],
  ['an empty list is the image’s own', 'command: []', { command: [] }],
  [
    'amounts are exact',
    'price: {maxPerHour: 0.40, maxTotal: "2.000001", currency: EUR}',
    {
      maxPricePerHour: 400_000n,
      maxTotal: 2_000_001n,
      currency: 'EUR',
    },
  ],
  [
    'sizes and cores, with and without ..',
    'resources: {cpu: 2.., memory: 8GB.., disk: 512m}',
    {
      cpuMilli: 2_000,
      memoryMib: 8_192,
      diskMib: 512,
    },
  ],
  ['a number of GPUs', 'resources: {gpu: 2}', { gpuCount: 2 }],
  ['the memory of one', 'resources: {gpu: 24GB..}', { gpuVramMib: 24_576 }],
  [
    'all of a GPU in one text',
    'resources: {gpu: "nvidia:A100,H100:80GB:2"}',
    {
      gpuVendor: 'nvidia',
      gpuModels: ['A100', 'H100'],
      gpuVramMib: 81_920,
      gpuCount: 2,
    },
  ],
  ['the same in any order', 'resources: {gpu: "2:80GB:a100"}', { gpuCount: 2, gpuVramMib: 81_920, gpuModels: ['a100'] }],
  [
    'the same as keys',
    'resources: {gpu: {vendor: AMD, names: mi300, memory: 24, count: 1, computeCapability: gfx942}}',
    {
      gpuVendor: 'amd',
      gpuModels: ['mi300'],
      gpuVramMib: 24_576,
      gpuCount: 1,
      gpuComputeCapability: 'gfx942',
    },
  ],
  ['a version stays as it is written', 'resources: {gpu: {computeCapability: 8.0}}', { gpuComputeCapability: '8.0' }],
  [
    'times',
    'time: {queue: 1h30m, run: off}\ndisconnect: {lostAfter: 45s, away: 8h}',
    {
      queueMs: 5_400_000,
      maxRunMs: 0,
      lostAfterMs: 45_000,
      awayMs: 28_800_000,
    },
  ],
  ['retries', 'retry: {attempts: 5, error: off}', { attemptsMax: 5, retryFailed: 0 }],
  ['one region, or several', 'placement: {regions: eu}', { regions: ['eu'] }],
  ['a folder of the container', 'workdir: /data', { workdir: '/data' }],
  [
    'what every job has today may be written',
    'version: 1\nkind: task\nnodes: 1\npreemptible: false\nnetwork: {egress: none}',
    {},
  ],
  ['groups that hold nothing say nothing', 'resources:\nprice:\nenv:\ninputs:\n', {}],
])('%s', (_name, text, fields) => {
  expect(fieldsOf(text)).toEqual({ image: 'a', ...fields })
})

test('variables are taken as they are written, and one without a value waits for one', () => {
  const { env } = read('image: a\nenv:\n  N: 1e3\n  B: yes\n  E: ""\n  D: 2026-01-01\n  M: |\n    x\n    y\n  T:\n').draft
  expect(env.map(({ name, value }) => [name, value])).toEqual([
    ['N', '1e3'],
    ['B', 'yes'],
    ['E', ''],
    ['D', '2026-01-01'],
    ['M', 'x\ny\n'],
    ['T', undefined],
  ])
  expect(env.at(-1)?.said).toBe('job.yaml:10:3: env.T')
})

test('paths are relative to the folder of the file, and nothing looks whether they are there', () => {
  const text = `image: a
inputs:
  - {from: ./in, to: /in/}
  - {from: /abs, to: /b, readOnly: false}
  - {from: ~/c, to: /c}
outputs: [{path: /out, to: ../out, when: always}]
`
  const { inputs, outputs } = read(text).draft
  expect(inputs).toEqual([
    { host: '/jobs/in', container: '/in', readOnly: true, said: 'job.yaml:3:12: inputs.0' },
    { host: '/abs', container: '/b', readOnly: false, said: 'job.yaml:4:12: inputs.1' },
    { host: `${homedir()}/c`, container: '/c', readOnly: true, said: 'job.yaml:5:12: inputs.2' },
  ])
  expect(outputs).toEqual([{ container: '/out', host: '/out', said: 'job.yaml:6:28: outputs.0' }])
})

test('JSON is YAML, with tabs as its writer likes', () => {
  expect(read('{\n\t"image": "a",\n\t"env": {\n\t\t"A": 1\n\t}\n}\n').draft.env).toMatchObject([{ name: 'A', value: '1' }])
})

describe('is refused at its place:', () => {
  test.each<[string, string, string | RegExp]>([
    ['nothing', '', 'job.yaml:1:1: the file is empty; weft job init writes one to begin with'],
    ['a list', '- a\n', /^job\.yaml:1:1: a job file holds keys and values: version, kind, .*; not a list$/],
    ['no image', 'name: x\n', 'job.yaml:1:1: the key image is missing: what the job runs, as image: my/trainer:1'],
    [
      'a key that nobody knows',
      'imgae: a\nimage: a\n',
      /^job\.yaml:1:1: unknown key "imgae"; did you mean image\? Allowed: version, /,
    ],
    [
      'a key in the wrong group',
      'image: a\nresources:\n  memroy: 1g\n',
      /^job\.yaml:3:3: unknown key "resources\.memroy"; did you mean memory\?/,
    ],
    ['a service', 'image: a\nkind: service\n', /^job\.yaml:2:7: kind: 'service' is not built yet: a job is a task/],
    ['another kind', 'image: a\nkind: batch\n', 'job.yaml:2:7: kind must be task, not "batch"'],
    ['another version', 'image: a\nversion: 2\n', /^job\.yaml:2:10: version must be 1, not "2"/],
    ['more than today', 'image: a\nnodes: 2\n', /^job\.yaml:2:1: 'nodes' is not built yet \(only 1\): a job is one container/],
    [
      'a field of later, but not what it holds',
      'image: a\nservice: {port: 80, x: 1}\n',
      "job.yaml:2:1: 'service' is not built yet: a task that never ends comes nearest",
    ],
    ['a most', 'image: a\nresources: {cpu: 2..4}\n', /^job\.yaml:2:18: resources\.cpu: "2\.\.4": a most is not built yet/],
    [
      'a range of GPUs',
      'image: a\nresources: {gpu: "a100:1..4"}\n',
      /^job\.yaml:2:18: resources\.gpu: "1\.\.4": a range of GPUs is not built yet/,
    ],
    ['two counts of GPUs', 'image: a\nresources: {gpu: "1:2"}\n', /says twice how many/],
    [
      'a kind of no GPU',
      'image: a\nresources: {gpu: {count: 0, vendor: amd}}\n',
      /^job\.yaml:2:26: resources\.gpu\.count: 0 GPUs/,
    ],
    ['a list for one value', 'image: [a]\n', 'job.yaml:1:8: image takes one value, not a list'],
    ['keys for one value', 'image: a\nname: {b: c}\n', 'job.yaml:2:7: name takes one value, not keys and values'],
    [
      'one value for keys',
      'image: a\nprice: 0.40\n',
      /^job\.yaml:2:8: price holds keys and values: maxPerHour, maxTotal, currency; not 0\.4$/,
    ],
    ['a nested command', 'image: a\ncommand: [a, [b]]\n', /^job\.yaml:2:14: an entry of command is one value, not a list/],
    ['a list of variables', 'image: a\nenv: [A=1]\n', 'job.yaml:2:6: env must hold names and values, such as EPOCHS: 3'],
    ['a list as a variable', 'image: a\nenv: {A: [1]}\n', 'job.yaml:2:10: env.A takes one value, not a list'],
    ['a name of no variable', 'image: a\nenv: {1A: x}\n', /^job\.yaml:2:7: env: "1A" is no name of a variable/],
    [
      'an input as docker writes it',
      'image: a\ninputs: ["./x:/y"]\n',
      /^job\.yaml:2:10: "\.\/x:\/y" is no entry of inputs; write with from and to/,
    ],
    [
      'an input of an address',
      'image: a\ninputs: [{from: "s3://b", to: /b}]\n',
      /^job\.yaml:2:17: inputs\.0\.from: addresses are not built yet/,
    ],
    ['half an output', 'image: a\noutputs: [{to: ./o}]\n', 'job.yaml:2:11: outputs.0.path is missing'],
    [
      'an output on success',
      'image: a\noutputs: [{path: /o, to: ./o, when: success}]\n',
      /^job\.yaml:2:37: outputs\.0\.when: only 'always' is built/,
    ],
    [
      'seventeen outputs',
      `image: a\noutputs: [${Array(17).fill('{path: /o, to: ./o}').join(', ')}]\n`,
      /^job\.yaml:2:10: outputs must be a list of at most 16/,
    ],
    ['a time that is none', 'image: a\ntime: {run: soon}\n', /^job\.yaml:2:13: time\.run: "soon" is no duration/],
    ['a time out of range', 'image: a\ntime: {queue: 8d}\n', 'job.yaml:2:15: time.queue takes a time from 1s to 7d, not "8d"'],
    ['no attempt', 'image: a\nretry: {attempts: 0}\n', /^job\.yaml:2:19: retry\.attempts takes at least 1/],
    ['a negative price', 'image: a\nprice: {maxPerHour: -1}\n', /^job\.yaml:2:21: price\.maxPerHour: "-1" is no amount/],
    ['a zero byte', 'image: a\ncommand: ["a\\0b"]\n', /^job\.yaml:2:11: command\.0 holds a zero byte/],
    ['a key twice', 'image: a\nname: b\nimage: c\n', /^job\.yaml:3:1: this key stands in the file already/],
    ['two documents', 'image: a\n---\nimage: b\n', /^job\.yaml:2:1: a second document begins here/],
    ['a tab', 'image: a\nenv:\n\tA: 1\n', /^job\.yaml:3:1: tabs are not allowed as indentation/],
    ['an alias', 'image: &i a\nname: *i\n', /^job\.yaml:2:7: a YAML alias/],
    ['what is no YAML', 'image: "a\n', /^job\.yaml:\d+:\d+: /],
    ['a key without a name', 'image: a\n?\n', /^job\.yaml:2:\d: unknown key ""/],
    ['a key of the language', '__proto__: {a: 1}\nimage: a\n', /^job\.yaml:1:1: unknown key "__proto__"/],
    ['brackets without end', `image: ${'['.repeat(100_000)}`, /^job\.yaml:1:40: it is nested deeper than 32/],
  ])('%s', (_name, text, says) => {
    if (typeof says === 'string') expect(complaint(text)).toBe(says)
    else expect(complaint(text)).toMatch(says)
  })

  test.each(Object.keys(LATER))('%s, by its name', (name) => {
    const path = name.split('.')
    const list = path[0] === 'inputs' || path[0] === 'outputs'
    const text = path.reduceRight((held, key, at) => (list && at === 0 ? `{"${key}": [${held}]}` : `{"${key}": ${held}}`), '"x"')
    const lines = complaint(`{"image": "a", ${text.slice(1)}`)
    expect(lines).toContain(`'${name}' is not built yet`)
    expect(lines).not.toContain('unknown key')
  })

  test.each([
    'name: "a\\e[2J"',
    '"\\e[2J": 1',
    'env: {"\\e[2J": 1}',
    'inputs: [{from: "\\e[2J", to: /x}]',
    'resources: {gpu: "\\e[2J"}',
  ])('what %s says, without moving the cursor', (text) => expect(complaint(`image: a\n${text}\n`)).not.toContain('\u001b'))

  test('all at once, in the order of lines', () => {
    const lines = complaint('zeed: 1\nimage: A\nresources:\n  cpu: much\nnodes: 3\n').split('\n')
    expect(lines.map((line) => /^job\.yaml:\d+:\d+/.exec(line)?.[0])).toEqual([
      'job.yaml:1:1',
      'job.yaml:2:8',
      'job.yaml:4:8',
      'job.yaml:5:1',
    ])
  })
})

describe('what looks like a secret', () => {
  test.each([
    ['API_KEY', 'abcdef'],
    ['db_password', 'hunter2'],
    ['HF_TOKEN', 'hf_abcdefghijklmnopqrstuvwxyz'],
    ['X', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'],
    ['X', 'AKIAIOSFODNN7EXAMPLE'],
    ['KEY_FILE', '-----BEGIN OPENSSH PRIVATE KEY-----\\nabc'],
  ])('is refused in %s, without a word of it, and may come from elsewhere', (name, value) => {
    const said = complaint(`image: a\nenv:\n  ${name}: "${value}"\n`)
    expect(said).toMatch(new RegExp(`^job\\.yaml:3:3: env\\.${name} looks like a secret, .* leave it empty \\(${name}:\\)`))
    expect(said).not.toContain(value)
    expect(read(`image: a\nenv:\n  ${name}:\n`).draft.env).toMatchObject([{ name, value: undefined }])
  })

  test.each([
    ['MAX_TOKENS', '512'],
    ['TOKENIZERS_PARALLELISM', 'false'],
    ['PASSWORD', ''],
    ['API_KEY', '/run/secrets/key'],
    ['SECRET', '7'],
    ['MONKEY', 'banana'],
  ])('is not seen in %s=%s', (name, value) => {
    expect(read(`image: a\nenv:\n  ${name}: "${value}"\n`).draft.env).toMatchObject([{ name, value }])
  })
})
