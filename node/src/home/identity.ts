import { lstat, readFile } from 'node:fs/promises'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import type { PeerId } from '@weft/protocols'
import type { Signer } from '@weft/protocols/ports'
import { equalBytes, peerIdOf } from '@weft/protocols/wire'
import { createSigner } from '../signer.ts'
import { createAtomic } from './atomic.ts'
import { HomeError } from './errors.ts'

export interface Identity {
  peerId: PeerId
  /** What libp2p takes. */
  privateKey: Ed25519PrivateKey
  signer: Signer
}

/** An Ed25519 key in libp2p's protobuf takes 68 bytes. */
const FILE_BYTES_MAX = 1024
const OTHERS = 0o077

/** Draws a new key and writes it, readable by its owner alone. Fails with EEXIST where there is one. */
export async function createIdentity(file: string): Promise<void> {
  await createAtomic(file, privateKeyToProtobuf(await generateKeyPair('Ed25519')), 0o600)
}

/** Reads the key. Throws HomeError IDENTITY where it is missing, damaged or readable by others; never changes it. */
export async function loadIdentity(file: string): Promise<Identity> {
  const stats = await lstat(file).catch(() => undefined)
  if (stats === undefined) {
    throw fault(`the identity ${file} is missing; restore it from a backup, or move the folder away to begin as a new peer`)
  }
  if (!stats.isFile() || stats.size > FILE_BYTES_MAX) throw damaged(file)
  if (process.platform !== 'win32' && (stats.mode & OTHERS) !== 0) {
    throw fault(`the identity ${file} can be read by other users; run: chmod 600 '${file}'`)
  }
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (cause) {
    throw fault(`the identity ${file} cannot be read; give it to this user`, cause)
  }
  return parseIdentity(bytes, file)
}

function parseIdentity(bytes: Uint8Array, file: string): Identity {
  try {
    const privateKey = privateKeyFromProtobuf(bytes)
    if (privateKey.type !== 'Ed25519') throw new TypeError(`a key of type ${privateKey.type}`)
    const signer = createSigner(privateKey.raw)
    // libp2p believes the public half that the file claims.
    if (!equalBytes(signer.publicKey, privateKey.publicKey.raw)) throw new TypeError('the halves of the key do not fit')
    return { peerId: peerIdOf(signer.publicKey), privateKey, signer }
  } catch (cause) {
    throw damaged(file, cause)
  }
}

const damaged = (file: string, cause?: unknown) =>
  fault(`the identity ${file} is damaged; restore it from a backup, or move the folder away to begin as a new peer`, cause)

const fault = (message: string, cause?: unknown) => new HomeError('IDENTITY', message, { cause })
