// Goal: the path between two peers is measured over the channel layer, within limits, and not while a renter needs it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { measureSpeed, serveSpeed } from '../../src/meter/speed-protocol.ts'
import { TestMesh, type TestPeer } from '../network/mesh.ts'

let mesh: TestMesh
let from: TestPeer
let to: TestPeer
let isBusy = false
let nowMs = 0
beforeAll(async () => {
  mesh = new TestMesh()
  ;[from, to] = (await mesh.connected(2)) as [TestPeer, TestPeer]
  serveSpeed({ network: 'test', channels: to.network.channels, isBusy: () => isBusy, monoMs: () => nowMs })
  serveSpeed({ network: 'test', channels: from.network.channels, isBusy: () => false })
})
afterAll(() => mesh.close())
const measure = () => measureSpeed('test', from.network.channels, to.network.peerId)

test('both ways of a path are measured', async () => {
  const { toMiBs, fromMiBs } = await measure()
  expect(toMiBs).toBeGreaterThan(0)
  expect(fromMiBs).toBeGreaterThan(0)
})

test('a peer whose machine is leased refuses', async () => {
  isBusy = true
  await expect(measure()).rejects.toThrow()
  isBusy = false
})

test('nobody is measured for more than its share of an hour', async () => {
  nowMs += 3_600_000
  for (let i = 0; i < 8; i++) await measure()
  await expect(measure()).rejects.toThrow()
  nowMs += 3_600_000
  await measure()
})
