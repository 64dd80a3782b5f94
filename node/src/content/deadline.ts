import { ContentError } from './errors.ts'

/**
 * Passes items on, and fails with STALLED where one takes longer than `idleMs`, or with the signal's reason as soon as it is
 * aborted. Leaving early leaves the source where it is.
 */
export async function* withDeadline<T>(source: AsyncIterable<T>, idleMs: number, signal?: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  for (;;) {
    const result = await within(iterator.next(), { ms: idleMs, signal })
    if (result.done === true) return
    yield result.value
  }
}

/** Settles as the promise does, or fails sooner: after `ms` with STALLED, or when the signal is aborted. @default ms no limit */
export async function within<T>(
  promise: Promise<T>,
  { ms, signal }: { ms?: number; signal: AbortSignal | undefined },
): Promise<T> {
  signal?.throwIfAborted()
  let timer: NodeJS.Timeout | undefined
  let onAbort = () => {}
  const stop = new Promise<never>((_resolve, reject) => {
    if (ms !== undefined) timer = setTimeout(() => reject(new ContentError('STALLED', `nothing came for ${ms / 1000} s`)), ms)
    onAbort = () => reject(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([promise, stop])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
    // The one that lost the race may still fail: nobody waits for it any more.
    promise.catch(() => {})
  }
}
