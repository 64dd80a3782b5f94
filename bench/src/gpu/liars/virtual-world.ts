import { SimulatedMesh } from '@weft/protocols/testing'
import type { World } from './kinds.ts'

const STEP_MS = 60_000

/** Hosts of the production code in virtual time; messages take 10 ms. */
export function virtualWorld(seed: number): World {
  const mesh = new SimulatedMesh(seed)
  const { time } = mesh
  return {
    time: {
      nowMs: () => time.nowMs,
      wait: (ms) => new Promise((resolve) => void time.after(ms, resolve)),
    },
    add: (provider, measuring) => mesh.add(provider, {}, {}, undefined, undefined, measuring),
    async pass(ms, done) {
      const untilMs = time.nowMs + ms
      while (!done() && time.nowMs < untilMs) await time.run(Math.min(untilMs, time.nowMs + STEP_MS))
      return done()
    },
    stop: async () => {},
  }
}
