import type { ContainerBody } from './profile.ts'

/** What Podman's own API takes to create a container: https://docs.podman.io/en/latest/_static/api.html, `ContainerCreateLibpod`. */
export type PodmanSpec = Readonly<Record<string, unknown>>

const PERIOD_US = 100_000
const SIGNALS: Readonly<Record<string, number>> = { SIGTERM: 15 }

/**
 * The same container in the words of Podman's own API. Its Docker-compatible one drops device requests without a word up to
 * some version of 5 (https://github.com/containers/podman/issues/22645; 4.3.1 does, 5.4.2 does not), knows no device by a CDI
 * name, and hands the service's proxy settings to the container.
 */
export function podmanSpec(name: string, body: ContainerBody): PodmanSpec {
  const { HostConfig: host } = body
  return {
    name,
    image: body.Image,
    ...(body.Cmd === undefined ? {} : { command: body.Cmd }),
    env: Object.fromEntries(body.Env.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])),
    httpproxy: false,
    ...(body.WorkingDir === undefined ? {} : { work_dir: body.WorkingDir, create_working_dir: true }),
    user: body.User,
    groups: host.GroupAdd,
    hostname: body.Hostname,
    labels: body.Labels,
    stdin: body.OpenStdin,
    terminal: body.Tty,
    stop_signal: SIGNALS[body.StopSignal],
    healthconfig: body.Healthcheck,
    // An image whose command is called init would get writable folders of the host's control groups.
    systemd: 'false',
    image_volume_mode: 'ignore',
    privileged: host.Privileged,
    cap_drop: host.CapDrop,
    cap_add: host.CapAdd,
    no_new_privileges: host.SecurityOpt.includes('no-new-privileges:true'),
    read_only_filesystem: host.ReadonlyRootfs,
    netns: { nsmode: host.NetworkMode },
    ipcns: { nsmode: host.IpcMode },
    pidns: { nsmode: 'private' },
    utsns: { nsmode: 'private' },
    cgroupns: { nsmode: host.CgroupnsMode },
    mounts: [...host.Mounts.map(bindMount), ...Object.entries(host.Tmpfs).map(tmpfsMount)],
    shm_size: host.ShmSize,
    resource_limits: {
      memory: { limit: host.Memory, swap: host.MemorySwap },
      cpu: { period: PERIOD_US, quota: Math.max(1000, Math.round((host.NanoCpus / 1e9) * PERIOD_US)) },
      pids: { limit: host.PidsLimit },
    },
    oom_score_adj: host.OomScoreAdj,
    r_limits: [...host.Ulimits, NPROC].map(({ Name, Soft, Hard }) => ({ type: Name, soft: Soft, hard: Hard })),
    log_configuration: { driver: host.LogConfig.Type },
    init: host.Init,
    restart_policy: host.RestartPolicy.Name,
    remove: host.AutoRemove,
    publish_image_ports: host.PublishAllPorts,
    devices: [
      ...host.DeviceRequests.flatMap(({ DeviceIDs }) => DeviceIDs),
      ...host.Devices.map(({ PathOnHost, PathInContainer, CgroupPermissions: may }) =>
        [PathOnHost, PathInContainer, may].join(':'),
      ),
    ].map((path) => ({ path })),
  }
}

/**
 * Podman raises a limit that is not given to its own maximum, which the kernel refuses where the service lacks CAP_SYS_RESOURCE.
 * The kernel counts per user over all containers, so this only has to be more than those together need; PidsLimit bounds each.
 */
const NPROC = { Name: 'nproc', Soft: 16_384, Hard: 16_384 }

function bindMount({ Source, Target, ReadOnly, BindOptions }: ContainerBody['HostConfig']['Mounts'][number]): PodmanSpec {
  const options = ['rbind', BindOptions.Propagation, ReadOnly ? 'ro' : 'rw', 'nosuid', 'nodev']
  return { type: 'bind', source: Source, destination: Target, options }
}

/** Podman 4 knows no owner of a tmpfs; the mode alone serves, but for images whose own /tmp is not open to all. */
function tmpfsMount([destination, options]: [string, string]): PodmanSpec {
  const kept = options.split(',').filter((option) => !/^[ug]id=/.test(option))
  return { type: 'tmpfs', source: 'tmpfs', destination, options: kept }
}
