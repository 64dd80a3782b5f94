import type { Award } from '../../wire/types.ts'
import { termsHold } from '../market/matching.ts'

/**
 * The rule of the terms that an award breaks, whatever the receipts say: level 3 of an audit. How much credit a provider gives is
 * its own affair; that a permit ends with the credit, what is paid ahead and a pause is not.
 */
export const termsProblem = ({ terms }: Pick<Award, 'terms'>): 'terms' | undefined =>
  termsHold(terms, Number.POSITIVE_INFINITY) ? undefined : 'terms'
