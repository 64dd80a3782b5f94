/** Longer lines are of no table. */
export const LINE_LENGTH_MAX = 65_536
const FIELDS_MAX = 512

/**
 * One line of a CSV file as fields (RFC 4180): commas between, quotes around fields that hold commas, a quote inside doubled.
 * Fields that span lines are not read. Undefined: the line is broken.
 */
export function fieldsOf(line: string): string[] | undefined {
  if (!line.includes('"')) {
    const fields = line.split(',', FIELDS_MAX + 1)
    return fields.length > FIELDS_MAX ? undefined : fields.map((field) => field.trim())
  }
  const fields: string[] = []
  let at = 0
  while (at <= line.length) {
    if (fields.length >= FIELDS_MAX) return undefined
    if (line[at] === '"') {
      const [text, next] = quoted(line, at + 1)
      if (next === undefined || (next < line.length && line[next] !== ',')) return undefined
      fields.push(text)
      at = next + 1
    } else {
      const end = line.indexOf(',', at)
      const stop = end < 0 ? line.length : end
      const field = line.slice(at, stop)
      if (field.includes('"')) return undefined
      fields.push(field.trim())
      at = stop + 1
    }
  }
  return fields
}

/** The text up to the closing quote, and the place after it. */
function quoted(line: string, from: number): [text: string, next: number | undefined] {
  let text = ''
  for (let at = from; at < line.length; at++) {
    if (line[at] !== '"') text += line[at]
    else if (line[at + 1] === '"') {
      text += '"'
      at++
    } else return [text, at + 1]
  }
  return [text, undefined]
}

/** The lines of chunks of text, without their ends; throws at one that is longer than LINE_LENGTH_MAX. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield withoutReturn(line)
    if (rest.length > LINE_LENGTH_MAX) throw new RangeError(`a line is longer than ${LINE_LENGTH_MAX} letters`)
  }
  if (rest !== '') yield withoutReturn(rest)
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)
