import { pbkdf2 } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { lookIn, Visit } from '../../src/guard/door.ts'
import { GuardKeeper } from '../../src/guard/keeper.ts'
import { createLogger } from '../../src/logger.ts'

// What a guard's sudden death is for its peer: news, and no error.

/** A guard's folder whose door is only what the test makes of it. */
async function doorOf(server: Server): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-door-'))
  server.listen(join(folder, 'door'))
  onTestFinished(async () => {
    server.close()
    await rm(folder, { recursive: true })
  })
  await once(server, 'listening')
  return folder
}

test('a guard that dies with words unread ends the visit and nothing else', async () => {
  const deaf = createServer({ pauseOnConnect: true })
  const folder = await doorOf(deaf)
  const met = once(deaf, 'connection') as Promise<[Socket]>
  const visit = await Visit.begin(folder, () => {})
  const [socket] = await met
  visit?.leave()
  socket.destroy()
  await expect(visit?.ended).resolves.toBeUndefined()
})

test('a guard that goes in the moment that it is met leaves nobody waiting', { timeout: 20_000 }, async () => {
  const folder = await doorOf(createServer((socket) => void socket.destroy()))
  // With all of the pool at work, the visitor's folder is let go of only after the guard has gone.
  const work = Array.from({ length: 8 }, () => promisify(pbkdf2)('', '', 200_000, 64, 'sha512'))
  const visits = Array.from({ length: 8 }, async () => (await Visit.begin(folder, () => {}))?.ended)
  const look = lookIn(folder)
  await Promise.all(work)
  await Promise.all(visits)
  expect(await look).toBeUndefined()
})

test('a guard that goes before it says a thing is looked for less and less often', async () => {
  let met = 0
  const folder = await doorOf(
    createServer((socket) => {
      met += 1
      socket.destroy()
    }),
  )
  const init = { data: folder, folder, peerId: 'nobody', engine: 'unix:///nowhere', log: createLogger('silent'), answerMs: 2_000 }
  await expect(GuardKeeper.start(init)).rejects.toMatchObject({ code: 'NO_GUARD' })
  // At once, after half a second and a second later, and once or twice more where this test is late: never by the thousand.
  expect(met).toBeGreaterThan(0)
  expect(met).toBeLessThan(10)
})
