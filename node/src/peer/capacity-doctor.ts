/** What `weft doctor` says of what a machine has and lends. */
import { messageOf } from '@weft/protocols'
import type { CapacityView, DoctorView } from '../api/views.ts'
import type { Device } from '../capacity/device.ts'
import {
  allDevices,
  DeviceLocks,
  detectMachine,
  deviceHex,
  type Fault,
  type FileView,
  type Kept,
  type Machine,
  openCapacityFile,
  seenLocks,
} from '../capacity/index.ts'
import type { Settings } from '../config/index.ts'
import type { Engine } from '../executor/index.ts'
import { lookIn } from '../guard/door.ts'
import { homePaths } from '../home/index.ts'
import type { Unpriced } from '../prices/book.ts'
import { announcedPrices } from '../prices/by-class.ts'
import { advised, type Check, ill, well } from './doctor.ts'
import { keptByReason } from './lent-text.ts'
import { Offering } from './offering.ts'

const MIB_PER_GIB = 1024
const gib = (mib: number): number => Math.round((mib / MIB_PER_GIB) * 10) / 10

const USERS_MAX = 64

type Report = Pick<DoctorView, 'checks' | 'capacity'>

/** What others measured of a card, by its hash in hex, or of the processor (''). */
type MeasuredByOthers = (card: string) => CapacityView['measuredByOthers']
const UNKNOWN: MeasuredByOthers = () => null

/** Of a peer that lends. */
export function offeringReport(
  offering: Pick<Offering, 'machine' | 'devices' | 'file' | 'now' | 'isLeased'>,
  measured = UNKNOWN,
): Report {
  const { machine, devices, file, now } = offering
  return {
    checks: [...machine.faults.map((fault) => faultCheck(fault, true)), ...keptChecks(now.kept), ...fileChecks(file)],
    capacity: capacityView(machine, devices, (device) => stateOf(device, now.kept), {
      measured,
      isLeased: (id) => offering.isLeased(id),
    }),
  }
}

/** Of a machine on which no peer lends now. `lends`: one would, with these settings. */
export async function machineReport(
  engine: Engine | undefined,
  { folder, settings, lends }: { folder: string; settings: Settings; lends: boolean },
): Promise<Report> {
  const file = await openCapacityFile(folder, settings.lendFile).catch((error: unknown) =>
    advised('capacity-file', !lends, messageOf(error)),
  )
  if ('id' in file) {
    const report = await foundReport(folder, lends)
    return { ...report, checks: [...report.checks, file] }
  }
  if (engine === undefined || !lends) return foundReport(folder, lends, file.rules.claims)
  const priced = (capacity: Unpriced) => ({ ...capacity, ...announcedPrices(capacity.gpus, settings.prices) })
  // What this peer's own guard holds, of containers that an earlier peer of this folder left, is this one's.
  const locks = new DeviceLocks(seenLocks(new Set((await lookIn(homePaths(folder).guard))?.held)))
  const offering = await Offering.open({ folder, settings, priced, engine, onWarning: () => undefined, locks })
  try {
    return offeringReport(offering)
  } finally {
    await offering.stop()
  }
}

/** What is there, while nothing is lent. */
export async function foundReport(folder: string, lends: boolean, claims: readonly Device[] = []): Promise<Report> {
  const machine = await detectMachine({ folder })
  const state = ({ health }: Device): [CapacityView['gpus'][number]['state'], string] =>
    health.state === 'failed' ? ['failed', health.text] : ['idle', 'nothing is lent now']
  return {
    checks: machine.faults.map((fault) => faultCheck(fault, lends)),
    capacity: capacityView(machine, allDevices(machine, { claims }), state, { measured: UNKNOWN, isLeased: () => false }),
  }
}

/** What keeps a card from being lent is nothing wrong with a machine that lends nothing. */
const faultCheck = ({ id, text, fix }: Fault, lends: boolean): Check => ({ id, ok: !lends, text, fix })

const keptChecks = (kept: readonly Kept[]): Check[] =>
  keptByReason(kept.filter(({ state }) => state === 'failed' || state === 'unavailable')).map(({ names, count, why }) => {
    const check = advised('device', false, `${names} ${count === 1 ? 'is' : 'are'} not lent: ${why}`)
    return check.fix === '' ? { ...check, fix: 'it is lent again by itself when that is over' } : check
  })

function fileChecks({ path, state, problem }: FileView): Check[] {
  if (state === 'none') return []
  if (state === 'in-force') return [well('capacity-file', `${path} is in force`)]
  return [ill('capacity-file', `${problem}; what was in force before stays so`, 'correct it; it is read again at once')]
}

function stateOf({ id }: Device, kept: readonly Kept[]): [CapacityView['gpus'][number]['state'], string] {
  const found = kept.find(({ device }) => device.id === id)
  return found === undefined ? ['lent', ''] : [found.state, found.why]
}

function capacityView(
  machine: Machine,
  devices: readonly Device[],
  stateOf: (device: Device) => [CapacityView['gpus'][number]['state'], string],
  { measured, isLeased }: { measured: MeasuredByOthers; isLeased: (id: string) => boolean },
): CapacityView {
  return {
    gpus: devices.map((device, index) => {
      const [state, why] = stateOf(device)
      const { id, vendor, model, vramMib, computeCapability, driver, sliceOf, health, usedBy, isClaimed } = device
      const uuidHash = deviceHex(id)
      return {
        ...{ index, id, vendor, model, vramGiB: gib(vramMib), uuidHash },
        ...{
          computeCapability,
          driver,
          pci: pciView(device),
          sliceOf: sliceOf ?? null,
          health,
          state,
          why,
          leased: isLeased(id),
        },
        processes: usedBy.length,
        usedBy: usedBy.toSorted((a, b) => b.memoryMib - a.memoryMib).slice(0, USERS_MAX),
        claimed: isClaimed === true,
        ...{ measured: null, measuredByOthers: measured(uuidHash) },
      }
    }),
    measuredByOthers: measured(''),
    cpus: machine.cpuMilli / 1000,
    memoryGiB: gib(machine.memoryMib),
    diskGiB: gib(machine.diskMib),
    linkMbit: machine.linkMbit ?? null,
  }
}

const pciView = ({ pci }: Device): CapacityView['gpus'][number]['pci'] =>
  pci === undefined ? null : { address: pci.address, generation: pci.generation ?? null, width: pci.width ?? null }
