/**
 * Job files: what `weft run` takes as flags, written down. One file becomes a draft that flags are laid over, or an error that says at
 * which line and column what is wrong and what to write instead.
 *
 * @example
 * const { draft } = await loadJobFile('job.yaml', process.cwd())
 */
export { loadJobFile } from './load.ts'
export { readJobFile, type WrittenJob } from './read.ts'
export { jobTemplate } from './template.ts'
