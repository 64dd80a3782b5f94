/**
 * What this machine can lend.
 *
 * @example
 * const { capacity, warnings } = applyLimits(await detectMachine({ folder: home.folder }), settings.lend)
 */
export { detectDevices, detectMachine } from './detect.ts'
export { type Detection, type Detector, type Device, type Fault, VENDORS, type Vendor } from './device.ts'
export { deviceHash, gpuKinds } from './kinds.ts'
export { applyLimits, type Lent } from './lend.ts'
export { archName, type Machine } from './machine.ts'
export { modelName } from './model-name.ts'
export { machineProbe, type Probe } from './probe.ts'
export { type Recording, readRecording, recordedProbe, replay } from './recorded.ts'
