// Writes protocols/vectors/bundles.json anew: node --conditions=@weft/source protocols/test/audit/write-vectors.ts
import { writeFileSync } from 'node:fs'
import { bundleVectors } from './bundle-vectors.ts'

writeFileSync(new URL('../../vectors/bundles.json', import.meta.url), `${JSON.stringify(bundleVectors(), null, 2)}\n`)
