/**
 * What `weft offers` is asked: terms with blanks between them, all of which an offer must meet.
 *
 *     query  = term { " " term }
 *     term   = field                                 it is known, or there
 *            | field operator value { "," value }    of several values one has to do; with != none
 *     value  = word | '"' text '"'
 *
 * @example
 * const query = parseQuery('vram>=24 count>=2 price<0.5 region=eu,us model~a100')
 * const { matching, ruledOut } = select(query, offers)
 */
import { messageOf, UsageError } from '@weft/protocols'
import type { GpuView, OfferView } from '@weft/protocols/core'
import { didYouMean } from '../closest.ts'
import { FIELDS, type Field, meets, OPERATORS, type Operator, operatorsOf, type Value } from './fields.ts'

export interface Term {
  /** As it was written. */
  text: string
  /** Of its first letter, from 1. */
  column: number
  field: Field
  /** Undefined: what is asked is only whether there is such a thing. */
  comparison: { operator: Operator; values: readonly Value[] } | undefined
}

const QUERY_LENGTH_MAX = 1_000
const TERMS_MAX = 32
const VALUES_MAX = 16
const SHOWN_MAX = 40

/** Throws UsageError that names the column and what is expected there. */
export function parseQuery(text: string): Term[] {
  if (text.length > QUERY_LENGTH_MAX) throw new UsageError(`the query is longer than ${QUERY_LENGTH_MAX} characters`)
  const terms: Term[] = []
  for (const { index, 0: word } of text.matchAll(/(?:"[^"]*"?|[^\s"])+/g)) {
    if (terms.length >= TERMS_MAX) throw fault(index, `a query has at most ${TERMS_MAX} terms`)
    terms.push(parseTerm(word, index))
  }
  return terms
}

/** `at`: where in the query it begins, from 0. */
function parseTerm(text: string, at: number): Term {
  const [, name = '', sign = ''] = /^([A-Za-z-]*)([<>=!~]*)/.exec(text) ?? []
  const field = fieldNamed(name, at)
  const operatorAt = at + name.length
  if (text === name) return { text, column: at + 1, field, comparison: undefined }
  const operator = OPERATORS.find((known) => known === sign)
  if (operator === undefined) {
    const found = JSON.stringify(sign === '' ? text.slice(name.length, name.length + 1) : sign)
    throw fault(operatorAt, `${found} is no operator; give one of ${OPERATORS.join(' ')} after ${name}`)
  }
  const values = valuesOf(text.slice(name.length + sign.length), { name, field, at: operatorAt + sign.length })
  const wrong = values.find((value) => !operatorsOf(value).includes(operator))
  if (wrong !== undefined) {
    throw fault(operatorAt, `${name} cannot be compared with ${operator} here: it takes ${operatorsOf(wrong).join(' ')}`)
  }
  return { text, column: at + 1, field, comparison: { operator, values } }
}

function fieldNamed(name: string, at: number): Field {
  const field = Object.hasOwn(FIELDS, name.toLowerCase()) ? FIELDS[name.toLowerCase()] : undefined
  if (field !== undefined) return field
  const what = name === '' ? 'a field is missing' : `there is no field ${JSON.stringify(name.slice(0, SHOWN_MAX))}`
  throw fault(at, `${what}${didYouMean(name.toLowerCase(), Object.keys(FIELDS))}; fields are ${Object.keys(FIELDS).join(', ')}`)
}

function valuesOf(text: string, { name, field, at }: { name: string; field: Field; at: number }): Value[] {
  const values: Value[] = []
  for (const { index, 0: written } of text.matchAll(/(?:"[^"]*"?|[^,"])*(?:,|$)/g)) {
    if (written === '' && index > 0) break
    if (values.length >= VALUES_MAX) throw fault(at + index, `a term has at most ${VALUES_MAX} values`)
    values.push(valueIn(written.replace(/,$/, ''), { name, field, at: at + index }))
    if (!written.endsWith(',')) break
  }
  return values
}

function valueIn(written: string, { name, field, at }: { name: string; field: Field; at: number }): Value {
  const [, quoted, end] = /^"([^"]*)("?)$/.exec(written) ?? []
  if (quoted !== undefined && end === '') throw fault(at, 'a quotation mark is open')
  const text = quoted ?? written
  if (text === '') throw fault(at, `a value is missing: ${name} takes ${field.expected}`)
  let value: Value | undefined
  let why = ''
  try {
    value = field.parse(text)
  } catch (error) {
    why = `: ${messageOf(error)}`
  }
  if (value !== undefined) return value
  throw fault(at, `${name} takes ${field.expected}, not ${JSON.stringify(text.slice(0, SHOWN_MAX))}${why}`)
}

const fault = (at: number, sentence: string): UsageError => new UsageError(`column ${at + 1} of the query: ${sentence}`)

/** An offer, and those of its kinds of GPU that meet every term about GPUs: all of them where no term is. */
export interface Match {
  offer: OfferView
  gpus: readonly GpuView[]
}

/** What a term keeps away. */
export interface RuledOut {
  term: string
  /** How many offers do not meet it. */
  offers: number
  /** How many would match without it. */
  alone: number
}

export interface Selection {
  known: number
  matching: Match[]
  /** In the order of the terms; a last one, `together`, where each term about GPUs is met, but by no one kind. */
  ruledOut: RuledOut[]
}

export function select(terms: readonly Term[], offers: readonly OfferView[]): Selection {
  const counts = terms.map(({ text }): RuledOut => ({ term: text, offers: 0, alone: 0 }))
  const together: RuledOut = { term: 'all of these of one kind of GPU', offers: 0, alone: 0 }
  const matching: Match[] = []
  for (const offer of offers) {
    const gpus = offer.gpus.filter((gpu) => terms.every((term) => term.field.scope === 'offer' || holds(term, offer, gpu)))
    const fails = terms.map((term) => !anyHolds(term, offer))
    if (!fails.includes(true) && (gpus.length > 0 || !asksForGpu(terms))) matching.push({ offer, gpus })
    else if (!fails.includes(true)) together.offers += 1
    counts.forEach((count, at) => {
      if (fails[at] !== true) return
      count.offers += 1
      if (meetsAll(terms.toSpliced(at, 1), offer)) count.alone += 1
    })
  }
  return { known: offers.length, matching, ruledOut: [...counts, together].filter(({ offers: count }) => count > 0) }
}

function meetsAll(terms: readonly Term[], offer: OfferView): boolean {
  const ofOffer = terms.filter(({ field }) => field.scope === 'offer')
  if (!ofOffer.every((term) => holds(term, offer, undefined))) return false
  return !asksForGpu(terms) || offer.gpus.some((gpu) => terms.every((term) => holds(term, offer, gpu)))
}

const asksForGpu = (terms: readonly Term[]): boolean => terms.some(({ field }) => field.scope === 'gpu')

const anyHolds = (term: Term, offer: OfferView): boolean =>
  term.field.scope === 'offer' ? holds(term, offer, undefined) : offer.gpus.some((gpu) => holds(term, offer, gpu))

function holds({ field, comparison }: Term, offer: OfferView, gpu: GpuView | undefined): boolean {
  const value = field.read(offer, gpu)
  if (comparison === undefined) return value !== undefined
  const { operator, values } = comparison
  const isMet = (wanted: Value): boolean => meets(field, value, operator, wanted)
  return operator === '!=' ? values.every(isMet) : values.some(isMet)
}
