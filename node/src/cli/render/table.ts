/** What other peers wrote must not move the cursor, ring the bell or hide text: control characters become visible. */
export function clean(text: string): string {
  return text.replace(CONTROL, (character) => `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`)
}

const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]/gu

/** The end of a peer id: all of them begin alike. */
export const shortPeer = (peerId: string): string => (peerId.length > 10 ? `…${clean(peerId.slice(-8))}` : clean(peerId))
export const shortId = (id: string): string => clean(id.slice(0, 12))

/** Columns two blanks apart; the last one is not padded. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows.map((row) => row.map(clean))]
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '))
    .join('\n')
}
