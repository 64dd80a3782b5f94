/** Weft's shared vocabulary; messages, core, host, ports and test helpers have entries of their own. */
export * from './errors.ts'
export * from './problem.ts'
export * from './units.ts'
