/** What a challenge asks of a card, how it is answered on any processor, and how an answer is checked and judged. */
export * from './check.ts'
export * from './judge.ts'
export * from './matrix.ts'
export * from './memory.ts'
export * from './numbers.ts'
export * from './task.ts'
