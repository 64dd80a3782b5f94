import { mkdir, readFile, statfs } from 'node:fs/promises'
import { arch, availableParallelism, totalmem } from 'node:os'
import { MIB } from '@weft/protocols'
import { cgroupLimits, type ReadText } from './cgroup.ts'
import { archName, type Machine } from './machine.ts'
import { nvidiaGpus, type RunTool, runTool } from './nvidia.ts'

export interface DetectInit {
  /** Whose file system counts: the data folder. */
  folder: string
  /** @default the machine's files */
  read?: ReadText
  /** @default runs it */
  run?: RunTool
}

/** What this machine has and this process may use of it: control groups are respected, as far as they say something. */
export async function detectMachine({ folder, read = readText, run = runTool }: DetectInit): Promise<Machine> {
  const [limits, gpus, diskMib] = await Promise.all([cgroupLimits(read), nvidiaGpus(run), freeMib(folder)])
  return {
    gpus,
    cpuMilli: Math.min(availableParallelism() * 1000, limits.cpuMilli ?? Number.POSITIVE_INFINITY),
    memoryMib: Math.floor(Math.min(totalmem(), limits.memoryBytes ?? Number.POSITIVE_INFINITY) / MIB),
    diskMib,
    arch: archName(arch()),
  }
}

async function freeMib(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { bavail, bsize } = await statfs(folder)
  return Math.floor((bavail * bsize) / MIB)
}

const readText: ReadText = (path) => readFile(path, 'utf8').catch(() => undefined)
