/** Replaces container paths by paths of this machine in texts, for an engine that cannot mount. */
export class PathMap {
  readonly #pattern: RegExp
  readonly #sources: ReadonlyMap<string, string>

  constructor(pairs: readonly { target: string; source: string }[]) {
    this.#sources = new Map(pairs.map(({ target, source }) => [target, source]))
    const targets = [...this.#sources.keys()].sort((a, b) => b.length - a.length).map(escaped)
    // A whole path segment only: `/out` is replaced in `/out/a` and `'/out'`, not in `/output` or `/data/out`.
    this.#pattern = new RegExp(`(?<![\\w./-])(?:${targets.join('|') || '(?!)'})(?![\\w.-])`, 'g')
  }

  /** One pass: what was put in is not looked at again. */
  apply(text: string): string {
    return text.replace(this.#pattern, (target) => this.#sources.get(target) ?? target)
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
