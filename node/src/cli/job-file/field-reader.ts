import { inOrder, messageOf, type Path, type Problem, ProblemsError, shown, suggestion, UsageError } from '@weft/protocols'
import { YamlFile } from '../../config/yaml-file.ts'
import { clean } from '../render/table.ts'
import { FIELDS, type Field, type FieldName, isGroup, LATER, namesBelow } from './fields.ts'

type Parse<T> = (name: string, text: string) => T

/** Reads fields of one file by their names and collects what is wrong, so that a person sees all of it at once. */
export class FieldReader {
  readonly file: YamlFile
  readonly #problems: Problem[] = []

  /** Throws ProblemsError with the place for what is no YAML, or no job file at all. */
  constructor(text: string, name: string, bytesMax: number) {
    try {
      this.file = new YamlFile(text, name, 'a job file', { bytesMax, columns: true })
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      const [, where = `${name}:1:1`, said = error.message] = /^(.*?:\d+:\d+): (.*)$/s.exec(error.message) ?? []
      throw new ProblemsError([{ where, path: '', text: clean(said) }])
    }
    if (this.file.content === null) this.refuse([], 'the file is empty; weft job init writes one to begin with')
    else this.#checkGroup([], '')
  }

  /** Whether it holds keys and values at all. */
  get isMap(): boolean {
    return typeof this.file.content === 'object' && this.file.content !== null && !Array.isArray(this.file.content)
  }

  /** Throws ProblemsError if anything was refused. */
  end(): void {
    if (this.#problems.length > 0) throw new ProblemsError(inOrder(this.#problems))
  }

  refuse(path: Path, text: string, of: 'key' | 'value' = 'value'): undefined {
    const where = of === 'key' ? this.file.whereKey(path) : this.file.where(path)
    // The file may be a stranger's: what it says must not move the cursor of who reads this.
    this.#problems.push({ where, path: '', text: clean(text) })
    return undefined
  }

  /** What stands there; undefined where nothing does, or nothing but null. */
  at(path: Path): unknown {
    const value = path.reduce<unknown>(
      (holder, key) =>
        typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key)
          ? (holder as Record<string | number, unknown>)[key]
          : undefined,
      this.file.content,
    )
    return value ?? undefined
  }

  /** One value; undefined where it is left out or was refused. */
  one<T>(path: Path, parse: Parse<T>): T | undefined {
    const value = this.at(path)
    if (value === undefined) return undefined
    if (typeof value === 'object') return this.refuse(path, `${nameOf(path)} takes one value, not ${kindOf(value)}`)
    return this.#parsed(path, this.file.texts(path)?.[0] ?? '', parse)
  }

  field<T>(name: FieldName, parse: Parse<T>): T | undefined {
    return this.one(name.split('.'), parse)
  }

  /** A list, or one value for a list of one. */
  many<T>(path: Path, most: number, parse: Parse<T>): T[] | undefined {
    const value = this.at(path)
    if (!Array.isArray(value)) {
      const only = this.one(path, parse)
      return only === undefined ? undefined : [only]
    }
    if (value.length > most) return this.refuse(path, `${nameOf(path)} has more than ${most} entries`)
    const wrong = value.findIndex((each) => each === null || typeof each === 'object')
    if (wrong >= 0)
      return this.refuse(
        [...path, wrong],
        `an entry of ${nameOf(path)} is one value, not ${kindOf(value[wrong])}; "" is an empty text`,
      )
    const texts = this.file.texts(path) ?? []
    const parsed = texts.map((text, at) => this.#parsed([...path, at], text, parse))
    return parsed.every((each) => each !== undefined) ? (parsed as T[]) : undefined
  }

  /** Items of a list of groups: their paths. */
  items(list: string, most: number, expected: string): Path[] {
    const value = this.at([list])
    if (value === undefined) return []
    if (!Array.isArray(value) || value.length > most) {
      this.refuse([list], `${list} must be a list of at most ${most}, each ${expected}`)
      return []
    }
    return value.flatMap((item: unknown, at) => {
      const path = [list, at]
      if (typeof item !== 'object' || item === null || Array.isArray(item)) {
        this.refuse(path, `${shown(item)} is no entry of ${list}; write ${expected}`)
        return []
      }
      this.#checkGroup(path, list)
      return [path]
    })
  }

  /** Keys of a map whose names are free; empty where it is left out or was refused. */
  names(path: Path, expected: string): string[] {
    const value = this.at(path)
    if (value === undefined) return []
    if (typeof value === 'object' && !Array.isArray(value)) return Object.keys(value as object)
    this.refuse(path, `${nameOf(path)} must hold ${expected}`)
    return []
  }

  #parsed<T>(path: Path, text: string, parse: Parse<T>): T | undefined {
    const name = nameOf(path)
    if (text.includes('\0')) return this.refuse(path, `${name} holds a zero byte, which no program can be given`)
    try {
      return parse(name, text)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      const message = messageOf(error)
      return this.refuse(path, message.startsWith(name) ? message : `${name}: ${message}`)
    }
  }

  /** Every key must be known and built; groups within, too. Lists of groups are looked through by `items`. */
  #checkGroup(path: Path, group: string): void {
    const value = path.length === 0 ? this.file.content : this.at(path)
    if (value === undefined) return
    if (typeof value !== 'object' || Array.isArray(value)) {
      if (group !== '' && isField(group) && typeof value !== 'object') return
      const keys = namesBelow(group).join(', ')
      this.refuse(path, `${group === '' ? 'a job file' : group} holds keys and values: ${keys}; not ${kindOf(value)}`)
      return
    }
    for (const key of Object.keys(value as object)) this.#checkKey([...path, key], group === '' ? key : `${group}.${key}`, group)
  }

  #checkKey(path: Path, name: string, group: string): void {
    const later = Object.hasOwn(LATER, name) ? LATER[name] : undefined
    if (later !== undefined) {
      const text = this.file.texts(path)?.[0]
      if (later.today?.some((each) => each === text) === true) return
      const today = later.today === undefined ? '' : ` (only ${later.today.join(', ')})`
      this.refuse(path, `'${name}' is not built yet${today}${later.instead === '' ? '' : `: ${later.instead}`}`, 'key')
    } else if (isGroup(name)) {
      if (!LIST_NAMES.has(name)) this.#checkGroup(path, name)
    } else if (!isField(name)) {
      const key = String(path.at(-1))
      const known = namesBelow(group, { later: true })
      const [near] = suggestion(key, known).split('Allowed: ')
      this.refuse(path, `unknown key ${shown(name)}; ${near}Allowed: ${namesBelow(group).join(', ')}`, 'key')
    }
  }
}

const LIST_NAMES = new Set(['inputs', 'outputs'])
const isField = (name: string): boolean => Object.hasOwn(FIELDS as Readonly<Record<string, Field>>, name)

/** With dots, as it is shown: `inputs.0.from`. */
const nameOf = (path: Path): string => path.join('.')

const kindOf = (value: unknown): string =>
  value === null ? 'nothing' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'keys and values' : shown(value)
