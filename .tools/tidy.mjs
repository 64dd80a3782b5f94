/** The rules of the house that neither compiler nor linter checks. Each has a test that shows it failing. */
import { fileURLToPath } from 'node:url'
import { dependencyProblems, simulatorTreeProblems, unusedProblems } from './tidy/dependencies.mjs'
import { exportProblems } from './tidy/exports.mjs'
import { filesOf } from './tidy/files.mjs'
import { importProblems } from './tidy/imports.mjs'
import { purityProblems } from './tidy/purity.mjs'
import { leftoverProblems, lengthProblems, linkProblems } from './tidy/text.mjs'

const RULES = [
  ...[lengthProblems, leftoverProblems, linkProblems],
  ...[importProblems, exportProblems, purityProblems],
  ...[dependencyProblems, unusedProblems],
]

/**
 * @param {string} root a clone's folder
 * @returns {string[]} one line per problem, starting with the file
 */
export function tidy(root) {
  const files = filesOf(root)
  return RULES.flatMap((rule) => rule(root, files))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = [...tidy(process.cwd()), ...simulatorTreeProblems(process.cwd())]
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
}
