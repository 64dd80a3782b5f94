/**
 * What this machine can lend.
 *
 * @example
 * const { capacity, kept, warnings } = lendable(await detectMachine({ folder: home.folder }), { limits: settings.lend })
 */

export { readCapacityFile } from './capacity-file.ts'
export { detectDevices, detectMachine, detectSize } from './detect.ts'
export { type Detection, type Detector, type Device, type Fault, VENDORS, type Vendor } from './device.ts'
export { DeviceLocks, seenLocks } from './device-locks.ts'
export { isWithin, localText } from './hours.ts'
export { inUseBy, isChild } from './in-use.ts'
export { deviceHash, deviceHex, gpuKinds } from './kinds.ts'
export { allDevices, type Kept, type LendTerms, type Lent, lendable } from './lend.ts'
export { archName, type Machine, type MachineSize } from './machine.ts'
export { modelName } from './model-name.ts'
export { machineProbe, type Probe } from './probe.ts'
export { recordMachine } from './record.ts'
export { type Recording, readRecording, recordedProbe, replay } from './recorded.ts'
export { type CapacityRules, NO_RULES } from './rules.ts'
export { type FileView, openCapacityFile, WatchedFile } from './watched-file.ts'
