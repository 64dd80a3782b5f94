import type { CapacityView } from '../../api/views.ts'
import { formatDuration } from '../parse/values.ts'
import { flopsText, gibText, rateText } from './rates.ts'
import { type Column, clean, tableOf } from './table.ts'

const MIB_PER_GIB = 1024

type Gpu = CapacityView['gpus'][number]

const COLUMNS: readonly Column<Gpu>[] = [
  { head: '#', cell: ({ index }) => String(index) },
  { head: 'GPU', cell: ({ vendor, model }) => `${vendor} ${model || '?'}` },
  { head: 'memory', cell: ({ vramGiB }) => (vramGiB === 0 ? '?' : `${vramGiB} GiB`) },
  { head: 'capability', cell: ({ computeCapability }) => computeCapability || '-', spare: 1 },
  { head: 'driver', cell: ({ driver }) => driver || '-', spare: 3 },
  { head: 'PCI', cell: pciText, ifAny: true, spare: 4 },
  { head: 'used by', cell: usersText, spare: 2 },
  {
    head: 'state',
    cell: ({ state, claimed, leased }) => `${state}${claimed ? ', only claimed' : ''}${leased ? ', leased now' : ''}`,
  },
  { head: 'id', cell: ({ id }) => id },
]

/** What this machine has, as `weft doctor` shows it. `width`: of the terminal. */
export function capacityText(
  { gpus, cpus, memoryGiB, diskGiB, linkMbit, measuredByOthers }: CapacityView,
  width?: number,
): string[] {
  const link = linkMbit === null ? '' : `, network link of ${linkMbit} Mbit/s`
  const notes = Map.groupBy(
    gpus.flatMap((gpu) => notesOf(gpu).map((note) => ({ index: gpu.index, note }))),
    ({ note }) => note,
  )
  return [
    '',
    `this machine has ${cpus} core${cpus === 1 ? '' : 's'}, ${memoryGiB} GiB of memory, ${diskGiB} GiB of disk free${link}`,
    ...(gpus.length === 0
      ? ['no GPU was found']
      : [
          tableOf(COLUMNS, gpus, width),
          ...[...notes].map(([note, of]) => `  ${of.map(({ index }) => index).join(', ')}: ${clean(note)}`),
        ]),
    ...gpus.flatMap((gpu) => measuredText(String(gpu.index), gpu.measuredByOthers)),
    ...measuredText('processor', measuredByOthers),
  ]
}

/** `0000:65:00.0, PCIe 4 ×16`. */
function pciText({ pci }: Gpu): string {
  if (pci === null) return '-'
  const lanes = pci.width === null ? '' : ` ×${pci.width}`
  return `${pci.address}${pci.generation === null ? '' : `, PCIe ${pci.generation}${lanes}`}`
}

function usersText({ processes, usedBy }: Gpu): string {
  if (processes === 0) return '-'
  const usedMib = usedBy.reduce((sum, { memoryMib }) => sum + memoryMib, 0)
  const memory = usedMib === 0 ? '' : `, ${Math.round((usedMib / MIB_PER_GIB) * 10) / 10} GiB`
  return `${processes} process${processes === 1 ? '' : 'es'}${memory}`
}

/** Why it is not lent, and where nothing tells whether it is well. */
const notesOf = ({ state, why, health }: Gpu): string[] => [
  ...(why === '' || state === 'idle' ? [] : [why]),
  ...(health.state === 'unknown' ? [`health unknown: ${health.text}`] : []),
]

/** What others measured, by how many, how long ago. */
function measuredText(what: string, measured: CapacityView['measuredByOthers']): string[] {
  if (measured === null) return []
  const { challengers, ageSeconds, memoryGiB, readsGiBs, fp32Tflops } = measured
  const who = `${challengers} other peer${challengers === 1 ? '' : 's'}`
  const seen = `${gibText(memoryGiB)} read at ${rateText(readsGiBs)}, ${flopsText(fp32Tflops)}`
  return [`  ${what}: ${who} measured ${seen}, ${formatDuration(ageSeconds * 1000)} ago`]
}
