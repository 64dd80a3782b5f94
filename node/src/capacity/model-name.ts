const NAME_LENGTH_MAX = 64

/**
 * `NVIDIA GeForce RTX 4090` → `rtx-4090`, `AMD Instinct MI300X` → `instinct-mi300x`, `Intel(R) Arc(TM) A770 Graphics` → `arc-a770`:
 * short, and the same on every driver.
 */
export function modelName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/\((?:r|tm|c)\)/g, ' ')
    .trim()
    .replace(/^(nvidia|amd|intel)\s+/, '')
    .replace(/^(geforce|tesla|quadro)\s+(?=\S)/, '')
    .replace(/(?<=\S)\s+graphics$/, '')
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, NAME_LENGTH_MAX)
}
