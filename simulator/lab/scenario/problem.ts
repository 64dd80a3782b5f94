import { ProblemsError } from '@weft/protocols'

/** A scenario that cannot be run. The message is one line a problem. */
export class ScenarioError extends ProblemsError {}
