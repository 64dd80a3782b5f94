/** Writes the PTX of all modules; false, and nothing written, where the compiler is not there. */
export function generateKernels(root: string): boolean
/** What is wrong with the committed PTX, one line each. */
export function kernelProblems(root: string): string[]
