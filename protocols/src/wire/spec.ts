import { WireError } from '../errors.ts'
import { codec } from './codec.ts'
import * as field from './fields.ts'
import { weft } from './generated/messages.js'
import * as limit from './limits.ts'
import type { Mount, Spec } from './types.ts'

/** The private half of a job: what to run. It travels inside a Manifest, as bytes that the order committed to. */

const mountToWire = (mount: Mount): weft.Mount.$Properties => ({ ...mount, bytes: field.toLong(mount.bytes) })

const mountFromWire = (message: weft.Mount.$Properties, name: string): Mount => ({
  path: containerPath(message.path, `${name}.path`),
  cid: field.bytes(message.cid, `${name}.cid`, { max: limit.CID_BYTES_MAX }),
  readOnly: message.readOnly ?? false,
  bytes: field.u64(message.bytes, `${name}.bytes`),
})

/** An absolute path in a container that names a place below the root and leaves no doubt which. */
function containerPath(value: string | null | undefined, name: string): string {
  const path = field.text(value, name, limit.PATH_LENGTH_MAX)
  const parts = path.split('/').slice(1)
  const plain = path.startsWith('/') && parts.length > 0 && parts.every((part) => part !== '' && part !== '.' && part !== '..')
  if (!plain) throw new WireError('BAD_FIELD', `${name}: '${path}' is no absolute path below /`)
  return path
}

export const specCodec = codec<Spec, weft.Spec.$Properties, weft.Spec>(
  '/weft/spec/1',
  limit.SPEC_BYTES_MAX,
  weft.Spec,
  (value) => ({
    ...value,
    imageBytes: field.toLong(value.imageBytes),
    command: [...value.command],
    env: [...value.env],
    inputs: value.inputs.map(mountToWire),
    outputs: value.outputs.map(mountToWire),
  }),
  (message) => ({
    imageId: field.text(message.imageId, 'imageId'),
    imageReference: field.text(message.imageReference, 'imageReference'),
    imagePull: field.text(message.imagePull, 'imagePull'),
    imageFromRenter: message.imageFromRenter ?? false,
    imageBytes: field.u64(message.imageBytes, 'imageBytes'),
    command: field.list(message.command, 'command', limit.ARGUMENTS_MAX, (argument, at) =>
      field.rawText(argument, at, limit.SPEC_BYTES_MAX),
    ),
    env: field.list(message.env, 'env', limit.ENV_MAX, (entry, at) => ({
      name: envName(entry.name, at),
      value: field.rawText(entry.value, at, limit.SPEC_BYTES_MAX),
    })),
    workdir: ['', '/'].includes(message.workdir) ? message.workdir : containerPath(message.workdir, 'workdir'),
    inputs: field.list(message.inputs, 'inputs', limit.MOUNTS_MAX, mountFromWire),
    outputs: field.list(message.outputs, 'outputs', limit.MOUNTS_MAX, mountFromWire),
  }),
)

function envName(value: string | null | undefined, name: string): string {
  const text = field.text(value, name)
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(text))
    throw new WireError('BAD_FIELD', `${name}: '${text}' is no name of an environment variable`)
  return text
}
