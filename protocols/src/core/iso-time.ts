/** RFC 3339 UTC of Unix milliseconds; written out, since the core has no Date (civil-from-days, H. Hinnant). */
export function isoTime(unixMs: number): string {
  const days = Math.floor(unixMs / 86_400_000)
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthShifted = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * monthShifted + 2) / 5) + 1
  const month = monthShifted < 10 ? monthShifted + 3 : monthShifted - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const ms = unixMs - days * 86_400_000
  const pad = (value: number, digits = 2) => String(Math.floor(value)).padStart(digits, '0')
  const clock = `${pad(ms / 3_600_000)}:${pad((ms / 60_000) % 60)}:${pad((ms / 1_000) % 60)}.${pad(ms % 1_000, 3)}`
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${clock}Z`
}
