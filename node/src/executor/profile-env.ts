import type { EnvVar } from '@weft/protocols/wire'
import type { ContainerDevices } from './devices.ts'

/** Variables of the dynamic linker that make a program load foreign code. */
const LINKER = ['LD_PRELOAD', 'LD_LIBRARY_PATH', 'LD_AUDIT'] as const
/** What a hook of the host would read, whatever comes after. */
const HOOKS = /^NVIDIA_/
const LINKER_PREFIX = /^LD_/
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
const DEVICE_CAPABILITIES = 'compute,utility'

export interface EnvInit {
  leaseId: string
  env: readonly EnvVar[]
  imageEnv: readonly string[]
  devices: Pick<ContainerDevices, 'ids' | 'visible'>
  home: string
  scratch: string
}

/**
 * The container's environment over the image's own: defaults, then the job's, then what may not be overridden.
 *
 * The NVIDIA hooks run on the host and read the container's environment (CVE-2025-23266), so nothing of the image that
 * they would read survives: its NVIDIA_* and linker variables are overridden, which images start well with. An empty value
 * rather than a removal, because Podman fills a bare name from its own service's environment. The job may set linker
 * variables of its own where no device is granted: no hook runs then.
 */
export function containerEnv(init: EnvInit): string[] {
  const env = new Map<string, string>([
    ['HOME', init.home],
    ['TMPDIR', init.scratch],
  ])
  for (const name of LINKER) env.set(name, '')
  // A name with `=` in it would smuggle a variable past the rules below; the wire's decoder refuses it before.
  for (const { name, value } of init.env) if (PLAIN_NAME.test(name)) env.set(name, value)
  const hasDevices = init.devices.ids.length > 0
  for (const name of [...namesOf(init.imageEnv), ...env.keys()])
    if (HOOKS.test(name) || (hasDevices && LINKER_PREFIX.test(name))) env.set(name, '')
  env.set('NVIDIA_VISIBLE_DEVICES', init.devices.visible)
  env.set('NVIDIA_DRIVER_CAPABILITIES', DEVICE_CAPABILITIES)
  // Requirement expressions of an image would be evaluated on the host; the driver's own check at run time remains.
  env.set('NVIDIA_DISABLE_REQUIRE', 'true')
  env.set('WEFT_LEASE_ID', init.leaseId)
  env.set('WEFT_GPUS', String(init.devices.ids.length))
  return [...env].map(([name, value]) => `${name}=${value}`)
}

function namesOf(env: readonly string[]): string[] {
  return env.map((line) => line.split('=', 1)[0] ?? '')
}
