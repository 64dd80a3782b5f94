import { expect, test } from 'vitest'
import { main } from '../../src/simulator/main.ts'
import { meets, partText } from '../../src/simulator/text.ts'

const rate = { name: 'kernel', value: 12.3456, unit: 'M events/s', target: { atLeast: 15 }, baseline: 'PeerSim: 1.6 M/s' }
const memory = { name: 'peak memory', value: 3.9, unit: 'GB', target: { atMost: 4 } }

test('a rate must reach its target, and a cost must not pass it', () => {
  expect(meets(rate)).toBe(false)
  expect(meets({ ...rate, value: 15 })).toBe(true)
  expect(meets(memory)).toBe(true)
  expect(meets({ ...memory, value: 4.01 })).toBe(false)
  expect(meets({ name: 'events', value: 1, unit: '' })).toBe(true)
})

test('a missed target is said beside the figure, with what it is compared with', () => {
  const lines = partText({ part: 'kernel', setup: { peers: 100_000 }, figures: [rate, memory], load: 1.5 }).split('\n')
  expect(lines[0]).toBe('kernel: peers 100000, load before 1.5')
  expect(lines[1]).toMatch(/kernel +12\.35 M events\/s +MISSED \(at least 15\) {2}PeerSim: 1\.6 M\/s/)
  expect(lines[2]).toMatch(/peak memory +3\.9 GB +ok +\(at most 4\)/)
})

test('a part that does not exist is refused with the names of those that do', async () => {
  await expect(main(['--only', 'kernel,flod'])).rejects.toThrow(
    /no such part: flod; --only takes kernel, flood, million, day, trace/,
  )
})
