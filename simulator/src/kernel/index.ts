/** Virtual time, the order of events, random numbers and messages: what every model runs on. */
export * from './draws.ts'
export * from './fan.ts'
export * from './kernel.ts'
export * from './messages.ts'
export * from './ports.ts'
export { CLASSES_MAX, EVENTS_MAX_DEFAULT, EventsMaxError, TIME_US_MAX, TimeError, WORLD } from './queue.ts'
export { checkQuantiles, meanOfQuantiles, sampleQuantiles } from './sampling.ts'
