import type { PartResult } from './main.ts'
import type { Figure } from './parts.ts'

/** Whether a figure is what it must be; one without a target always is. */
export function meets({ value, target }: Figure): boolean {
  if (target === undefined) return true
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost
}

/** One part as lines: each figure beside its target and what it is compared with. */
export function partText({ part, setup, figures, load }: PartResult): string {
  const about = Object.entries({ ...setup, 'load before': load }).map(([key, value]) => `${key} ${value}`)
  return [`${part}: ${about.join(', ')}`, ...figures.map(figureText)].join('\n')
}

function figureText(figure: Figure): string {
  const { name, value, unit, target, baseline } = figure
  const words = [`  ${name.padEnd(46)}${short(value).padStart(12)} ${unit.padEnd(10)}`]
  if (target !== undefined) {
    const limit = 'atLeast' in target ? `at least ${target.atLeast}` : `at most ${target.atMost}`
    words.push(`${meets(figure) ? 'ok    ' : 'MISSED'} (${limit})`)
  }
  if (baseline !== undefined) words.push(baseline)
  return words.join('  ').trimEnd()
}

/** Whole numbers whole, others with three digits behind the point at most. */
const short = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en') : String(Number(value.toPrecision(4)))
