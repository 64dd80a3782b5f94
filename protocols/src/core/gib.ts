/** MiB as views show them: in GiB, to a hundredth. */
export const gib = (mib: number): number => Math.round((mib / 1024) * 100) / 100
