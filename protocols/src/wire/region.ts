/** True if a provider in region `has` serves somebody who asked for `wanted`: `eu` is `eu` and `eu-west`, not `europa`. */
export function regionFits(has: string, wanted: string): boolean {
  if (has === wanted) return true
  const [place, asked] = [has.toLowerCase(), wanted.toLowerCase()]
  return place === asked || place.startsWith(`${asked}-`)
}
