/** A path as a person can paste it into a shell (POSIX sh): in quotes where it needs them. */
export const shellWord = (path: string): string => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`)
