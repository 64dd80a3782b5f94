import type { Spec } from '@weft/protocols/wire'
import { executorError } from './engine-errors.ts'
import { isImageId, isPinned, isPublic } from './image-reference.ts'
import { HOME_PATH, SCRATCH_PATH } from './profile.ts'

/** A mount here would hide what the container needs to be one, or what the profile puts there. */
const SYSTEM_PATHS = ['/proc', '/sys', '/dev']

/**
 * Throws BAD_IMAGE, BAD_INPUT or BAD_COMMAND where a spec asks for what no container can have. The wire's decoder has checked shapes and
 * lengths; this checks what only the executor knows.
 */
export function checkSpec(spec: Spec): void {
  checkImage(spec)
  const targets = [...spec.inputs, ...spec.outputs].map((mount) => mount.path)
  for (const path of targets) checkTarget(path)
  const twice = targets.find((path, index) => targets.indexOf(path) !== index)
  if (twice !== undefined)
    throw executorError('BAD_INPUT', `${twice} is named twice; every input and output needs a place of its own`)
  if (spec.workdir !== '' && spec.workdir !== '/' && !isPlainPath(spec.workdir))
    throw executorError('BAD_COMMAND', `the working directory ${spec.workdir} is no absolute path`)
  if ([...spec.command, ...spec.env.map((entry) => entry.value)].some((text) => text.includes('\0')))
    throw executorError('BAD_COMMAND', 'the command or environment holds a zero byte')
}

/**
 * By its contents only. A name, or the beginning of an id, would be looked up among this machine's own images, which nobody meant to
 * show, and pulling one would move the owner's tag; a registry of this machine's network is none that the renter has to know.
 */
function checkImage({ imageId, imagePull }: Spec): void {
  if (imageId !== '' && !isImageId(imageId))
    throw executorError('BAD_IMAGE', `${JSON.stringify(imageId.slice(0, 80))} is no image id; it starts with sha256:`)
  if (imagePull !== '' && !isPinned(imagePull))
    throw executorError('BAD_IMAGE', `${JSON.stringify(imagePull.slice(0, 80))} says no digest; write NAME@sha256:…`)
  if (!isPublic(imagePull))
    throw executorError('BAD_IMAGE', `${imagePull.slice(0, 80)} names a registry of one network; send the image instead`)
}

function checkTarget(path: string): void {
  if (!isPlainPath(path)) throw executorError('BAD_INPUT', `${path} is no absolute path below /`)
  const system = SYSTEM_PATHS.find((top) => isWithin(path, top))
  if (system !== undefined)
    throw executorError('BAD_INPUT', `${path} lies in ${system}, which belongs to the system; choose another path`)
  const scratch = [SCRATCH_PATH, HOME_PATH].find((top) => path === top || isWithin(top, path))
  if (scratch !== undefined)
    throw executorError('BAD_INPUT', `${path} would hide ${scratch}, which every job has; choose a folder inside it or elsewhere`)
}

/** An image that declares more volumes than this is refused. */
const IMAGE_VOLUMES_MAX = 16

/**
 * Where an image wants volumes, each written in one way. Throws BAD_IMAGE where that is no plain path: an engine that is told of memory
 * at `/x/../data` may still make a volume of its own, without a limit, and mount that over it.
 */
export function volumePaths(volumes: readonly string[]): string[] {
  if (volumes.length > IMAGE_VOLUMES_MAX)
    throw executorError('BAD_IMAGE', `the image declares ${volumes.length} volumes; ${IMAGE_VOLUMES_MAX} are allowed`)
  const paths = volumes.map((volume) => volume.replace(/\/$/, ''))
  const wrong = paths.find((path) => !isPlainPath(path) || SYSTEM_PATHS.some((top) => isWithin(path, top)))
  if (wrong !== undefined)
    throw executorError(
      'BAD_IMAGE',
      `the image declares a volume at ${JSON.stringify(wrong.slice(0, 80))}, where there can be none`,
    )
  return [...new Set(paths)]
}

/** True where `path` is `top` or lies below it. */
export function isWithin(path: string, top: string): boolean {
  return path === top || path.startsWith(`${top}/`)
}

function isPlainPath(path: string): boolean {
  const parts = path.split('/').slice(1)
  return (
    path.startsWith('/') &&
    !path.includes('\0') &&
    parts.length > 0 &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..')
  )
}
