import { Lexer } from 'yaml'

const NESTING_MAX = 32
/** Columns of indentation: no person goes deeper, and each level costs a parser a few frames of its stack. */
const INDENT_MAX = 200
/** Entries of maps and lists. A parser compares the keys of a map with each other. */
const ENTRIES_MAX = 10_000
/** Comments, line ends and spaces among them. */
const TOKENS_MAX = 400_000

const OPENS = new Set(['[', '{'])
const CLOSES = new Set([']', '}'])
const ENTRY = new Set(['-', '?', ':', ','])

/**
 * Why a text is not given to a parser, which would work on it for seconds: a megabyte of brackets takes sixteen. Undefined: it may
 * be parsed. Looks at YAML's own tokens, so that brackets within a script or a string do not count.
 */
export function boundsBroken(text: string): { offset: number; why: string } | undefined {
  let [offset, depth, inLine, entries, tokens] = [0, 0, 0, 0, 0]
  let startsLine = true
  for (const token of new Lexer().lex(text)) {
    const isControl = token.length === 1 && (token === '\u0002' || token === '\u001f' || token === '\u0018')
    if (OPENS.has(token)) depth += 1
    else if (CLOSES.has(token)) depth = Math.max(0, depth - 1)
    if (token.startsWith('\n') || token.startsWith('\r')) inLine = 0
    else if (ENTRY.has(token)) {
      entries += 1
      // `- - - …` and `? ? ? …` nest within one line.
      inLine += token === ',' || depth > 0 ? 0 : 1
    }
    const isDeep = depth > NESTING_MAX || inLine > NESTING_MAX || (startsLine && /^ +$/.test(token) && token.length > INDENT_MAX)
    if (isDeep) return { offset, why: `it is nested deeper than ${NESTING_MAX}` }
    tokens += 1
    if (entries > ENTRIES_MAX) return { offset, why: `it has more than ${ENTRIES_MAX} entries` }
    if (tokens > TOKENS_MAX) return { offset, why: 'it goes on for too many lines and words' }
    startsLine = token.startsWith('\n') || token.startsWith('\r')
    if (!isControl) offset += token.length
  }
  return undefined
}
