import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectDevices, gpuKinds, readRecording, recordedProbe, recordMachine, replay } from '../../src/capacity/index.ts'
import type { Probe } from '../../src/capacity/probe.ts'

const FOLDER = new URL('fixtures/', import.meta.url)
const recordings = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, recording: readRecording(readFileSync(new URL(name, FOLDER), 'utf8')) }))

describe('on a recorded machine', () => {
  it.each(recordings)('$name is found what is there: $recording.about', async ({ recording }) => {
    expect(await replay(recording)).toEqual([])
  })

  it.each(recordings)('$name names where its outputs are published', ({ recording }) => {
    for (const source of recording.sources)
      expect(source).toMatch(/^(?:https:\/\/|recorded on \d{4}-\d\d-\d\d by npm run test:gpu)/)
    expect(recording.sources.length).toBeGreaterThan(0)
  })

  it.each(recordings)('$name every fault says what to do', async ({ recording }) => {
    for (const { text, fix } of (await detectDevices(recordedProbe(recording))).faults) {
      expect(text.length).toBeGreaterThan(20)
      expect(fix.length).toBeGreaterThan(10)
    }
  })
})

describe('a machine that is written down', () => {
  it.each(recordings)('$name is the same machine when it is read again', async ({ recording }) => {
    const probe = recordedProbe(recording)
    const again = readRecording(await recordMachine({ about: 'again', source: 'https://example.org', probe }))
    expect(await replay(again)).toEqual([])
    expect(await detectDevices(recordedProbe(again))).toEqual(await detectDevices(probe))
  })

  it('says nothing of what programs have open that is no card', async () => {
    const [{ recording }] = recordings.filter(({ name }) => name === 'amd-used-without-tool.yaml') as [
      (typeof recordings)[number],
    ]
    const files = new Map([...recording.files, ['/proc/7/fd/3', '-> diary.txt']])
    const probe = recordedProbe({ ...recording, files })
    const text = await recordMachine({ about: 'a desk', source: 'https://example.org', probe })
    expect(text).not.toContain('diary')
    expect(await replay(readRecording(text))).toEqual([])
  })

  it.each([
    {
      what: 'programs on a card but their ids',
      machine: 'amd-mi210.yaml',
      tool: 'amd-smi process',
      said: 'python3.12',
      secret: 'py\\"secret',
    },
    {
      what: 'the kernel’s log but errors of cards',
      machine: 'nvidia-xid.yaml',
      tool: 'dmesg',
      said: '',
      secret: '[1.0] sda: secret\n',
    },
    {
      what: 'programs that the kernel’s log blames',
      machine: 'nvidia-xid.yaml',
      tool: 'dmesg',
      said: /NVRM: Xid \(PCI:[^)]*\): \d+/,
      secret: '$&, pid=7, name=secret',
    },
  ])('says nothing of $what', async ({ machine, tool, said, secret }) => {
    const [{ recording }] = recordings.filter(({ name }) => name === machine) as [(typeof recordings)[number]]
    const [call = ''] = Object.keys(recording.tools).filter((key) => key.startsWith(tool))
    const printed = (recording.tools[call] as string).replace(said, secret)
    const probe = recordedProbe({ ...recording, tools: { ...recording.tools, [call]: printed } })
    expect(printed).toContain('secret')
    const text = await recordMachine({ about: 'a desk', source: 'https://example.org', probe })
    expect(text).not.toContain('secret')
    expect(await replay(readRecording(text))).toEqual([])
  })

  it('is refused where a tool prints without end', async () => {
    const probe: Probe = { ...recordedProbe({ tools: {}, files: new Map() }), run: async () => ({ type: 'flooded' }) }
    // Nothing of a flood is worth keeping, and half of it would be a lie.
    await expect(recordMachine({ about: '', source: '', probe })).rejects.toThrow(/nvidia-smi .*more than can be recorded/)
  })
})

it('an expectation that does not hold is told', async () => {
  const [{ recording }] = recordings.filter(({ name }) => name === 'nvidia-l40s.yaml') as [(typeof recordings)[number]]
  const wrong = { ...recording, expected: { devices: [{ id: 'GPU-else', vramMib: 1 }, {}], faults: ['nvidia-tool-hung'] } }
  expect((await replay(wrong)).join('\n')).toMatch(
    /faults: none\n1 devices.*\ndevice 0: id is .*\ndevice 0: vramMib is 46068, not 1/,
  )
})

describe('whatever tools and files say', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.json(),
    fc.constantFrom(
      ...recordings.flatMap(({ recording }) => Object.values(recording.tools).filter((tool) => typeof tool === 'string')),
    ),
  )

  it('detection ends, and what it finds fits into a signed capacity', async () => {
    const paths = [...new Set(recordings.flatMap(({ recording }) => [...recording.files.keys()]))]
    await fc.assert(
      fc.asyncProperty(hostile, hostile, fc.infiniteStream(fc.boolean()), async (printed, written, coins) => {
        const probe: Probe = {
          run: async () => (coins.next().value === true ? { type: 'done', text: printed } : { type: 'failed', text: printed }),
          read: async () => written,
          list: async (folder) =>
            paths
              .filter((path) => path.startsWith(`${folder}/`))
              .map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''),
          link: async () => (coins.next().value === true ? 'amdgpu' : 'nvidia'),
        }
        const { devices, faults } = await detectDevices(probe)
        for (const { id } of faults) expect(id).not.toMatch(/-bug$/)
        for (const gpu of gpuKinds(devices.filter(({ health }) => health.state !== 'failed'))) {
          expect(gpu.model).toMatch(/^[a-z0-9.-]{1,64}$/)
          expect(gpu.vramMib).toBeGreaterThan(0)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('half of an answer never makes a device that is not in the whole', async () => {
    for (const { recording } of recordings) {
      const whole = new Set((await detectDevices(recordedProbe(recording))).devices.map(({ id }) => id))
      for (const share of [0.3, 0.6, 0.9]) {
        const cut = (entry: (typeof recording.tools)[string]) =>
          typeof entry === 'string' ? entry.slice(0, entry.length * share) : entry
        const tools = Object.fromEntries(Object.entries(recording.tools).map(([call, entry]) => [call, cut(entry)]))
        const { devices } = await detectDevices(recordedProbe({ tools, files: recording.files }))
        for (const { id, health } of devices) if (health.state !== 'failed') expect(whole).toContain(id)
      }
    }
  })
})
