import { expect, test } from 'vitest'
import { DiskRoom, type DiskRoomInit, type Measured } from '../../src/peer/disk-room.ts'

const GIB = 1024 ** 3

/** Measures what is in the list, one after another; resolves with what was said once the list is at its end. */
async function changes(list: (Measured | Error)[], init: Partial<DiskRoomInit> = {}) {
  const said: boolean[] = []
  const rest = [...list]
  let room: DiskRoom | undefined
  await new Promise<void>((resolve) => {
    room = new DiskRoom({
      path: '/',
      everyMs: 0,
      onChange: (isShort) => void said.push(isShort),
      async measure() {
        const next = rest.shift()
        if (next === undefined) {
          room?.stop()
          resolve()
        }
        if (next === undefined || next instanceof Error) throw next ?? new Error('the list is at its end')
        return next
      },
      ...init,
    })
    void room.start()
  })
  return { said, view: room?.view }
}

const free = (freeGib: number, totalGib = 10): Measured => ({ freeBytes: freeGib * GIB, totalBytes: totalGib * GIB })

test('a disk is short below its reserve, and long again a tenth above it', async () => {
  const { said, view } = await changes([free(5), free(1.9), free(2.1), free(1), free(2.3), free(2.1)])
  expect(said).toEqual([true, false])
  expect(view).toEqual({ freeBytes: 2.1 * GIB, reserveBytes: 2 * GIB, short: false })
})

test('the reserve is a twentieth of a large disk, or what was set', async () => {
  expect((await changes([free(40, 1_000)])).view).toMatchObject({ reserveBytes: 50 * GIB, short: true })
  expect((await changes([free(40, 1_000)], { reserveBytes: GIB })).view).toMatchObject({ reserveBytes: GIB, short: false })
})

test('a disk that cannot be asked stays what it was', async () => {
  expect((await changes([free(1), new Error('gone'), free(1)])).said).toEqual([true])
})
