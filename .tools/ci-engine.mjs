/**
 * Keeps a container engine for as long as stdin is open: prints the host where it answers as its first line, and when
 * stdin ends stops what it started. `.ci/run` holds the other end, so that the engine cannot outlive it.
 */
import { ensureEngine } from './engine.mjs'

const engine = await ensureEngine({ yes: true, noInstall: false, log: (line) => console.error(`ci: ${line}`) })
if (engine === undefined) {
  console.error('ci: no container engine answers and none could be started; run as root on Debian or Ubuntu, or set DOCKER_HOST')
  process.exitCode = 1
} else {
  console.log(engine.host)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.stdin.destroy())
  process.stdin.resume()
  await new Promise((resolve) => process.stdin.once('close', resolve).once('end', resolve))
  await engine.stop()
}
