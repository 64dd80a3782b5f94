import { randomBytes } from 'node:crypto'
import { codeOf, WeftError } from '@weft/protocols'
import { FORMATS, type Size, STAGES, type Stage, type Task } from '@weft/protocols/measure'
import type { Meter } from '@weft/protocols/ports'

/** A fraction of a second for a processor, and of no matter to a card: a megabyte to walk, 128 rows in each format. */
const SIZE: Size = { fillMib: 1, rounds: 8, rows: 128 }
/** In this order: what is filled is what is walked. */
const TRIALS: readonly Stage[] = ['fill', 'walk', ...FORMATS]
/** Without these a card is not measured at all. */
const NEEDED: readonly Stage[] = ['fill', 'walk', 'fp32']
const WHAT: Readonly<Record<Stage, string>> = {
  ...{ ready: '', fill: '', walk: 'reading its memory' },
  ...{ fp32: 'multiplying in fp32', fp16: 'multiplying in fp16', bf16: 'multiplying in bf16' },
}

type Performs = Pick<Meter, 'perform'>

/**
 * A card whose answers go out only once the processor gave the same to small tasks, in every format: a kernel or a driver that computes something else
 * must not make a liar of an honest provider. It is tried before its first answer in the life of this process, and again where it failed to answer.
 */
export class ProvenCard {
  readonly #card: Performs
  readonly #processor: Performs
  #trial: Promise<ReadonlyMap<Stage, WeftError>> | undefined

  constructor(card: Performs, processor: Performs) {
    this.#card = card
    this.#processor = processor
  }

  /** As the port says it; where the trial found another answer, NO_METER or, in fp16 or bf16, UNSUPPORTED, which say so. */
  async perform(task: Task): Promise<readonly number[]> {
    this.#trial ??= this.#try(task.card)
    const trial = this.#trial
    const faults = await trial.catch((error: unknown) => {
      if (this.#trial === trial) this.#trial = undefined
      throw error
    })
    const fault = faults.get(task.stage)
    if (fault !== undefined) throw fault
    return this.#card.perform(task)
  }

  /** What it must not answer, and why. Rejects where it failed to answer. */
  async #try(card: string): Promise<ReadonlyMap<Stage, WeftError>> {
    const faults = new Map<Stage, WeftError>()
    const [seed, stageSeed] = [randomBytes(32), randomBytes(32)]
    for (const stage of TRIALS) {
      const fault = await this.#faultOf({ ...SIZE, card, stage, seed, stageSeed })
      if (fault === undefined) continue
      if (NEEDED.includes(stage)) return new Map(STAGES.map((every) => [every, fault]))
      faults.set(stage, fault)
    }
    return faults
  }

  async #faultOf(task: Task): Promise<WeftError | undefined> {
    let report: readonly number[]
    try {
      report = await this.#card.perform(task)
    } catch (error) {
      if (error instanceof WeftError && codeOf(error) === 'UNSUPPORTED') return error
      throw error
    }
    const expected = await this.#processor.perform({ ...task, card: '' })
    if (report.join() === expected.join()) return undefined
    const code = NEEDED.includes(task.stage) ? 'NO_METER' : 'UNSUPPORTED'
    const fix = 'install another version of it, and report this if that does not help'
    return new WeftError(
      code,
      `this card's driver gives other answers than the processor in ${WHAT[task.stage]}, so none go out; ${fix}`,
    )
  }
}
