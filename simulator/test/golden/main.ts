/**
 * The golden runs without a test runner, for a Node or a processor that the house's tools do not run on:
 * `node --conditions=@weft/source simulator/test/golden/main.ts`. Ends with 1 where a hash differs.
 */
import { GOLDEN_RUNS, hashesOf } from './golden-runs.ts'

console.log(`Node ${process.versions.node}, V8 ${process.versions.v8}, ${process.platform} ${process.arch}`)
for (const golden of GOLDEN_RUNS) {
  const { traceHash, numbersHash } = await hashesOf(golden)
  const isSame = traceHash === golden.traceHash && numbersHash === golden.numbersHash
  if (!isSame) process.exitCode = 1
  console.log(`${isSame ? 'same   ' : 'DIFFERS'} ${traceHash} ${numbersHash} ${golden.name}`)
}
