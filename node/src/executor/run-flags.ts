import type { ContainerBody } from './profile.ts'

/** The flags with which an engine's own `run` or `create` makes the same container: for measuring against it, and for people. */
export function runFlags(body: ContainerBody): string[] {
  const { HostConfig: host } = body
  return [
    ...pairs(
      '--label',
      Object.entries(body.Labels).map(([name, value]) => `${name}=${value}`),
    ),
    ...pairs('--env', body.Env),
    ...(body.WorkingDir === undefined ? [] : ['--workdir', body.WorkingDir]),
    ...['--user', body.User, '--hostname', body.Hostname, '--stop-signal', body.StopSignal, '--no-healthcheck'],
    ...pairs('--cap-drop', host.CapDrop),
    ...pairs('--security-opt', host.SecurityOpt),
    ...['--network', host.NetworkMode, '--ipc', host.IpcMode, '--cgroupns', host.CgroupnsMode],
    ...(host.ReadonlyRootfs ? ['--read-only'] : []),
    ...pairs(
      '--tmpfs',
      Object.entries(host.Tmpfs).map(([path, options]) => `${path}:${options}`),
    ),
    ...pairs('--mount', host.Mounts.map(mountFlag)),
    ...['--shm-size', String(host.ShmSize), '--memory', String(host.Memory), '--memory-swap', String(host.MemorySwap)],
    ...[
      '--cpus',
      String(host.NanoCpus / 1e9),
      '--pids-limit',
      String(host.PidsLimit),
      '--oom-score-adj',
      String(host.OomScoreAdj),
    ],
    ...pairs(
      '--ulimit',
      host.Ulimits.map(({ Name, Soft, Hard }) => `${Name}=${Soft}:${Hard}`),
    ),
    ...['--log-driver', host.LogConfig.Type, '--restart', host.RestartPolicy.Name],
    ...(host.Init ? ['--init'] : []),
    ...host.DeviceRequests.flatMap(({ Driver, DeviceIDs }) =>
      Driver === 'cdi' ? pairs('--device', DeviceIDs) : ['--gpus', `"device=${DeviceIDs.join(',')}"`],
    ),
    ...pairs(
      '--device',
      host.Devices.map(({ PathOnHost, PathInContainer, CgroupPermissions }) =>
        [PathOnHost, PathInContainer, CgroupPermissions].join(':'),
      ),
    ),
    ...pairs('--group-add', host.GroupAdd),
  ]
}

function pairs(flag: string, values: readonly string[]): string[] {
  return values.flatMap((value) => [flag, value])
}

function mountFlag(mount: ContainerBody['HostConfig']['Mounts'][number]): string {
  const { Source, Target, ReadOnly, BindOptions } = mount
  return `type=bind,source=${Source},target=${Target},bind-propagation=${BindOptions.Propagation}${ReadOnly ? ',readonly' : ''}`
}
