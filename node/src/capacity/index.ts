/**
 * What this machine can lend.
 *
 * @example
 * const { capacity, warnings } = applyLimits(await detectMachine({ folder: home.folder }), settings.lend)
 */
export { detectMachine } from './detect.ts'
export { type Detection, type Detector, type Device, type Fault, VENDORS, type Vendor } from './device.ts'
export { applyLimits, type Lent } from './lend.ts'
export { archName, type Machine } from './machine.ts'
export { modelName, nvidiaGpus, parseNvidiaSmi, type RunTool } from './nvidia.ts'
