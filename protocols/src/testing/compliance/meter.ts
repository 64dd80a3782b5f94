import { filledMib, type Size, type Stage, type Task } from '../../measure/task.ts'
import type { Meter } from '../../ports/meter.ts'
import { type ComplianceCase, check, equal, rejects, using } from './case.ts'

/** A meter, and what to ask of a card of its. */
export interface MeterSubject {
  meter: Meter
  card: string
  size: Size
}

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const PICKS = Uint8Array.from({ length: 16 }, (_, i) => 37 * i + 11)

const taskFor = ({ card, size }: MeterSubject, stage: Stage, set: Partial<Task> = {}): Task => ({
  ...size,
  card,
  stage,
  seed: seed(1),
  stageSeed: seed(2),
  ...set,
})

const filled = async (subject: MeterSubject, set: Partial<Task> = {}): Promise<void> => {
  equal(await subject.meter.perform(taskFor(subject, 'fill', set)), [], 'nothing is reported of filling')
}

export const meterCompliance: readonly ComplianceCase<MeterSubject>[] = [
  {
    name: 'reports chains over memory that it has filled, and the report holds',
    run: (create) =>
      using(create, async (subject) => {
        check(filledMib(subject.size) > 0, 'there is something to fill')
        await filled(subject)
        const task = taskFor(subject, 'walk')
        equal(await subject.meter.check(task, await subject.meter.perform(task), PICKS), undefined, 'its report holds')
      }),
  },
  {
    name: 'reports rows of a product, and the report holds',
    run: (create) =>
      using(create, async (subject) => {
        const task = taskFor(subject, 'fp32')
        equal(await subject.meter.check(task, await subject.meter.perform(task), PICKS), undefined, 'its report holds')
      }),
  },
  {
    name: 'finds that a report about other memory is wrong',
    run: (create) =>
      using(create, async (subject) => {
        await filled(subject, { seed: seed(3) })
        const report = await subject.meter.perform(taskFor(subject, 'walk', { seed: seed(3) }))
        const fault = await subject.meter.check(taskFor(subject, 'walk'), report, PICKS)
        check(fault !== undefined, 'another seed gives another report')
      }),
  },
  {
    name: 'walks only what was filled, once',
    run: (create) =>
      using(create, async (subject) => {
        await rejects(subject.meter.perform(taskFor(subject, 'walk')), 'nothing was filled')
        await filled(subject)
        await subject.meter.perform(taskFor(subject, 'walk'))
        await rejects(subject.meter.perform(taskFor(subject, 'walk')), 'the memory was given back')
      }),
  },
  {
    name: 'has nothing left after a release, and goes on',
    run: (create) =>
      using(create, async (subject) => {
        await filled(subject)
        subject.meter.release()
        await rejects(subject.meter.perform(taskFor(subject, 'walk')), 'the memory was given back')
        await filled(subject)
        const task = taskFor(subject, 'walk')
        equal(await subject.meter.check(task, await subject.meter.perform(task), PICKS), undefined, 'it fills again')
      }),
  },
]
