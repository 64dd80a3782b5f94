import type { PeerId } from '@weft/protocols'
import { cardSize } from '@weft/protocols/measure'
import type { MeasuredCard } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { Classes } from '../../src/core/measure/round.ts'

const size = cardSize(24_564)
const asked = [{ card: 'ab'.repeat(32), size, kind: 'nvidia rtx-4090' }]
/** What a challenger saw of a card that takes so long, at the end of a path that takes `pathMs`. */
const seen = (pathMs: number, slower = 1): MeasuredCard[] => {
  const ms = (own: number): number => Math.round(own * slower + pathMs)
  const times = { fillMs: ms(780), walkMs: ms(183), fp32Ms: ms(890), fp16Ms: ms(450), bf16Ms: ms(450) }
  return [{ card: 'ab'.repeat(32), filledMib: 22_016, rows: size.rows, ...times }]
}
const provider = (i: number): PeerId => `provider-${i}` as PeerId

const judged = (provider: PeerId, pathMs: number) => ({ provider, cards: asked, pathMs })

function known(): Classes {
  const classes = new Classes()
  for (let i = 0; i < 6; i++) classes.learn(judged(provider(i), 0), seen(40 + 5 * i))
  return classes
}

test('a card is slow where others of its kind take half of its time', () => {
  expect(known().slow(judged(provider(9), 40), seen(40, 2.5))).toContain('far slower in fill')
})

test('a card at the end of a long path is not slow', () => {
  expect(known().slow(judged(provider(9), 300), seen(300))).toBeUndefined()
})

test('who says that he is far is believed for half of his time at most', () => {
  expect(known().slow(judged(provider(9), 60_000), seen(40, 4))).toContain('far slower')
})

test('who says that he is far makes nobody slow', () => {
  const classes = known()
  for (let i = 10; i < 20; i++) classes.learn(judged(provider(i), 300), seen(300))
  expect(classes.slow(judged(provider(9), 40), seen(40))).toBeUndefined()
})
