/** One line per problem, starting with the file. */
export function tidy(root: string): string[]
