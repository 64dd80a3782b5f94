import { type Links, type Nat, presets, type RegionShare } from '@weft/simulator'
import { share } from './units.ts'
import { filled, type ScenarioFile } from './written.ts'

export function linksOf(file: ScenarioFile): Links {
  const { links } = file
  const matrix = matrixNamed(file) ?? matrixOfRegions(file.regions) ?? 'internet'
  if (typeof links !== 'object') return presets.LINKS[matrix]
  const { access, ...rest } = links
  const lines = typeof access === 'string' ? [...presets.ACCESS[access as keyof typeof presets.ACCESS]] : access
  return filled({ ...presets.LINKS[matrix], ...(lines === undefined ? {} : { access: lines }) }, rest)
}

/** Only homes are behind NAT, unless the file says otherwise. */
export function natOf({ nat }: ScenarioFile, matrix: Links['matrix']): Nat {
  const usual = matrix === 'internet' ? presets.NAT : presets.NO_NAT
  return typeof nat === 'object' ? filled(usual, nat) : { ...usual, ...(nat === undefined ? {} : { share: share(nat) }) }
}

export function regionsOf({ regions }: ScenarioFile, matrix: Links['matrix']): RegionShare[] {
  if (typeof regions === 'object') return Object.entries(regions).map(([region, weight]) => ({ region, share: weight }))
  return [...presets.REGIONS[regions ?? matrix]]
}

/** The matrix that `links` names itself. */
export function matrixNamed({ links }: ScenarioFile): Links['matrix'] | undefined {
  return typeof links === 'object' ? links.matrix : links
}

/** The matrix that has the first of these regions. */
export function matrixOfRegions(regions: ScenarioFile['regions']): Links['matrix'] | undefined {
  if (typeof regions !== 'object') return regions
  const [first] = Object.keys(regions)
  return MATRICES.find((matrix) => presets.REGIONS[matrix].some(({ region }) => region === first))
}

const MATRICES = ['cloud', 'internet', 'uniform'] as const
