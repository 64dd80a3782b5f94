import { isAbsolute, resolve } from 'node:path'
import { codeOf, ExecutorError, messageOf, UsageError, WireError } from '@weft/protocols'
import { CID_BYTES_MAX, CURRENCY_NAME, type Spec, specCodec } from '@weft/protocols/wire'
import { checkSpec } from '../executor/spec-check.ts'
import type { Submission } from './views.ts'

const CONTROL = /[\p{Cc}]/u
const DIGEST = `sha256:${'0'.repeat(64)}`
const REFERENCE_LENGTH_MAX = 256

/**
 * Refuses what could not be ordered, or what no provider would take, before anything is packed. Throws UsageError.
 */
export function checkSubmission(submission: Submission): void {
  checkHosts(submission)
  const { name, regions, resources, currency } = submission
  if (!CURRENCY_NAME.test(currency)) {
    throw new UsageError(`the currency has 2 to 12 letters and digits, such as USD, not ${JSON.stringify(currency)}`)
  }
  for (const text of [name, ...regions, resources.gpuVendor, resources.gpuComputeCapability, ...resources.gpuModels]) {
    if (CONTROL.test(text))
      throw new UsageError(`${JSON.stringify(text)} has a control character; names and regions are plain text`)
  }
  try {
    const spec = likelySpec(submission)
    specCodec.decode(specCodec.encode(spec))
    checkSpec(spec)
  } catch (error) {
    throw refusalOf(error)
  }
}

/** A refusal of the wire or the executor, at submission, is the fault of who submits. Other errors stay as they are. */
export function refusalOf(error: unknown): unknown {
  if (codeOf(error) === 'TOO_LONG') return tooMuchToSay(error)
  if (!(error instanceof WireError || (error instanceof ExecutorError && ['BAD_INPUT', 'BAD_COMMAND'].includes(error.code))))
    return error
  return new UsageError(`this job cannot be ordered: ${messageOf(error)}`, { cause: error })
}

/** The daemon's own folder is not the one in which somebody typed a command. */
function checkHosts({ inputs, outputs }: Submission): void {
  for (const { host } of [...inputs, ...outputs]) {
    if (!isAbsolute(host) || host.includes('\0')) {
      throw new UsageError(`${JSON.stringify(host)} is no absolute path on this machine; write it out from the root on`)
    }
  }
  const places = outputs.map(({ host }) => resolve(host))
  const twice = places.find((place, at) => places.indexOf(place) !== at)
  if (twice !== undefined) throw new UsageError(`two outputs cannot both go to ${twice}; give each a place of its own`)
}

/** As large as the real one can become, which is known only once images are pinned and inputs packed. */
function likelySpec({ image, command, env, workdir, inputs, outputs }: Submission): Spec {
  const cid = new Uint8Array(CID_BYTES_MAX)
  return {
    imageId: DIGEST,
    imageReference: image,
    imagePull: `@${DIGEST}`.padStart(REFERENCE_LENGTH_MAX, 'x'),
    imageFromRenter: true,
    imageBytes: 0,
    command,
    env,
    workdir,
    inputs: inputs.map(({ container, readOnly }) => ({ path: container, cid, readOnly, bytes: 0 })),
    outputs: outputs.map(({ container }) => ({ path: container, cid: new Uint8Array(0), readOnly: false, bytes: 0 })),
  }
}

/** What to run travels in one message, what is asked of providers in another. */
const tooMuchToSay = (cause: unknown): UsageError =>
  new UsageError(
    'command, variables and paths (64 kB), or regions and GPU models (2 kB), are too long together; put large values into a file and copy it in with -v',
    { cause },
  )
