// Goal: on a machine with a card weft doctor lists it, whether it is lent, and if not why; with a broken driver it says what to do.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DoctorView } from '../../src/api/views.ts'
import { capacityText } from '../../src/cli/render/capacity.ts'
import { homePaths, initHome } from '../../src/home/index.ts'
import { weft } from './capture.ts'

const HEADER = 'index, uuid, name, memory.total [MiB], driver_version, compute_cap, gpu_recovery_action'
const UUID = 'GPU-5d2c0000-1111-2222-3333-444444444444'
const NO_ENGINE = ['--engine', 'unix:///nowhere/e.sock']
const PATH = process.env['PATH']

let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weft-doctor-'))
  await initHome(folder)
})
afterEach(() => {
  process.env['PATH'] = PATH
  rmSync(folder, { recursive: true, force: true })
})

/** Stands in for nvidia-smi on this test's PATH. */
function tool(script: string): void {
  writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, 'nvidia-smi'), 0o755)
  process.env['PATH'] = `${folder}:${PATH}`
}

const smi = (...lines: string[]) =>
  tool(`case "$*" in *--query-gpu*) cat <<'END'\n${[HEADER, ...lines].join('\n')}\nEND\n;; esac`)

async function examine(...words: string[]): Promise<{ code: number; report: DoctorView }> {
  const { code, out } = await weft('doctor', '--json', '--data', folder, ...words)
  return { code, report: JSON.parse(out) as DoctorView }
}

const MEASURED = { memoryGiB: 1, fillGiBs: 1, readsGiBs: 1, fp32Tflops: 1, fp16Tflops: null, bf16Tflops: null }

it('a machine that only rents lists its cards, and what is wrong with them is no fault of it', async () => {
  smi(
    `0, ${UUID}, NVIDIA H100 80GB HBM3, 81559, 590.48.01, 9.0, None`,
    `1, ${UUID.replace('5d', '6d')}, NVIDIA H100 80GB HBM3, 81559, 590.48.01, 9.0, Reset`,
  )
  const { code, report } = await examine(...NO_ENGINE)
  expect(code).toBe(0)
  expect(report.capacity.gpus).toMatchObject([
    {
      index: 0,
      id: UUID,
      vendor: 'nvidia',
      model: 'h100-80gb-hbm3',
      vramGiB: 79.6,
      state: 'idle',
      claimed: false,
      measured: null,
    },
    { index: 1, state: 'failed', why: expect.stringContaining('Reset') },
  ])
  expect(report.capacity.gpus[0]?.uuidHash).toMatch(/^[0-9a-f]{64}$/)
  const schema = JSON.parse(readFileSync(new URL('../../schemas/doctor.json', import.meta.url), 'utf8')) as object
  const isReport = new Ajv({ strict: false }).compile(schema)
  expect(isReport(report)).toBe(true)
  for (const disk of [
    { writeMiBs: 500, problem: null },
    { writeMiBs: null, problem: '/data takes no 256 MiB: the disk is nearly full' },
  ])
    expect(isReport({ ...report, bench: { cards: [], processor: { cores: 2, measured: MEASURED }, disk } })).toBe(true)
  const text = capacityText(report.capacity).join('\n')
  expect(text).toMatch(/^0 +nvidia h100-80gb-hbm3 +79\.6 GiB +9\.0 +590\.48\.01 +- +idle +GPU-5d2c/m)
  expect(text).toMatch(/^ {2}1: its driver asks for: Reset/m)
})

it('where a card sits, how it is linked, who uses how much of it and what tells of its health is listed too', async () => {
  const head = 'index, uuid, name, memory.total [MiB], driver_version, pci.bus_id, pcie.link.gen.max, pcie.link.width.max'
  tool(`case "$*" in
    *--query-gpu*) printf '%s\\n' '${head}' '0, ${UUID}, NVIDIA GeForce RTX 4090, 24564, 570.86.15, 00000000:01:00.0, 4, 16' ;;
    *--query-compute-apps*) echo '${UUID}, 4242, 18000'; echo '${UUID}, 4243, 432' ;;
  esac`)
  const { report } = await examine(...NO_ENGINE)
  expect(report.capacity.gpus).toMatchObject([
    {
      pci: { address: '0000:01:00.0', generation: 4, width: 16 },
      sliceOf: null,
      health: { state: 'ok', text: 'nothing bad is known' },
      processes: 2,
      usedBy: [
        { pid: 4242, memoryMib: 18_000 },
        { pid: 4243, memoryMib: 432 },
      ],
    },
  ])
  const text = capacityText(report.capacity).join('\n')
  expect(text).toMatch(/570\.86\.15 +0000:01:00\.0, PCIe 4 ×16 +2 processes, 18 GiB +idle/)
  expect(text).not.toContain('health')
  const unknown = report.capacity.gpus.map((gpu) => ({ ...gpu, health: { state: 'unknown' as const, text: 'no tool tells' } }))
  expect(capacityText({ ...report.capacity, gpus: unknown }).join('\n')).toMatch(/^ {2}0: health unknown: no tool tells$/m)
})

it('a driver that does not answer its tool is told with what to do, and is wrong where the machine is to lend', async () => {
  tool(`echo 'Failed to initialize NVML: Driver/library version mismatch'; exit 18`)
  const rents = await examine(...NO_ENGINE)
  expect(rents.code).toBe(0)
  expect(rents.report.checks).toContainEqual({
    id: 'nvidia-driver-broken',
    ok: true,
    text: 'nvidia-smi says: Failed to initialize NVML: Driver/library version mismatch',
    fix: expect.stringContaining('restart the machine'),
  })
  writeFileSync(homePaths(folder).config, 'provide: true\n')
  const { report } = await examine(...NO_ENGINE)
  expect(report.checks.find(({ id }) => id === 'nvidia-driver-broken')?.ok).toBe(false)
  const { out } = await weft('doctor', '--data', folder, ...NO_ENGINE)
  expect(out).toMatch(/^BAD {2}nvidia-driver-broken nvidia-smi says: Failed to initialize.*\n +→ restart the machine/m)
})

it('a capacity file with an error is told with its line', async () => {
  writeFileSync(join(folder, 'capacity.yaml'), '\nhours: 25:00-26:00\n')
  writeFileSync(homePaths(folder).config, 'provide: true\n')
  const { code, report } = await examine(...NO_ENGINE)
  expect(code).toBe(1)
  expect(report.checks.find(({ id }) => id === 'capacity-file')).toMatchObject({
    ok: false,
    text: expect.stringMatching(/capacity\.yaml:2: hours must be/),
  })
})

it('what only the capacity file says is there is shown as claimed', async () => {
  writeFileSync(join(folder, 'capacity.yaml'), `claim:\n  - { id: ${UUID}, vendor: nvidia, model: gb10, vram: 96g }\n`)
  const { report } = await examine(...NO_ENGINE)
  expect(report.capacity.gpus).toMatchObject([{ id: UUID, model: 'gb10', vramGiB: 96, claimed: true, measured: null }])
})
