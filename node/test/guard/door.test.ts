import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Visit } from '../../src/guard/door.ts'

// What a guard's sudden death is for its peer: news, and no error.

test('a guard that dies with words unread ends the visit and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-door-'))
  const deaf = createServer({ pauseOnConnect: true }).listen(join(folder, 'door'))
  onTestFinished(async () => {
    deaf.close()
    await rm(folder, { recursive: true })
  })
  const met = once(deaf, 'connection') as Promise<[Socket]>
  const visit = await Visit.begin(folder, () => {})
  const [socket] = await met
  visit?.leave()
  socket.destroy()
  await expect(visit?.ended).resolves.toBeUndefined()
})
