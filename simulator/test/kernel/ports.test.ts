import { clockCompliance, randomCompliance } from '@weft/protocols/testing'
import { describe, expect, test } from 'vitest'
import { Kernel } from '../../src/kernel/index.ts'

describe('a peer of the kernel', () => {
  const close = async () => {}

  for (const example of clockCompliance)
    test(`clock: ${example.name}`, () =>
      example.run(async () => {
        const kernel = new Kernel({ seed: 1, peers: 3 })
        const pass = async (ms: number) => {
          await kernel.run(kernel.nowUs + ms * 1000)
        }
        const clock = kernel.clock(2)
        const next = async () => ({ era: clock.era, monoMs: clock.monoMs() })
        return { subject: { clock, pass, next, boot: () => clock.boot() }, close }
      }))

  for (const example of randomCompliance)
    test(`random: ${example.name}`, () =>
      example.run(async () => ({ subject: new Kernel({ seed: 1, peers: 3 }).random(2), close })))

  test('has a wall clock of its own that a fault may step', () => {
    const kernel = new Kernel({ seed: 1, peers: 2, epochMs: 5_000 })
    const clock = kernel.clock(1, -2_500)
    expect(clock.wallMs()).toBe(4_997)
    clock.skewUs = 1_000_000
    expect(clock.wallMs()).toBe(6_000)
    expect(clock.monoMs()).toBe(0)
  })

  test('draws the same bytes whether or not others exist', () => {
    const few = new Kernel({ seed: 9, peers: 2 })
    const many = new Kernel({ seed: 9, peers: 500 })
    many.random(400).bytes(100)
    expect(many.random(1).bytes(7)).toEqual(few.random(1).bytes(7))
  })
})
