/** A terminal sends Ctrl-C to every process of its group, and a parent passes it on: within this time it is one key press. */
const SAME_PRESS_MS = 300

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Calls `stop` at the first Ctrl-C and `quit` at the next; returns how to end it. */
export function onInterrupt(stop: () => void, quit: () => void, now: () => number = () => performance.now()): () => void {
  let pressed: number | undefined
  const listener = (): void => {
    const at = now()
    if (pressed === undefined) {
      pressed = at
      stop()
    } else if (at - pressed >= SAME_PRESS_MS) quit()
  }
  for (const signal of SIGNALS) process.on(signal, listener)
  return () => {
    for (const signal of SIGNALS) process.removeListener(signal, listener)
  }
}
