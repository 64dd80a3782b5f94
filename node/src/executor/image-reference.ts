import { executorError } from './engine-errors.ts'

const REFERENCE_LENGTH_MAX = 512
const IMAGE_ID = /^sha256:[0-9a-f]{64}$/
const DIGEST = /@sha256:[0-9a-f]{64}$/
/** The grammar of image references: registry and path, then tag, then digest; or a bare id. */
const REFERENCE =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/

export function isImageId(text: string): boolean {
  return IMAGE_ID.test(text)
}

/** `NAME@sha256:…`: whatever that names has these contents, and whoever says it knew them. */
export function isPinned(reference: string): boolean {
  return DIGEST.test(checkedReference(reference))
}

/** A name that ends as those of the world do: no address, and nothing that only one network knows. */
const PUBLIC_HOST = /\.[a-zA-Z][a-zA-Z0-9-]*(?::\d+)?$/

/** Whether the reference's registry is the same one for everybody; without one it is Docker's own. */
export function isPublic(reference: string): boolean {
  const [host = '', ...path] = reference.split('/')
  const isHost = path.length > 0 && (/[.:]/.test(host) || host === 'localhost')
  return !isHost || PUBLIC_HOST.test(host)
}

/**
 * Returns `reference` if it can name an image. References come from other peers and become part of a URL of the engine's
 * API: one with `..` or `?` in it would call something else.
 */
export function checkedReference(reference: string): string {
  const plain = reference.length <= REFERENCE_LENGTH_MAX && (IMAGE_ID.test(reference) || REFERENCE.test(reference))
  if (plain) return reference
  const shown = JSON.stringify(reference.slice(0, 80))
  throw executorError('BAD_IMAGE', `${shown} is no name of an image; write NAME, NAME:TAG or NAME@sha256:…`)
}

/** The reference with `@sha256:…` of `digests` that names the same repository, else the first; empty: none. */
export function pullReference(reference: string, digests: readonly string[]): string {
  const repository = repositoryOf(reference)
  return digests.find((digest) => repositoryOf(digest) === repository) ?? digests[0] ?? ''
}

function repositoryOf(reference: string): string {
  const [name = ''] = reference.split('@')
  const slash = name.lastIndexOf('/')
  const colon = name.indexOf(':', slash + 1)
  const repository = colon < 0 ? name : name.slice(0, colon)
  return repository.replace(/^docker\.io\//, '').replace(/^library\//, '')
}
