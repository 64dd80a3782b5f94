/** Flows that share lines: flow i takes from every line in `lines[i]`, and never more than `ceiling[i]`. Rates in any unit. */
export interface Sharing {
  lines: readonly (readonly number[])[]
  capacity: ArrayLike<number>
  ceiling: ArrayLike<number>
}

/**
 * Max-min fair rates by progressive filling (Bertsekas and Gallager, Data Networks, 2nd edition, section 6.5.2): all rates
 * rise together, and those stop whose line is full or whose ceiling is reached. No flow's rate can then be raised without
 * lowering one that is no larger. At least one flow stops in each round, so there are at most as many rounds as flows.
 */
export function maxMinRates({ lines, capacity, ceiling }: Sharing): Float64Array {
  const rates = new Float64Array(lines.length)
  const left = Float64Array.from(capacity)
  const users = new Int32Array(left.length)
  for (const path of lines) for (const line of path) users[line] = (users[line] as number) + 1
  let rising = lines.map((_, flow) => flow)
  let level = 0
  while (rising.length > 0) {
    let step = Number.POSITIVE_INFINITY
    for (const flow of rising) {
      step = Math.min(step, (ceiling[flow] as number) - level)
      for (const line of lines[flow] as readonly number[]) step = Math.min(step, (left[line] as number) / (users[line] as number))
    }
    if (step === Number.POSITIVE_INFINITY) throw new RangeError('a flow needs a ceiling or a line of finite capacity')
    step = Math.max(0, step)
    level += step
    const full = new Set<number>()
    for (const line of new Set(rising.flatMap((flow) => lines[flow] as readonly number[]))) {
      const share = (left[line] as number) / (users[line] as number)
      // Equal divisions give equal quotients, so the lines that set the step are met exactly.
      if (share <= step) full.add(line)
      left[line] = share <= step ? 0 : (left[line] as number) - step * (users[line] as number)
    }
    const stays = (flow: number) =>
      (ceiling[flow] as number) > level && !(lines[flow] as readonly number[]).some((line) => full.has(line))
    const next = rising.filter(stays)
    if (next.length === rising.length) throw new RangeError('rates must be numbers above 0')
    for (const flow of rising) {
      rates[flow] = level
      if (!stays(flow)) for (const line of lines[flow] as readonly number[]) users[line] = (users[line] as number) - 1
    }
    rising = next
  }
  return rates
}
