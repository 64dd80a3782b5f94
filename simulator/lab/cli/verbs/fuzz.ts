import { Option } from 'commander'
import type { Verb } from '../context.ts'
import { fuzzSeeds } from '../fuzz.ts'
import { SEED_MAX, SEEDS_MAX, wholeNumber } from '../numbers.ts'

interface Flags {
  seed?: number
  seeds: number
  from: number
  shrink?: boolean
  json?: boolean
  checkDeterminism?: boolean
}

export const fuzz: Verb = {
  name: 'fuzz',
  define: (program, perform) => {
    program
      .command('fuzz')
      .description('run small scenarios drawn from seeds, with faults and peers that cheat, and check every invariant')
      .option('--seeds <n>', 'how many', wholeNumber(1, SEEDS_MAX), 200)
      .option('--from <n>', 'the first seed', wholeNumber(0, SEED_MAX), 1)
      .addOption(new Option('--seed <n>', 'this seed alone').argParser(wholeNumber(0, SEED_MAX)).conflicts(['seeds', 'from']))
      .option('--shrink', 'make what fails smaller, and print the smallest scenario that still fails')
      .option('--check-determinism', 'run each seed over both queues, and compare trace hashes')
      .option('--json', 'one JSON document')
      .action(({ seed, seeds, from, shrink, json, checkDeterminism }: Flags) =>
        perform(({ io }) =>
          fuzzSeeds(
            {
              from: seed ?? from,
              seeds: seed === undefined ? seeds : 1,
              isShrinking: shrink === true,
              isJson: json === true,
              isTwice: checkDeterminism === true,
            },
            io,
          ),
        ),
      )
  },
}
