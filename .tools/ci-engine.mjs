/**
 * Keeps container engines for as long as stdin is open: prints the host where one answers as its first line, that of a private Podman
 * as its second (empty: there is none), and when stdin ends stops what it started. `.ci/run` holds the other end, so that no engine can
 * outlive it.
 */
import { ensureEngine, startEngine } from './engine.mjs'

const log = (line) => console.error(`ci: ${line}`)
const engine = await ensureEngine({ yes: true, noInstall: false, log })
if (engine === undefined) {
  console.error('ci: no container engine answers and none could be started; run as root on Debian or Ubuntu, or set DOCKER_HOST')
  process.exitCode = 1
} else {
  const podman = await startEngine({ name: 'podman', log })
  console.log(`${engine.host}\n${podman?.host ?? ''}`)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.stdin.destroy())
  process.stdin.resume()
  await new Promise((resolve) => process.stdin.once('close', resolve).once('end', resolve))
  await podman?.stop()
  await engine.stop()
}
