export interface EnsureEngineInit {
  /** Install without asking. */
  yes: boolean
  /** Never install. */
  noInstall: boolean
  log: (line: string) => void
  /** Called before an installation is announced. @default nothing */
  onInstall?: () => void
}
export interface EnsuredEngine {
  /** Where it answers: `unix:///…/docker.sock`. */
  host: string
  /** It was started here, and `stop` ends it. */
  started: boolean
  stop(): Promise<void>
}
/** An engine that answers or was started; undefined: there is none. */
export function ensureEngine(init: EnsureEngineInit): Promise<EnsuredEngine | undefined>
