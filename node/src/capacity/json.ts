/** Reading of what tools print as JSON: whatever it is, nothing throws. */

/** Undefined for what is no JSON, which half an answer never is. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** An object's entries; none of anything else. */
export const object = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Short text; '' for `N/A` and everything that is none. */
export const text = (value: unknown): string =>
  typeof value === 'string' && value !== 'N/A' ? value.trim().slice(0, 128) : typeof value === 'number' ? String(value) : ''

/** A whole number, written as such or as text; undefined for everything else. */
export function whole(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined
}
