import { MIB } from '@weft/protocols'
import type { Device } from './device.ts'
import { line, wholeNumber } from './pci.ts'
import type { Probe } from './probe.ts'

/** MiB of a card's memory that anybody uses, the driver included; undefined where nothing tells, as of a slice or an Intel card. */
export async function memoryInUse(probe: Probe, { id, vendor, pci, sliceOf }: Device): Promise<number | undefined> {
  if (vendor === 'nvidia' && sliceOf === undefined) {
    const answer = await probe.run('nvidia-smi', ['-i', id, '--query-gpu=memory.used', '--format=csv,noheader,nounits'])
    return answer.type === 'done' ? wholeNumber(answer.text.trim()) : undefined
  }
  if (vendor !== 'amd' || pci === undefined) return undefined
  // https://docs.kernel.org/gpu/amdgpu/driver-misc.html, mem_info_vram_used
  const bytes = wholeNumber(await line(probe, `/sys/bus/pci/devices/${pci.address}/mem_info_vram_used`))
  return bytes === undefined ? undefined : Math.ceil(bytes / MIB)
}
