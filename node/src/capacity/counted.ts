/** Each name once, with how often it is there: `2× rtx-4090, t4`. */
export function counted(names: readonly string[]): string {
  return [...Map.groupBy(names, (name) => name)]
    .map(([name, { length }]) => (length === 1 ? name : `${length}× ${name}`))
    .join(', ')
}
