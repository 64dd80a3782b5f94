import fc from 'fast-check'

/**
 * Property tests try the same cases on every machine, so that a change is never refused for a case that another one would have met.
 * FC_SEED=7 tries others; what fails prints its own seed and path.
 */
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 1) })
