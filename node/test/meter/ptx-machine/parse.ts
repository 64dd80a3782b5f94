/** Reads the PTX that a compiler writes, as far as programs need it (docs.nvidia.com/cuda/parallel-thread-execution). */

export interface Instruction {
  /** Of the module's text. */
  line: number
  /** `@%p1` or `@!%p1`; undefined: always. */
  guard: { register: string; isNegated: boolean } | undefined
  /** `ld.global.v4.u32`, cut at its points. */
  words: readonly string[]
  operands: readonly Operand[]
}

/** `%r1`, `-5`, `0f3F800000`, a name; `[%rd1+16]`; `{%r1, %r2}`. */
export type Operand =
  | { type: 'plain'; text: string }
  | { type: 'memory'; base: string; offset: number }
  | { type: 'vector'; parts: readonly string[] }

export interface Entry {
  name: string
  /** Most threads of a group, as the program promises. */
  threadsMax: number
  parameters: ReadonlyMap<string, { offset: number; bytes: number }>
  parameterBytes: number
  /** Variables that the threads of a group share. */
  shared: ReadonlyMap<string, number>
  sharedBytes: number
  instructions: readonly Instruction[]
  labels: ReadonlyMap<string, number>
}

export function parseModule(ptx: string): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  const lines = ptx.split('\n').map((line) => line.replace(/\/\/.*/, '').trim())
  for (let at = 0; at < lines.length; at++) {
    const name = /^\.visible \.entry (\w+)\($/.exec(lines[at] ?? '')?.[1]
    if (name === undefined) continue
    const end = lines.indexOf('}', at)
    entries.set(name, parseEntry(name, lines.slice(at + 1, end), at + 2))
    at = end
  }
  return entries
}

function parseEntry(name: string, lines: readonly string[], firstLine: number): Entry {
  const parameters = new Map<string, { offset: number; bytes: number }>()
  const shared = new Map<string, number>()
  const labels = new Map<string, number>()
  const instructions: Instruction[] = []
  let parameterBytes = 0
  let sharedBytes = 0
  let threadsMax = 1024
  let statement = ''
  lines.forEach((line, i) => {
    const parameter = /^\.param (?:\.align (\d+) )?\.(\w+) (\w+)(?:\[(\d+)\])?,?$/.exec(line)
    const variable = /^\.shared \.align (\d+) \.b8 (\w+)\[(\d+)\];$/.exec(line)
    const label = /^(\$?\w+):$/.exec(line)?.[1]
    if (parameter !== null) {
      const [, align, type = '', param = '', count = '1'] = parameter
      const bytes = bytesOf(type) * Number(count)
      const offset = alignedTo(parameterBytes, Number(align ?? bytesOf(type)))
      parameters.set(param, { offset, bytes })
      parameterBytes = offset + bytes
    } else if (variable !== null) {
      const offset = alignedTo(sharedBytes, Number(variable[1]))
      shared.set(variable[2] ?? '', offset)
      sharedBytes = offset + Number(variable[3])
    } else if (label !== undefined) labels.set(label, instructions.length)
    else if (line.startsWith('.maxntid')) threadsMax = Number(/\d+/.exec(line)?.[0])
    else if (!/^(|\{|\)|\.reg .*)$/.test(line)) {
      statement += `${line} `
      if (!line.endsWith(';')) return
      instructions.push(parseInstruction(statement.trim().slice(0, -1), firstLine + i))
      statement = ''
    }
  })
  return { name, threadsMax, parameters, parameterBytes, shared, sharedBytes, instructions, labels }
}

function parseInstruction(text: string, line: number): Instruction {
  const [, bang, register, opcode = '', rest = ''] = /^(?:@(!?)(%\w+)\s+)?([\w.]+)\s*(.*)$/.exec(text) ?? []
  const guard = register === undefined ? undefined : { register, isNegated: bang === '!' }
  const operands = (rest.match(/\{[^}]*\}|\[[^\]]*\]|[^\s,{}[\]]+/g) ?? []).map(parseOperand)
  return { line, guard, words: opcode.split('.'), operands }
}

function parseOperand(text: string): Operand {
  if (text.startsWith('{'))
    return {
      type: 'vector',
      parts: text
        .slice(1, -1)
        .split(',')
        .map((part) => part.trim()),
    }
  if (!text.startsWith('[')) return { type: 'plain', text }
  const [, base = '', offset = '0'] = /^\[([%\w$]+)(?:\+(-?\d+))?\]$/.exec(text) ?? []
  return { type: 'memory', base, offset: Number(offset) }
}

export const bytesOf = (type: string): number => Number(/\d+$/.exec(type)?.[0]) / 8

const alignedTo = (offset: number, align: number): number => Math.ceil(offset / align) * align
