import { executorCompliance } from '@weft/protocols/testing'
import { describe, test } from 'vitest'
import { ProcessEngine } from '../../src/executor/process-engine.ts'
import { engines } from './engines.ts'
import { scene, subjectOf } from './fixture.ts'

for (const engine of [...engines, new ProcessEngine({ unsafeProcessEngine: true })]) {
  describe(`the executor over ${engine.name} ${engine.version}`, () => {
    for (const { name, run } of executorCompliance) {
      test(name, () =>
        run(async () => {
          const made = await scene(engine)
          return { subject: subjectOf(made), close: () => made.close() }
        }),
      )
    }
  })
}
