// Goal: a job on a card that vanishes ends by its provider's fault and is finished elsewhere, on a card that its container sees.
// Method: real peers and containers; the cards are a stand-in for nvidia-smi, which the test can change, and a CDI spec.
import { randomUUID } from 'node:crypto'
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobView, LeaseView, OfferView, ReceiptView } from '@weft/protocols/core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { engines } from '../executor/engines.ts'
import { busyboxImage } from '../executor/images.ts'
import { TestMesh } from './processes.ts'

const PATIENT = { timeout: 60_000, interval: 100 }
const COLUMNS =
  'index, uuid, name, memory.total [MiB], driver_version, pci.bus_id, pcie.link.gen.max, pcie.link.width.max, mig.mode.current, ecc.errors.uncorrected.volatile.total, compute_cap, remapped_rows.pending, remapped_rows.failure, gpu_recovery_action'
const NVIDIA_SMI = `#!/bin/sh
case "$*" in
  *query-gpu=memory.used*) echo 12 ;;
  *query-gpu=*) cat "\${0%/*}/cards" ;;
esac
`
const NVIDIA_CTK = '#!/bin/sh\necho NVIDIA Container Toolkit CLI version 1.17.8\n'

const cdi = await Promise.all(
  engines.map(async (engine) => ({
    engine,
    folder: process.getuid?.() === 0 ? (await engine.devices()).cdiFolders.at(-1) : undefined,
  })),
)
const able = cdi.find(({ folder }) => folder !== undefined)

if (able === undefined)
  test('what becomes of a job whose card vanishes is only shown to root, where an engine knows CDI', ({ skip }) =>
    skip('none does'))

describe.skipIf(able === undefined)('a card that vanishes under a job', () => {
  const { engine, folder: specs = '' } = able ?? {}
  const cards = { first: `GPU-${randomUUID()}`, second: `GPU-${randomUUID()}` }
  const spec = join(specs, `weft-test-${randomUUID()}.json`)
  let mesh: TestMesh
  let image = ''
  const toolsOf = (name: string): string => join(mesh.folder, `${name}-tools`)

  /** What nvidia-smi says from now on on the machine of that provider. */
  async function tell(name: keyof typeof cards, isThere: boolean): Promise<void> {
    const row = `0, ${cards[name]}, NVIDIA L40S, 46068, 595.80, 00000000:01:00.0, 4, 16, [N/A], 0, 8.9, No, No, None\n`
    const draft = join(toolsOf(name), 'cards.draft')
    await writeFile(draft, isThere ? `${COLUMNS}\n${row}` : 'No devices were found\n')
    await rename(draft, join(toolsOf(name), 'cards'))
  }

  async function provider(name: keyof typeof cards, price: string, bootstrap: readonly string[]): Promise<string> {
    await mkdir(toolsOf(name))
    await tell(name, true)
    for (const [tool, text] of [
      ['nvidia-smi', NVIDIA_SMI],
      ['nvidia-ctk', NVIDIA_CTK],
    ] as const) {
      await writeFile(join(toolsOf(name), tool), text)
      await chmod(join(toolsOf(name), tool), 0o755)
    }
    const env = { PATH: `${toolsOf(name)}:${process.env['PATH']}` }
    const words = ['--provide', '--gpu-price', price, '--cpus', '1', '--memory', '512m', '--engine', engine?.host ?? '']
    return (await mesh.upIn(env, name, ...words, ...bootstrap)).addresses[0] ?? ''
  }

  beforeAll(async () => {
    if (engine === undefined) return
    image = (await busyboxImage(engine)).imageId
    mesh = await TestMesh.create()
    await mkdir(join(mesh.folder, 'mark'), { mode: 0o755 })
    await chmod(mesh.folder, 0o755)
    const devices = Object.values(cards).map((id) => ({
      name: id,
      containerEdits: {
        env: [`WEFT_GRANTED=${id}`],
        mounts: [{ hostPath: join(mesh.folder, 'mark'), containerPath: '/mark', options: ['ro', 'bind'] }],
      },
    }))
    await mkdir(specs, { recursive: true })
    await writeFile(spec, JSON.stringify({ cdiVersion: '0.5.0', kind: 'nvidia.com/gpu', devices }))
    const address = await provider('first', '0.5', [])
    await provider('second', '0.9', ['--bootstrap', address])
    await mesh.up('renter', '--bootstrap', address, '--engine', engine.host)
    await vi.waitFor(async () => expect(await mesh.json<OfferView[]>('renter', 'offers')).toHaveLength(2), PATIENT)
  })
  afterAll(async () => {
    await rm(spec, { force: true })
    await mesh?.stop()
  })

  test('ends its lease by the provider’s fault, and the job is done on another’s card', async () => {
    // On the first card the program goes on until the card is gone, and fails of it, as a program does.
    const script = `echo has $WEFT_GRANTED $WEFT_GPUS; [ $WEFT_GRANTED = ${cards.second} ] && exit 0; until [ -e /mark/gone ]; do sleep 0.1; done; exit 1`
    const wanted = ['--gpus', '1', '--vram', '40', '--cpus', '1', '--memory', '128m', '--disk', '64m']
    const words = ['-d', '--name', 'lost', '-y', '--max-price', '2', ...wanted, image, 'sh', '-c', script]
    expect((await mesh.weft('renter', 'run', ...words)).code).toBe(0)
    const shown = () => mesh.json<JobView>('renter', 'show', 'lost')
    await vi.waitFor(async () => expect((await shown()).state).toBe('running'), PATIENT)
    await tell('first', false)
    await writeFile(join(mesh.folder, 'mark', 'gone'), '')
    await vi.waitFor(async () => expect((await shown()).state).toBe('done'), PATIENT)
    const job = await shown()
    expect(job.attempts.map(({ endReason, next }) => [endReason, next])).toEqual([
      ['provider.device', 'retry'],
      ['workload.done', 'end'],
    ])
    // What it did since the last receipt that both signed is not billed.
    const signed = (await mesh.json<ReceiptView[]>('first', 'receipts')).filter(({ kind }) => kind !== 'final')
    expect(job.attempts[0]?.amount).toBe(signed.at(-1)?.amount ?? '0')
    expect((await mesh.weft('renter', 'logs', 'lost')).out).toContain(`has ${cards.second} 1\n`)
    const leases = await mesh.json<LeaseView[]>('first', 'leases')
    expect(leases).toMatchObject([{ endReason: 'provider.device' }])
    const doctor = await mesh.json<{ ok: boolean }>('first', 'doctor')
    expect(doctor.ok).toBe(false)
    expect(JSON.stringify(doctor)).toMatch(/not lent: .*does not find it/)
  })
})
