import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import Dockerode from 'dockerode'
import { describe, expect, test } from 'vitest'
import { containerBody } from '../../src/executor/profile.ts'
import { runFlags } from '../../src/executor/run-flags.ts'
import { engines } from './engines.ts'
import { aWork } from './fixture.ts'
import { busyboxImage } from './images.ts'

const run = promisify(execFile)
const cli = await run('docker', ['--version']).then(
  () => true,
  () => false,
)
const engine = engines.find(({ name, host }) => name === 'docker' && host.startsWith('unix://'))

describe.skipIf(engine === undefined || !cli)('the flags of `docker create`', () => {
  test('make the same container as the create body', async () => {
    if (engine === undefined) return
    const { imageId, env } = await busyboxImage(engine)
    const mounts = [{ source: '/var', target: '/in', readOnly: true }]
    const work = aWork(imageId, ['true'], { workdir: '/in' })
    const body = containerBody({
      work,
      peerId: 'p',
      network: 'n',
      era: 'e',
      imageId,
      imageEnv: env,
      imageVolumes: ['/v'],
      mounts,
    })
    const docker = new Dockerode({ socketPath: engine.host.slice('unix://'.length), host: undefined })
    const name = `weft-test-${randomBytes(6).toString('hex')}`
    const ids: string[] = []
    try {
      ids.push((await engine.create({ name: `${name}-api`, body })).id)
      const created = await run('docker', [
        '--host',
        engine.host,
        'create',
        '--name',
        `${name}-cli`,
        ...runFlags(body),
        imageId,
        'true',
      ])
      ids.push(created.stdout.trim())
      const [api, typed] = await Promise.all(ids.map((id) => docker.getContainer(id).inspect()))
      expect(typed?.HostConfig).toMatchObject(defined(api?.HostConfig ?? {}))
      // The command line hands the environment over in any order.
      expect(typed?.Config.Env.toSorted()).toEqual(api?.Config.Env.toSorted())
      for (const key of ['User', 'Cmd', 'WorkingDir', 'Labels', 'StopSignal', 'Healthcheck', 'Hostname'] as const) {
        expect(typed?.Config[key as 'User']).toEqual(api?.Config[key as 'User'])
      }
    } finally {
      for (const id of ids) await engine.remove(id)
    }
  })
})

/** Docker shows an absent list once as null and once as empty. */
function defined(record: object): object {
  const terminal = ['ConsoleSize', 'ContainerIDFile']
  return Object.fromEntries(
    Object.entries(record).filter(
      ([name, value]) => !terminal.includes(name) && value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  )
}
