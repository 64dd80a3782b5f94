/** The core sees no clock, no randomness and no I/O: the compiler has no types for them, and this names them as well. */
import { bare, isSource, lineOf, read } from './files.mjs'

const PURE = /^(protocols|simulator)\/src\//
const BANNED = [
  { pattern: /\bDate\b/g, what: 'Date' },
  { pattern: /\bMath\s*(?:\.\s*random|\[)/g, what: 'Math.random' },
  { pattern: /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, what: 'a timer' },
  { pattern: /\bprocess\s*[.[]/g, what: 'process' },
  { pattern: /\bconsole\s*[.[]/g, what: 'console' },
  { pattern: /\bglobalThis\b/g, what: 'globalThis' },
  { pattern: /\bperformance\s*[.[]/g, what: 'performance' },
  { pattern: /\bcrypto\s*[.[]/g, what: 'crypto' },
  { pattern: /\bfetch\s*\(/g, what: 'fetch' },
]

export function purityProblems(root, files) {
  return files
    .filter((path) => PURE.test(path) && isSource(path))
    .flatMap((path) => {
      const code = bare(read(root, path))
      return BANNED.flatMap(({ pattern, what }) =>
        [...code.matchAll(pattern)]
          .filter((match) => !isMember(code, match.index))
          .map((match) => `${path}:${lineOf(code, match.index)}: uses ${what}; time, randomness and I/O come in through ports`),
      )
    })
}

/** `x.fetch(` and `#process.` are somebody's own members. */
const isMember = (code, index) => /[.#?]\s*$/.test(code.slice(Math.max(0, index - 3), index))
