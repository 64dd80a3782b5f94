/** The part of the node's logger that the executor uses. */
export interface ExecutorLog {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
}
