/** What was asked for on the command line, as far as it changes what is run. */
export interface Asked {
  scenario: string
  seed?: number | undefined
  seeds?: number | undefined
  peers?: number | undefined
  set: readonly string[]
  rule?: string | undefined
  sweep: readonly string[]
  isChecked?: boolean | undefined
}

/** The command that repeats it, ready for a shell. */
export function repeatCommand(asked: Asked): string {
  const { scenario, seed, seeds, peers, set, rule, sweep, isChecked } = asked
  const words = [
    ...['npx', '--no', 'weft', 'simulate', scenario],
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
    ...(seeds === undefined ? [] : ['--seeds', String(seeds)]),
    ...(peers === undefined ? [] : ['--peers', String(peers)]),
    ...set.flatMap((text) => ['--set', text]),
    ...(rule === undefined ? [] : ['--rule', rule]),
    ...sweep.flatMap((text) => ['--sweep', text]),
    ...(isChecked === true ? ['--check-determinism'] : []),
  ]
  return words.map(quoted).join(' ')
}

/** For a POSIX shell. */
export const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
