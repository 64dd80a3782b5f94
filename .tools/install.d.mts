export function ensureInstalled(
  root: string,
  log: (line: string) => void,
  install?: (root: string) => Promise<void>,
): Promise<void>
export function isInstalled(root: string): boolean
