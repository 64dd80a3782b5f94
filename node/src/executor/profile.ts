/**
 * The hardened container profile: one pure function from what a lease grants to the body of Docker's
 * `POST /containers/create`. Nothing in a spec reaches a security field; relaxations will be explicit fields that a
 * provider must allow. What each field is for: Docker Engine API v1.41, `ContainerCreate`.
 */

import { createHash } from 'node:crypto'
import { MIB } from '@weft/protocols'
import type { Work } from '@weft/protocols/ports'
import { type ContainerDevices, type DeviceMapping, type DeviceRequest, NO_DEVICES } from './devices.ts'
import { containerEnv } from './profile-env.ts'

/** The user `nobody` of every distribution: owns nothing on the host. */
export const WORK_UID = 65534
export const WORK_USER = `${WORK_UID}:${WORK_UID}`
/** Writable and executable, in memory, gone with the container. */
export const SCRATCH_PATH = '/tmp'
export const HOME_PATH = '/home/weft'
export const PIDS_MAX = 512
export const OPEN_FILES_MAX = 4096

/** Docker reads 0 as "no limit", so a grant that says 0 gets these. 6 MiB is the least that Docker takes. */
const MEMORY_MIB_MIN = 16
const CPU_MILLI_MIN = 10

/**
 * What a container says of itself to whoever finds it. A lease is one attempt at an order. The permit is the one that held when
 * the container was made: what is known of it where nothing else is left.
 */
export const LABELS = {
  peer: 'weft.peer',
  network: 'weft.network',
  order: 'weft.order',
  lease: 'weft.lease',
  spec: 'weft.spec',
  permit: 'weft.permit',
  era: 'weft.era',
  grace: 'weft.grace',
  /** Devices granted to it, separated by commas. */
  devices: 'weft.devices',
} as const

/** One folder or file of this machine, seen inside the container. */
export interface HostMount {
  /** Absolute path on this machine. */
  source: string
  /** Absolute path inside the container. */
  target: string
  readOnly: boolean
}

export interface ProfileInit {
  work: Pick<Work, 'leaseId' | 'orderId' | 'spec' | 'grant' | 'permit'>
  peerId: string
  network: string
  /** Of the clock that the permit is a reading of. */
  era: string
  /** The image's id; empty falls back to nothing: callers resolve it first. */
  imageId: string
  /** `NAME=value` as the image sets them. */
  imageEnv: readonly string[]
  /** As `volumePaths` gives them. */
  imageVolumes: readonly string[]
  mounts: readonly HostMount[]
  /** Exactly these devices. @default none */
  devices?: ContainerDevices
}

interface BindMount {
  Type: 'bind'
  Source: string
  Target: string
  ReadOnly: boolean
  BindOptions: { Propagation: 'rprivate' }
}

/** The part of Docker's create body that is ever set. */
export interface ContainerBody {
  Image: string
  Cmd?: string[]
  Env: string[]
  WorkingDir?: string
  User: string
  Hostname: string
  Labels: Record<string, string>
  AttachStdin: boolean
  AttachStdout: boolean
  AttachStderr: boolean
  OpenStdin: boolean
  StdinOnce: boolean
  Tty: boolean
  NetworkDisabled: boolean
  StopSignal: string
  Healthcheck: { Test: string[] }
  HostConfig: {
    Privileged: boolean
    CapDrop: string[]
    CapAdd: string[]
    SecurityOpt: string[]
    NetworkMode: string
    IpcMode: string
    PidMode: string
    UTSMode: string
    CgroupnsMode: string
    ReadonlyRootfs: boolean
    Tmpfs: Record<string, string>
    ShmSize: number
    Mounts: BindMount[]
    Memory: number
    MemorySwap: number
    NanoCpus: number
    PidsLimit: number
    OomScoreAdj: number
    Ulimits: { Name: string; Soft: number; Hard: number }[]
    LogConfig: { Type: string; Config: Record<string, string> }
    Init: boolean
    RestartPolicy: { Name: string; MaximumRetryCount: number }
    AutoRemove: boolean
    PublishAllPorts: boolean
    DeviceRequests: DeviceRequest[]
    Devices: DeviceMapping[]
    GroupAdd: string[]
  }
}

/** The container's name: a lease has one container, because an engine never gives one name twice. */
export function containerName(leaseId: string): string {
  return `weft-${leaseId.slice(0, 32)}`
}

/** The create body for one lease. */
export function containerBody(init: ProfileInit): ContainerBody {
  const { spec, grant, leaseId, orderId, permit } = init.work
  const devices = init.devices ?? NO_DEVICES
  const memory = Math.max(Math.floor(grant.memoryMib), MEMORY_MIB_MIN) * MIB
  const body: ContainerBody = {
    Image: init.imageId,
    ...(spec.command.length > 0 ? { Cmd: [...spec.command] } : {}),
    Env: containerEnv({ leaseId, env: spec.env, imageEnv: init.imageEnv, devices, home: HOME_PATH, scratch: SCRATCH_PATH }),
    ...(spec.workdir === '' ? {} : { WorkingDir: spec.workdir }),
    User: WORK_USER,
    Hostname: 'weft',
    Labels: {},
    AttachStdin: false,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: false,
    StdinOnce: false,
    Tty: false,
    NetworkDisabled: true,
    StopSignal: 'SIGTERM',
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      Privileged: false,
      CapDrop: ['ALL'],
      CapAdd: [],
      // seccomp and AppArmor are absent: absent means the engine's default profiles, and naming one could only weaken them.
      SecurityOpt: ['no-new-privileges:true'],
      NetworkMode: 'none',
      IpcMode: 'private',
      PidMode: '',
      UTSMode: '',
      CgroupnsMode: 'private',
      ReadonlyRootfs: true,
      Tmpfs: tmpfs(memory, init),
      // PyTorch's DataLoader dies in Docker's 64 MiB; pages are counted in Memory like any other.
      ShmSize: Math.floor(memory / 2),
      Mounts: init.mounts.map(bindMount),
      Memory: memory,
      MemorySwap: memory,
      NanoCpus: Math.max(Math.floor(grant.cpuMilli), CPU_MILLI_MIN) * 1_000_000,
      PidsLimit: PIDS_MAX,
      OomScoreAdj: 500,
      Ulimits: [
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'nofile', Soft: OPEN_FILES_MAX, Hard: OPEN_FILES_MAX },
      ],
      // The peer spools the attached stream itself; a second copy in the engine would be unbounded or lose the same bytes.
      LogConfig: { Type: 'none', Config: {} },
      Init: true,
      // The exit code must survive a crash of the peer.
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
      AutoRemove: false,
      PublishAllPorts: false,
      DeviceRequests: devices.requests,
      Devices: devices.mappings,
      GroupAdd: devices.groups,
    },
  }
  body.Labels = {
    [LABELS.peer]: init.peerId,
    [LABELS.network]: init.network,
    [LABELS.order]: orderId,
    [LABELS.lease]: leaseId,
    [LABELS.spec]: specHash(body),
    [LABELS.permit]: String(Math.floor(permit.untilMono)),
    [LABELS.era]: init.era,
    [LABELS.grace]: String(permit.graceMs),
    [LABELS.devices]: devices.ids.join(','),
  }
  return body
}

/**
 * Half of the memory each: filling one says "no space left" before the kernel kills the job. They have an owner because runc
 * gives a tmpfs the mode of the folder that the image has in its place.
 */
function tmpfs(memory: number, init: ProfileInit): Record<string, string> {
  const options = `rw,exec,nosuid,nodev,mode=1777,uid=${WORK_UID},gid=${WORK_UID},size=${Math.floor(memory / 2)}`
  const taken = new Set(init.mounts.map((mount) => mount.target))
  // An image's VOLUME would become an unbounded writable folder on the host's disk.
  const paths = [SCRATCH_PATH, HOME_PATH, ...init.imageVolumes]
  return Object.fromEntries(paths.filter((path) => !taken.has(path)).map((path) => [path, options]))
}

function bindMount(mount: HostMount): BindMount {
  return {
    Type: 'bind',
    Source: mount.source,
    Target: mount.target,
    ReadOnly: mount.readOnly,
    BindOptions: { Propagation: 'rprivate' },
  }
}

/** Says whether a container that is there already is the one that would be created. */
function specHash(body: ContainerBody): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex')
}
