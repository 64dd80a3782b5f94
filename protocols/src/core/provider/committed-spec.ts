import { equalBytes } from '../../wire/bytes.ts'
import { manifestHash } from '../../wire/commitments.ts'
import { specCodec } from '../../wire/spec.ts'
import type { Manifest, Spec } from '../../wire/types.ts'
import type { Step } from '../step.ts'
import type { ProviderLease } from './lease.ts'

/** The job of a manifest; undefined where it is not the one that the order committed to, or has more to fetch than was declared. */
export function committedSpec(step: Step, lease: ProviderLease, { salt, spec: bytes }: Manifest): Spec | undefined {
  if (!equalBytes(manifestHash(step, salt, bytes), lease.manifestHash)) return undefined
  try {
    const spec = specCodec.decode(bytes)
    const bytesToFetch = spec.imageBytes + spec.inputs.reduce((sum, input) => sum + input.bytes, 0)
    return bytesToFetch <= lease.declaredBytes ? spec : undefined
  } catch {
    return undefined
  }
}
