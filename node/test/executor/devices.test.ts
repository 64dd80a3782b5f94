import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readCdiSpecs } from '../../src/executor/cdi-specs.ts'
import { deviceSupport } from '../../src/executor/device-support.ts'
import { containerDevices, type DeviceSupport, grantable, NO_DEVICES } from '../../src/executor/devices.ts'
import { ProcessEngine } from '../../src/executor/process-engine.ts'
import { device } from '../capacity/device.ts'

const NOTHING: DeviceSupport = {
  cdi: [],
  hasNvidiaDriver: false,
  hasNodes: false,
  groups: new Map(),
  closed: new Set(),
  toolkit: undefined,
}
const ONE = device('GPU-00000001')
const TWO = device('GPU-00000002')
const named = (...ids: string[]) => ids.map((id) => ({ name: `nvidia.com/gpu=${id}`, nodes: [] }))
const amd = (bus: string, render: number) =>
  device(`amd:0000:${bus}:00.0`, { vendor: 'amd', nodes: ['/dev/kfd', `/dev/dri/renderD${render}`] })

describe('what a container gets', () => {
  test('is named by CDI where the engine resolves the name, and NVIDIA’s own hook is told nothing', () => {
    const support = { ...NOTHING, cdi: named('all', '0', 'GPU-00000001', 'GPU-00000002'), hasNvidiaDriver: true }
    expect(containerDevices([ONE, TWO], support)).toEqual({
      ids: ['GPU-00000001', 'GPU-00000002'],
      requests: [{ Driver: 'cdi', DeviceIDs: ['nvidia.com/gpu=GPU-00000001', 'nvidia.com/gpu=GPU-00000002'] }],
      mappings: [],
      groups: [],
      visible: 'void',
    })
  })

  test('is asked of Docker’s own driver by uuid where no spec has that name', () => {
    const support = { ...NOTHING, cdi: named('all', '0'), hasNvidiaDriver: true }
    const { requests, visible } = containerDevices([ONE], support)
    const Capabilities = [['gpu', 'compute', 'utility']]
    expect(requests).toEqual([{ Driver: 'nvidia', DeviceIDs: ['GPU-00000001'], Capabilities }])
    expect(visible).toBe('GPU-00000001')
  })

  test('is a slice by the slice’s own id', () => {
    const slice = device('MIG-5c89852c-d268', { sliceOf: 'GPU-00000001' })
    const support = { ...NOTHING, cdi: named('GPU-00000001', 'MIG-5c89852c-d268') }
    expect(containerDevices([slice], support).requests).toEqual([
      { Driver: 'cdi', DeviceIDs: ['nvidia.com/gpu=MIG-5c89852c-d268'] },
    ])
  })

  test('is its own nodes, not to be made anew, and their groups, where no spec names an AMD or Intel card', () => {
    const groups = new Map([
      ['/dev/kfd', 109],
      ['/dev/dri/renderD128', 109],
      ['/dev/dri/renderD129', 110],
    ])
    const given = containerDevices([amd('03', 129)], { ...NOTHING, hasNodes: true, groups })
    const node = (path: string) => ({ PathOnHost: path, PathInContainer: path, CgroupPermissions: 'rw' })
    expect(given).toMatchObject({
      requests: [],
      mappings: [node('/dev/kfd'), node('/dev/dri/renderD129')],
      groups: ['109', '110'],
    })
  })

  test('is the device of the spec that brings that card’s render node and no other', () => {
    const cdi = [
      { name: 'amd.com/gpu=all', nodes: ['/dev/kfd', '/dev/dri/renderD128', '/dev/dri/renderD129'] },
      { name: 'amd.com/gpu=0', nodes: ['/dev/kfd', '/dev/dri/card0', '/dev/dri/renderD128'] },
      { name: 'amd.com/gpu=1', nodes: ['/dev/kfd', '/dev/dri/card1', '/dev/dri/renderD129'] },
      { name: 'intel.com/gpu=0', nodes: ['/dev/dri/renderD130'] },
    ]
    const given = containerDevices([amd('03', 129)], { ...NOTHING, hasNodes: true, cdi })
    expect(given).toMatchObject({ requests: [{ Driver: 'cdi', DeviceIDs: ['amd.com/gpu=1'] }], mappings: [] })
  })

  test('is never what stands for all devices, though all are one', () => {
    const cdi = ['all', '0'].map((name) => ({ name: `amd.com/gpu=${name}`, nodes: ['/dev/kfd', '/dev/dri/renderD129'] }))
    expect(containerDevices([amd('03', 129)], { ...NOTHING, cdi }).requests).toEqual([
      { Driver: 'cdi', DeviceIDs: ['amd.com/gpu=0'] },
    ])
  })

  test('is nothing where nothing is granted', () => {
    expect(containerDevices([], { ...NOTHING, hasNvidiaDriver: true })).toEqual(NO_DEVICES)
  })
})

describe('an engine that cannot give a card', () => {
  test.skipIf(process.platform === 'win32')('is one whose containers cannot open the card’s node', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weft-nodes-test-'))
    try {
      const node = join(folder, 'renderD128')
      await writeFile(node, '')
      const support = async (mode: number, isRootless: boolean) => {
        await chmod(node, mode)
        const devices = async () => ({ cdiFolders: [], hasNvidiaDriver: false, hasNodes: true, isRootless })
        const engine = Object.assign(new ProcessEngine({ unsafeProcessEngine: true }), { devices })
        const card = { ...amd('03', 128), nodes: [node] }
        return (await deviceSupport(engine, [card], async () => ({ type: 'missing' }))).support
      }
      expect([...(await support(0o660, true)).closed]).toEqual([node])
      expect([...(await support(0o666, true)).closed]).toEqual([])
      expect([...(await support(0o600, false)).closed]).toEqual([node])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    const { devices, faults } = grantable([amd('03', 128)], {
      ...{ ...NOTHING, hasNodes: true, closed: new Set(['/dev/dri/renderD128']) },
      cdi: [{ name: 'amd.com/gpu=0', nodes: ['/dev/dri/renderD128'] }],
    })
    const closed = { id: 'amd-node-closed', fix: expect.stringContaining('renderD*') }
    expect([devices, [...faults.values()]]).toMatchObject([[], [closed]])
  })

  test('is told of each device that it is about, though others of its vendor have another', () => {
    const [shut, bare] = [amd('03', 128), { ...amd('04', 129), nodes: ['/dev/kfd'] }]
    const { faults } = grantable([shut, bare, { ...amd('05', 130) }], {
      ...{ ...NOTHING, hasNodes: true, closed: new Set(['/dev/dri/renderD128', '/dev/dri/renderD130']) },
    })
    expect([...faults].map(([id, { text }]) => [id, text])).toEqual([
      [shut.id, 'no container of this engine could open /dev/dri/renderD128'],
      [bare.id, `${bare.id} has no render node below /dev/dri`],
      ['amd:0000:05:00.0', 'no container of this engine could open /dev/dri/renderD130'],
    ])
  })

  test('is said to be one, with what to do, and its card is not lent', () => {
    const { devices, faults } = grantable([ONE, TWO, amd('03', 128)], { ...NOTHING, hasNodes: true })
    expect(devices.map(({ vendor }) => vendor)).toEqual(['amd'])
    expect([...faults.keys()]).toEqual([ONE.id, TWO.id])
    expect([...faults.values()][1]).toMatchObject({ id: 'nvidia-engine', fix: expect.stringMatching(/nvidia-ctk cdi generate/) })
    expect(() => containerDevices([ONE], NOTHING)).toThrow(/no CDI spec/)
  })

  test('is not needed for a card that has slices: those are granted, and it is not', () => {
    const slice = device('MIG-5c89852c-d268', { sliceOf: ONE.id })
    const { devices, faults } = grantable([ONE, slice, TWO], { ...NOTHING, hasNvidiaDriver: true })
    expect(devices).toEqual([slice, TWO])
    expect([...faults]).toEqual([])
  })

  test('is one with a toolkit through which an image gets at the host', () => {
    for (const [toolkit, count] of [
      ['1.17.7', 0],
      ['1.9.0', 0],
      ['1.17.8', 1],
      ['1.18.0', 1],
      ['2.0.0', 1],
      [undefined, 1],
    ] as const) {
      const { devices, faults } = grantable([ONE], { ...NOTHING, toolkit, hasNvidiaDriver: true })
      expect([toolkit, devices.length]).toEqual([toolkit, count])
      if (count === 0)
        expect(faults.get(ONE.id)).toMatchObject({ id: 'nvidia-toolkit-old', text: expect.stringMatching(/CVE-2025-23266/) })
    }
  })
})

describe('CDI specs', () => {
  async function specs(...folders: Record<string, string>[]) {
    const root = await mkdtemp(join(tmpdir(), 'weft-cdi-test-'))
    try {
      const paths = await Promise.all(
        folders.map(async (files) => {
          const folder = await mkdtemp(join(root, 'specs-'))
          for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
          return folder
        }),
      )
      return await readCdiSpecs([...paths, join(root, 'missing')])
    } finally {
      await rm(root, { recursive: true, force: true })
    }
  }
  const json = (kind: string, ...devices: object[]) => JSON.stringify({ cdiVersion: '0.6.0', kind, devices })

  test('are read as JSON and as YAML, with the nodes that all devices of a spec share', async () => {
    const yaml = [
      'cdiVersion: 0.6.0',
      'kind: amd.com/gpu',
      'containerEdits: { deviceNodes: [{ path: /dev/kfd }] }',
      'devices:',
      '- name: "0"',
      '  containerEdits:',
      '    deviceNodes:',
      '    - { path: /dev/dri/renderD128, hostPath: /dev/dri/renderD200 }',
    ].join('\n')
    expect(await specs({ 'a.json': json('nvidia.com/gpu', { name: 'GPU-1' }), 'b.yaml': yaml, 'c.txt': '{' })).toEqual({
      devices: [
        { name: 'nvidia.com/gpu=GPU-1', nodes: [] },
        { name: 'amd.com/gpu=0', nodes: ['/dev/kfd', '/dev/dri/renderD200'] },
      ],
      faults: [],
    })
  })

  test.skipIf(process.platform === 'win32')('that have no end, or are pipes, are not waited for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weft-cdi-test-'))
    try {
      await symlink('/dev/zero', join(folder, 'zero.json'))
      execFileSync('mkfifo', [join(folder, 'pipe.yaml')])
      await symlink(folder, join(folder, 'folder.yaml'))
      const { devices, faults } = await readCdiSpecs([folder])
      expect([devices, faults.length]).toEqual([[], 3])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('of a later folder win, and two of one folder that claim a name are no word for it', async () => {
    const early = { 'a.json': json('x.com/gpu', { name: 'one' }, { name: 'two' }), 'b.json': json('x.com/gpu', { name: 'two' }) }
    const late = { 'c.json': json('x.com/gpu', { name: 'one', containerEdits: { deviceNodes: [{ path: '/dev/late' }] } }) }
    expect((await specs(early, late)).devices).toEqual([{ name: 'x.com/gpu=one', nodes: ['/dev/late'] }])
  })

  test('that mean nothing, or far too much, are said so and cost no other its say', async () => {
    const { devices, faults } = await specs({
      'deep.json': `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      'deep.yaml': `kind: x.com/gpu\ndevices: ${'['.repeat(20_000)}`,
      'bomb.yaml': `a: &a [x, x]\nb: &b [*a, *a]\nkind: x.com/gpu\ndevices: [*b]`,
      'half.json': '{"kind": "x.com/gpu", "devices": [',
      'huge.json': ' '.repeat(512 * 1024),
      'kind.json': json('no kind', { name: 'one' }),
      'list.json': '[]',
      'names.json': json('y.com/gpu', { name: 'good' }, { name: '--privileged' }, { name: 7 }, {}),
    })
    expect(devices.map(({ name }) => name)).toEqual(['y.com/gpu=good'])
    expect(faults.map((fault) => fault.replace(/^.*\/(\w+\.\w+) is no CDI spec.*$/, '$1'))).toEqual([
      'bomb.yaml',
      'deep.json',
      'deep.yaml',
      'half.json',
      'huge.json',
      'kind.json',
      'list.json',
    ])
  })
})
