/** What is exported is used by somebody: types and linter look at one file at a time, and see no export that lost its last caller. */
import { isSource, read, withoutComments } from './files.mjs'

const HOME = /^[a-z]+\/(?:src|lab)\//
const EXPORT = /^export (?:async |abstract )*(?:function\*?|const|let|class|interface|type) ([\w$]+)/gm

/** Exported names that stand nowhere else, not even further down in their own file. */
export function exportProblems(root, files) {
  const sources = files.filter(isSource).map((path) => ({ path, code: withoutComments(read(root, path)) }))
  const times = new Map()
  for (const { code } of sources) for (const [word] of code.matchAll(/[\w$]+/g)) times.set(word, (times.get(word) ?? 0) + 1)
  return sources
    .filter(({ path }) => HOME.test(path))
    .flatMap(({ path, code }) =>
      [...code.matchAll(EXPORT)]
        .filter(([, name]) => times.get(name) === 1)
        .map(([, name]) => `${path}: nobody uses the export ${name}: take it out`),
    )
}
