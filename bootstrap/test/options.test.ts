import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parseOptions } from '../src/options.ts'

test.each([
  ['--data', 'there'],
  ['--home', 'there'],
])('%s names the data folder, as it does for weft', (...words) => {
  expect(parseOptions(words)).toEqual({
    network: 'weft',
    listen: ['/ip4/0.0.0.0/tcp/4001', '/ip4/0.0.0.0/tcp/4002/ws'],
    bootstrap: [],
    data: resolve('there'),
    json: false,
  })
})
