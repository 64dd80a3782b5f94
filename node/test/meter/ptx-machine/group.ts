import * as unit from './matrix-unit.ts'
import { CARD_BASE, type CardMemory, type Memory, SHARED_BASE, SharedMemory } from './memory.ts'
import { type Act, operation, type Register } from './operations.ts'
import { bytesOf, type Entry, type Instruction, type Operand } from './parse.ts'

/** Instructions after which a program is taken to hang. */
const STEPS_MAX = 1_000_000

/**
 * One group of threads after another. All threads that are at one place take the step together, those furthest behind first: whoever went
 * another way is met again where the ways meet.
 */
export class Group {
  readonly #entry: Entry
  readonly #threads: number
  readonly #memory: CardMemory
  #shared: SharedMemory
  readonly #parameters: DataView
  readonly #registers = new Map<string, Register>()
  readonly #special = new Map<string, number>()
  readonly #acts: readonly (Act | undefined)[]
  readonly #at: Int32Array

  constructor(entry: Entry, threads: number, parameters: Uint8Array, memory: CardMemory, groups: readonly [number, number]) {
    if (threads > entry.threadsMax) throw new Error(`${entry.name} runs no ${threads} threads`)
    this.#entry = entry
    this.#threads = threads
    this.#memory = memory
    this.#shared = new SharedMemory(entry.sharedBytes, Math.ceil(threads / 32))
    this.#parameters = new DataView(parameters.buffer, parameters.byteOffset, parameters.byteLength)
    this.#at = new Int32Array(threads)
    this.#special.set('%nctaid.x', groups[0]).set('%nctaid.y', groups[1])
    this.#registers.set(
      '%tid.x',
      Int32Array.from({ length: threads }, (_, i) => i),
    )
    for (const name of ['%ctaid.x', '%ctaid.y']) this.#registers.set(name, new Int32Array(threads))
    this.#acts = entry.instructions.map((instruction) => this.#actOf(instruction))
  }

  run(x: number, y: number): void {
    this.#registers.get('%ctaid.x')?.fill(x)
    this.#registers.get('%ctaid.y')?.fill(y)
    this.#shared = new SharedMemory(this.#entry.sharedBytes, Math.ceil(this.#threads / 32))
    this.#at.fill(0)
    const threads = new Int32Array(this.#threads)
    for (let step = 0; ; step++) {
      const at = this.#at.reduce((least, place) => Math.min(least, place), ENDED)
      if (at === ENDED) return
      if (step > STEPS_MAX) throw new Error(`${this.#entry.name} does not end`)
      let count = 0
      for (let thread = 0; thread < this.#threads; thread++) if (this.#at[thread] === at) threads[count++] = thread
      try {
        this.#runOn(at, threads, count)
      } catch (error) {
        const line = this.#entry.instructions[at]?.line
        throw new Error(`${this.#entry.name}, at or behind line ${line}: ${error instanceof Error ? error.message : error}`)
      }
    }
  }

  /** From `at` to where threads part or meet. */
  #runOn(from: number, threads: Int32Array, count: number): void {
    let at = from
    for (;;) {
      const act = this.#acts[at]
      if (act !== undefined) {
        act(threads, count)
        at += 1
        if (!this.#isLabel(at)) continue
      } else this.#branch(this.#entry.instructions[at] as Instruction, at, threads, count)
      if (act !== undefined) for (let i = 0; i < count; i++) this.#at[threads[i] as number] = at
      return
    }
  }

  readonly #labels = new Set<number>()
  #isLabel(at: number): boolean {
    if (this.#labels.size === 0) for (const place of this.#entry.labels.values()) this.#labels.add(place)
    return this.#labels.has(at)
  }

  #branch({ words, operands, guard }: Instruction, at: number, threads: Int32Array, count: number): void {
    const target = words[0] === 'ret' ? ENDED : this.#entry.labels.get(textOf(operands[0]))
    if (target === undefined) throw new Error(`there is no label ${textOf(operands[0])}`)
    const is = guard === undefined ? undefined : this.#register(guard.register)
    for (let i = 0; i < count; i++) {
      const thread = threads[i] as number
      const goes = is === undefined || (is[thread] !== 0) !== guard?.isNegated
      this.#at[thread] = goes ? target : at + 1
    }
  }

  /** undefined: a branch. */
  #actOf(instruction: Instruction): Act | undefined {
    const { words, operands, guard } = instruction
    const [name] = words
    if (name === 'bra' || name === 'ret') return undefined
    if (guard !== undefined) throw new Error(`line ${instruction.line}: only branches are guarded here`)
    if (name === 'ld' && words[1] === 'param') return this.#parameter(words, operands)
    if (name === 'ld' || name === 'st') return this.#transfer(words, operands)
    if (name === 'atom') return this.#atomic(words, operands)
    if (name === 'bar') return this.#wait(words)
    if (name === 'wmma') return this.#matrix(words, operands)
    const make = operation(words.join('.'))
    if (make === undefined) throw new Error(`line ${instruction.line}: ${words.join('.')} is not known here`)
    const [into, a, b = a, c = a] = operands.map((operand) => this.#value(textOf(operand), words.at(-1)))
    if (into === undefined || a === undefined || b === undefined || c === undefined)
      throw new Error('an instruction without operands')
    return make(into, a, b, c)
  }

  #parameter(words: readonly string[], [to, from]: readonly Operand[]): Act {
    if (from?.type !== 'memory') throw new Error('a parameter is in memory')
    const at = (this.#entry.parameters.get(from.base)?.offset ?? Number.NaN) + from.offset
    const view = this.#parameters
    const value = words[2] === 'u64' ? Number(view.getBigUint64(at, true)) : view.getInt32(at, true)
    const into = this.#register(textOf(to))
    return () => into.fill(value)
  }

  #transfer(words: readonly string[], operands: readonly Operand[]): Act {
    const isLoad = words[0] === 'ld'
    const type = words.at(-1) as string
    const place = operands.find((operand) => operand.type === 'memory')
    const value = operands.find((operand) => operand.type !== 'memory')
    if (place?.type !== 'memory' || value === undefined) throw new Error('what is moved where?')
    const registers = (value.type === 'vector' ? value.parts : [textOf(value)]).map((part) => this.#value(part))
    const address = this.#value(place.base)
    const each = bytesOf(type)
    const bytes = each * registers.length
    const isShared = words[1] === 'shared'
    return (threads, count) => {
      const memory: Memory = isShared ? this.#shared : this.#memory
      const cells = each === 2 ? memory.u16 : type === 'f32' ? memory.f32 : memory.i32
      for (let i = 0; i < count; i++) {
        const t = threads[i] as number
        let at = (address[t] as number) + place.offset
        if (!isShared) at = this.#memory.at(at, bytes)
        else if (isLoad) this.#shared.read(t, at, bytes)
        else this.#shared.write(t, at, bytes)
        for (let part = 0; part < registers.length; part++) {
          const register = registers[part] as Register
          if (isLoad) register[t] = cells[at / each + part] as number
          else cells[at / each + part] = register[t] as number
        }
      }
    }
  }

  #atomic(words: readonly string[], [to, place, value]: readonly Operand[]): Act {
    if (words.join('.') !== 'atom.global.add.u32' || place?.type !== 'memory')
      throw new Error(`${words.join('.')} is not known here`)
    const into = this.#register(textOf(to))
    const address = this.#value(place.base)
    const added = this.#value(textOf(value))
    return (threads, count) => {
      for (let i = 0; i < count; i++) {
        const t = threads[i] as number
        const at = this.#memory.at((address[t] as number) + place.offset, 4) / 4
        const before = this.#memory.i32[at] as number
        this.#memory.i32[at] = before + (added[t] as number)
        into[t] = before
      }
    }
  }

  #wait(words: readonly string[]): Act {
    if (words.join('.') === 'bar.sync') {
      return (_threads, count) => {
        if (count !== this.#threads) throw new Error(`${count} of ${this.#threads} threads wait, and the others never come`)
        this.#shared.groupWaited()
      }
    }
    if (words.join('.') !== 'bar.warp.sync') throw new Error(`${words.join('.')} is not known here`)
    return (threads, count) => {
      for (const warp of warpsOf(threads, count)) this.#shared.warpWaited(warp)
    }
  }

  /** `wmma.mma.sync.aligned.row.col.m16n16k16.f32.f32`, its loads and its stores. */
  #matrix(words: readonly string[], operands: readonly Operand[]): Act {
    const text = words.join('.')
    if (/^wmma\.load\.(a\.sync\.aligned\.row|b\.sync\.aligned\.col)\.m16n16k16\.b?f16$/.test(text)) {
      return this.#fragment(operands[0], operands[1], operands[2], 2, unit.load)
    }
    if (text === 'wmma.store.d.sync.aligned.row.m16n16k16.f32')
      return this.#fragment(operands[1], operands[0], operands[2], 4, unit.store)
    const [, types = ''] = text.split('wmma.mma.sync.aligned.row.col.m16n16k16.')
    const format = { 'f32.f32': unit.FP16, 'f32.bf16.bf16.f32': unit.BF16 }[types]
    const [to, a, b, sums] = operands.map((operand) => this.#fragments(operand))
    if (format === undefined || !to || !a || !b || !sums) throw new Error(`${text} is not known here`)
    return (threads, count) => {
      for (const warp of warpsOf(threads, count)) unit.multiply(to, a, b, sums, warp * 32, format)
    }
  }

  #fragment(
    fragment: Operand | undefined,
    place: Operand | undefined,
    apart: Operand | undefined,
    each: number,
    move: typeof unit.load,
  ): Act {
    if (place?.type !== 'memory') throw new Error('a fragment is brought from memory')
    const registers = this.#fragments(fragment)
    const address = this.#value(place.base)
    const stride = this.#value(textOf(apart))
    return (threads, count) => {
      for (const warp of warpsOf(threads, count)) {
        const lane = warp * 32
        const generic = (address[lane] as number) + place.offset
        if (generic % 32 !== 0) throw new Error(`a fragment at ${generic}, which is no multiple of 32 bytes`)
        const lines = stride[lane] as number
        if ((lines * each) % 16 !== 0) throw new Error(`a fragment's lines are ${lines * each} bytes apart, no multiple of 16`)
        const at = generic - SHARED_BASE
        if (at < 0) throw new Error(`a fragment at ${generic - CARD_BASE} of the card's memory, which is slow`)
        for (let line = 0; line < 16; line++) {
          for (let word = 0; word < 16 * each; word += 4) {
            if (each === 2) this.#shared.read(lane, at + line * lines * each + word, 4)
            else this.#shared.write(lane, at + line * lines * each + word, 4)
          }
        }
        move(registers, lane, this.#shared, at, lines)
      }
    }
  }

  #fragments(operand: Operand | undefined): unit.Registers {
    if (operand?.type !== 'vector') throw new Error('a fragment is several registers')
    return operand.parts.map((part) => this.#register(part) as Int32Array)
  }

  #register(name: string): Register {
    let register = this.#registers.get(name)
    if (register === undefined) {
      const kind = /^%(p|r|f|rd|hh|rs)\d+$/.exec(name)?.[1]
      if (kind === undefined) throw new Error(`there is no register ${name}`)
      register = kind === 'f' ? new Float32Array(this.#threads) : new (kind === 'rd' ? Float64Array : Int32Array)(this.#threads)
      this.#registers.set(name, register)
    }
    return register
  }

  /** A register; where `text` is a constant, one that holds it, as `type` has it. */
  #value(text: string, type = 'b64'): Register {
    const constant = this.#special.get(text) ?? this.#entry.shared.get(text) ?? numberOf(text)
    if (constant === undefined) return this.#register(text)
    const kind = type === 'f32' ? Float32Array : /64$/.test(type) ? Float64Array : Int32Array
    return new kind(this.#threads).fill(constant)
  }
}

const ENDED = 2 ** 31 - 1

function textOf(operand: Operand | undefined): string {
  if (operand?.type !== 'plain') throw new Error('a register or a number was expected')
  return operand.text
}

/** `-5`, `0f3F800000`; undefined: neither. */
function numberOf(text: string): number | undefined {
  if (/^-?\d+$/.test(text)) return Number(text)
  if (!/^0f[0-9A-Fa-f]{8}$/.test(text)) return undefined
  const bits = new DataView(new ArrayBuffer(4))
  bits.setUint32(0, Number.parseInt(text.slice(2), 16))
  return bits.getFloat32(0)
}

/** Throws where a warp is not there as a whole. */
function warpsOf(threads: Int32Array, count: number): number[] {
  const warps: number[] = []
  for (let i = 0; i < count; i += 32) {
    const warp = (threads[i] as number) >> 5
    for (let lane = 0; lane < 32; lane++)
      if (threads[i + lane] !== warp * 32 + lane) throw new Error(`threads of warp ${warp} are missing`)
    warps.push(warp)
  }
  return warps
}
