/**
 * Measures this machine: its cards, its processor and its disk.
 *
 * ```ts
 * const { cards } = await bench((await detectDevices(machineProbe())).devices, '.')
 * ```
 */
export * from './bench.ts'
export { MachineMeter } from './machine-meter.ts'
