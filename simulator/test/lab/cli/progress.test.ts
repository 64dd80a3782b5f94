import { expect, it } from 'vitest'
import { progressLine } from '../../../lab/cli/progress.ts'

it('a run past its own time says that it waits for what is open', () => {
  const at = (hours: number): string =>
    progressLine('day', 86_400, { virtualSeconds: hours * 3600, events: 0, submitted: 0, done: 0 }, 1)
  expect(at(12)).toContain('day: 12 h of 24 h ·')
  expect(at(28)).toContain('day: 24 h, and 4 h for what is open to end ·')
})
