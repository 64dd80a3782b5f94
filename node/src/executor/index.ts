/**
 * Runs other people's containers: finds an engine, hardens every container, spools its output, collects what it wrote.
 *
 * @example
 * const { engine, failures } = await findEngine()
 * const runner = new Runner({ engine, folder, peerId, network, content, askForImage, log })
 */
export * from './content-fetcher.ts'
export * from './device-support.ts'
export * from './devices.ts'
export * from './docker-engine.ts'
export * from './engine.ts'
export * from './find-engine.ts'
export * from './log.ts'
export * from './process-engine.ts'
export * from './profile.ts'
export * from './run-flags.ts'
export * from './runner.ts'
export * from './spool.ts'
