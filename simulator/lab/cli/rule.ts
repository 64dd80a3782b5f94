import { existsSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf, WeftError } from '@weft/protocols'
import { awardPrices, type MarketRule, rankWith } from '@weft/protocols/core'
import { LabError } from './exit.ts'
import { followRule } from './stored-rule.ts'

const ENDINGS = ['.ts', '.mts', '.js', '.mjs']
const FIX = 'export default a MarketRule as @weft/protocols/core describes it, for example { ...firstPrice(), name: "mine" }'

/** The market rule that is the default export of a module. @throws LabError that says what is wrong with it */
export async function loadRule(path: string): Promise<MarketRule> {
  const file = resolve(path)
  if (!ENDINGS.includes(extname(file))) {
    throw new LabError('RULE', `--rule ${path} is no module; it takes ${ENDINGS.join(', ')}`, FIX)
  }
  if (!existsSync(file)) throw new LabError('RULE', `--rule ${path}: there is no such file`, 'name the file of your rule')
  followRule(file)
  let loaded: { default?: unknown }
  try {
    loaded = (await import(pathToFileURL(file).href)) as { default?: unknown }
  } catch (error) {
    const fix = 'mend the module; TypeScript is stripped, not compiled, so it may hold no enums and no parameter properties'
    throw new LabError('RULE', `--rule ${path} cannot be loaded: ${messageOf(error)}`, fix, { cause: error })
  }
  const problem = problemOf(loaded.default)
  if (problem !== undefined) throw new LabError('RULE', `--rule ${path}: ${problem}`, FIX)
  return loaded.default as MarketRule
}

function problemOf(rule: unknown): string | undefined {
  if (rule === undefined) return 'the module has no default export'
  if (typeof rule === 'function') return 'the default export is a function; call it and export what it returns'
  if (typeof rule !== 'object' || rule === null) return `the default export is ${typeof rule}, no market rule`
  const { name, rank } = rule as Record<string, unknown>
  if (typeof name !== 'string' || name === '') return 'the rule has no name'
  return typeof rank === 'function' ? undefined : 'the rule has no method rank'
}

/**
 * The rule, telling what it throws and which of its answers no renter can use: to the peer that asks it either is a bug of its
 * own, and it stops; the person must hear it, and hear that it is the rule's.
 */
export function watchedRule(rule: MarketRule, onThrow: (error: LabError) => void): MarketRule {
  const watched =
    <Words extends unknown[], Answer>(method: string, ask: (...words: Words) => Answer) =>
    (...words: Words): Answer => {
      try {
        return ask(...words)
      } catch (cause) {
        const isAnswer = cause instanceof WeftError && cause.code === 'BAD_RULE'
        const text = isAnswer ? cause.message : `the rule ${rule.name} threw in ${method}: ${messageOf(cause)}`
        onThrow(new LabError('RULE', text, 'mend the rule', { cause }))
        throw cause
      }
    }
  const { award, closes } = rule
  return {
    name: rule.name,
    rank: watched('rank', (bids, context) => rankWith(rule, bids, context)),
    ...(award === undefined
      ? {}
      : { award: watched('award', (...words: Parameters<typeof award>) => awardPrices(rule, ...words)) }),
    ...(closes === undefined
      ? {}
      : { closes: watched('closes', (...words: Parameters<typeof closes>) => closes.apply(rule, words)) }),
  }
}
