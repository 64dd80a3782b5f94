export interface Machine {
  platform: string
  arch: string
  version: string
  execPath: string
}
/** Path of a Node binary. */
export function pickNode(root: string, machine?: Machine): string
export function isNewEnough(version: string): boolean
