import { splitVerb } from '../program.ts'
import { spawnSibling } from '../siblings.ts'
import type { Verb } from '../verb.ts'

/** `weft simulate …` is `weft-sim …`: the simulator is a package of its own, which this one may not import. */
export const verb: Verb = {
  define: (command) => {
    command.argument('[words...]', 'passed on to weft-sim').allowUnknownOption().helpOption(false)
  },
  run: (context) => spawnSibling('@weft/simulator', 'weft-sim', splitVerb(context.typed).args),
}
