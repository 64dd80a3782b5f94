import { SHARED_BASE } from './memory.ts'

/** One value for each thread. Those of 64 bits hold whole numbers below 2⁵³: addresses and what leads to them. */
export type Register = Int32Array | Float32Array | Float64Array

/** Does one instruction for the first `count` of `threads`. */
export type Act = (threads: Int32Array, count: number) => void

/**
 * Arithmetic of PTX, by instruction and type: everything that programs here use, and nothing else. Another instruction of a newer compiler
 * fails, and comes in with its meaning.
 */
const OPERATIONS: Readonly<Record<string, string>> = {
  'mov.u32': 'a',
  'mov.u64': 'a',
  'mov.f32': 'a',
  // From a float.
  'mov.b32': 'bitsOf(a)',
  'add.s32': 'a + b',
  'sub.s32': 'a - b',
  'add.s64': 'exact(a + b)',
  'mul.lo.s32': 'Math.imul(a, b)',
  'mad.lo.s32': 'Math.imul(a, b) + c',
  'mul.wide.u32': 'exact((a >>> 0) * (b >>> 0))',
  'mul.wide.s32': 'exact(a * b)',
  'shr.u32': 'b >>> 0 > 31 ? 0 : a >>> b',
  'shl.b32': 'b >>> 0 > 31 ? 0 : a << b',
  'shl.b64': 'exact(a * 2 ** b)',
  'and.b32': 'a & b',
  'or.b32': 'a | b',
  'or.b64': 'or64(a, b)',
  'xor.b32': 'a ^ b',
  // The high word, and what the low one brings in: here they are the same number, which turns.
  'shf.l.wrap.b32': '(c & 31) === 0 ? b : (b << (c & 31)) | (a >>> (32 - (c & 31)))',
  'selp.b32': 'c === 0 ? b : a',
  // Rounded twice at most, and exact for the numbers here.
  'fma.rn.f32': 'a * b + c',
  'cvt.rzi.s32.f32': 'Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(a)))',
  'cvt.rn.f32.s32': 'a',
  'cvt.u64.u32': 'a >>> 0',
  'cvt.s64.s32': 'a',
  'cvt.u32.u64': 'a % 2 ** 32',
  'cvta.to.global.u64': 'a',
  'cvta.shared.u64': `exact(a + ${SHARED_BASE})`,
  'setp.eq.s32': 'a === b ? 1 : 0',
  'setp.ne.s32': 'a !== b ? 1 : 0',
  'setp.lt.u32': 'a >>> 0 < b >>> 0 ? 1 : 0',
  'setp.ge.u32': 'a >>> 0 >= b >>> 0 ? 1 : 0',
  'setp.lt.u64': 'a < b ? 1 : 0',
  'setp.ge.u64': 'a >= b ? 1 : 0',
}

type Maker = (into: Register, a: Register, b: Register, c: Register) => Act

const makers = new Map<string, Maker>()

/** A loop of its own for each kind of instruction: one loop for all would be ten times slower. undefined: there is no such instruction. */
export function operation(name: string): Maker | undefined {
  const meaning = OPERATIONS[name]
  if (meaning === undefined) return undefined
  let maker = makers.get(name)
  if (maker === undefined) {
    const loop = `for (let i = 0; i < count; i++) { const t = threads[i], a = as[t], b = bs[t], c = cs[t]; into[t] = ${meaning} }`
    const code = `return (into, as, bs, cs) => (threads, count) => { ${loop} }`
    maker = new Function('bitsOf', 'exact', 'or64', code)(bitsOf, exact, or64) as Maker
    makers.set(name, maker)
  }
  return maker
}

const bits = new DataView(new ArrayBuffer(4))

function bitsOf(value: number): number {
  bits.setFloat32(0, value)
  return bits.getInt32(0)
}

function exact(value: number): number {
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is beyond what this machine holds of 64 bits`)
  return value
}

function or64(a: number, b: number): number {
  const high = (Math.floor(a / 2 ** 32) | Math.floor(b / 2 ** 32)) >>> 0
  return exact(high * 2 ** 32 + ((a | b) >>> 0))
}
