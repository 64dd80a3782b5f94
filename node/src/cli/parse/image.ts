import { usage } from '../exit.ts'

const NAME_LENGTH_MAX = 255
/** The reference grammar of the Docker distribution project: [host[:port]/]path[:tag][@digest]. */
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const HOST = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\\d{1,5})?)'
const REFERENCE = new RegExp(
  `^(?:${HOST}/)?${COMPONENT}(?:/${COMPONENT})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
)
const IMAGE_ID = /^sha256:[0-9a-f]{64}$/

/** Returns the image name unchanged if an engine could understand it. */
export function parseImage(text: string): string {
  const well = text.length <= NAME_LENGTH_MAX && (REFERENCE.test(text) || IMAGE_ID.test(text))
  if (!well) throw usage(`"${text}" is no image name: write NAME, NAME:TAG or NAME@sha256:DIGEST in lower case`)
  return text
}
