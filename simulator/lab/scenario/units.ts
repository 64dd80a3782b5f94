const SECONDS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 }

/** `24h`, `90s`, `250ms` or a number of seconds, in seconds. The schema has checked the form. */
export function seconds(written: string | number): number {
  if (typeof written === 'number') return written
  const [, amount, unit] = /^([0-9.]+)([a-z]+)$/.exec(written) ?? []
  // Whole microseconds: 0.1 s and 100 ms are the same number.
  return Math.round(Number(amount) * (SECONDS[unit ?? ''] ?? Number.NaN) * 1e6) / 1e6
}

/** The same in milliseconds. */
export const milliseconds = (written: string | number): number => Math.round(seconds(written) * 1e6) / 1e3

/** `30%` or 0.3, as 0.3. */
export function share(written: string | number): number {
  return typeof written === 'number' ? written : Number(written.slice(0, -1)) / 100
}

/** Seconds as a person writes them, in the largest unit that keeps it whole. */
export function duration(amount: number): string {
  const unit = (['d', 'h', 'm', 's'] as const).find(
    (name) => amount !== 0 && Number.isInteger(amount / (SECONDS[name] as number)),
  )
  return unit === undefined ? `${amount}s` : `${amount / (SECONDS[unit] as number)}${unit}`
}
