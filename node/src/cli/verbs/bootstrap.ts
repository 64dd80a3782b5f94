import { splitVerb } from '../program.ts'
import { spawnSibling } from '../siblings.ts'
import type { Verb } from '../verb.ts'

/** `weft bootstrap …` is `weft-bootstrap …`. */
export const verb: Verb = {
  define: (command) => {
    command.argument('[words...]', 'passed on to weft-bootstrap').allowUnknownOption().helpOption(false)
  },
  run: (context) => spawnSibling('@weft/bootstrap', 'weft-bootstrap', splitVerb(context.typed).args),
}
