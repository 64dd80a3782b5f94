export interface DependencyTree {
  dependencies?: Record<string, DependencyTree>
  /** Installed, and no manifest asks for it. */
  extraneous?: boolean
}
/** Names of network packages anywhere in an `npm ls --json` document. */
export function networkIn(tree: DependencyTree): string[]
