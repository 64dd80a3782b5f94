/** The part of cli-progress 3 that is used here; the package ships no types. */
declare module 'cli-progress' {
  interface Options {
    format: string
    stream: NodeJS.WritableStream
    clearOnComplete: boolean
    hideCursor: boolean
    barsize: number
    fps: number
  }
  class SingleBar {
    constructor(options: Options, preset: object)
    start(total: number, value: number, payload: object): void
    update(value: number, payload: object): void
    setTotal(total: number): void
    stop(): void
  }
  const cliProgress: { SingleBar: typeof SingleBar; Presets: { shades_classic: object } }
  export default cliProgress
}
