/** What a page of results says, before it is HTML: plain data, so that figures can be tested without a browser. */
export interface Page {
  eyebrow: string
  title: string
  lead: string
  facts: Fact[]
  /** Command that repeats it. */
  command: string
  banners: Banner[]
  tiles: Tile[]
  plots: Plot[]
  tables: NumberTable[]
  /** The tables are what the reader came for. */
  areNumbersFirst?: boolean
  /** Sentences at the end: how to read it. */
  notes: string[]
}
export interface Fact {
  name: string
  value: string
  /** Set in the type of code. */
  code?: boolean
}
/** Something that a reader must not miss: an invariant that broke, a run that was stopped. */
export interface Banner {
  text: string
  items: string[]
}
export interface Tile {
  name: string
  value: string
  detail: string
}

export interface Axis {
  label: string
  unit?: string
  log?: boolean
  /** Shares are written as per cent. */
  percent?: boolean
  min?: number
  max?: number
}
/** `low` and `high` are drawn as a band, or as error bars where the curve is points. */
export interface Curve {
  label: string
  x: number[]
  /** null: a gap. */
  y: (number | null)[]
  low?: (number | null)[]
  high?: (number | null)[]
  style?: 'line' | 'dashed' | 'step' | 'points'
  faint?: boolean
}
export interface Plot {
  id: string
  title: string
  /** What is shown and how it was computed, in a paper's words. */
  caption: string
  x: Axis
  y: Axis
  curves: Curve[]
  /** Vertical lines: what happened when. */
  marks?: { at: number; label: string }[]
  /** Drawn small, below the figures: one of many columns. */
  isSmall?: boolean
}

export interface NumberTable {
  title: string
  note?: string
  columns: string[]
  rows: { cells: Cell[]; loud?: boolean }[]
  /** Pairs of name and value, several beside each other. */
  isList?: boolean
}
/** `share`: a bar behind the number. */
export type Cell = string | { text: string; share: number }
