import type { Ports } from '@weft/protocols/host'
import type {
  ChannelEvents,
  Channels,
  Clock,
  Directory,
  Executor,
  ExecutorEvents,
  GossipHandler,
  Meter,
  PubSub,
  Store,
} from '@weft/protocols/ports'
import type { Gate } from './gate.ts'

/**
 * A host's ports behind a gate: messages, timers and completions of calls reach the host through it. What the host itself does
 * passes: a frozen process does nothing. Its engine and its disk are other processes and go on.
 */
export function frozenPorts<P extends Ports>(ports: P, peer: number, gate: Gate): Ports {
  const later = <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      promise.then(
        (value) => gate.pass(peer, () => resolve(value)),
        (error: unknown) => gate.pass(peer, () => reject(error)),
      )
    })
  return {
    ...ports,
    pubsub: pubsub(ports.pubsub, peer, gate),
    directory: directory(ports.directory, later),
    channels: channels(ports.channels, peer, gate),
    store: store(ports.store, later),
    meter: ports.meter && meter(ports.meter, later),
    executor: ports.executor && executor(ports.executor, peer, gate, later),
    clock: clock(ports.clock, peer, gate),
  }
}

type Later = <T>(promise: Promise<T>) => Promise<T>

function pubsub(inner: PubSub, peer: number, gate: Gate): PubSub {
  return {
    subscribe: (topic, handler) => inner.subscribe(topic, gated(handler, peer, gate)),
    unsubscribe: (topic) => inner.unsubscribe(topic),
    publish: (topic, bytes) => inner.publish(topic, bytes),
  }
}

/** A frozen peer forwards nothing, so gossip is told to pass it by; it hears the message when it thaws. */
const gated = (handler: GossipHandler, peer: number, gate: Gate): GossipHandler => ({
  hear: (author, bytes, topic) => {
    if (!gate.isFrozen(peer)) return handler.hear(author, bytes, topic)
    gate.pass(peer, () => void handler.hear(author, bytes, topic))
    return 'ignore'
  },
})

function directory(inner: Directory, later: Later): Directory {
  return {
    put: (key, record) => later(inner.put(key, record)),
    get: (key) => later(inner.get(key)),
    provide: (shelf) => later(inner.provide(shelf)),
    find: (shelf, options) => later(inner.find(shelf, options)),
    networkSize: () => inner.networkSize(),
  }
}

function channels(inner: Channels, peer: number, gate: Gate): Channels {
  return {
    listen: (events) => inner.listen(gatedChannel(events, peer, gate)),
    send: (to, bytes, options) => inner.send(to, bytes, options),
    disconnect: (other, reason) => inner.disconnect(other, reason),
  }
}

function gatedChannel(events: ChannelEvents, peer: number, gate: Gate): ChannelEvents {
  return {
    message: (from, bytes) => gate.pass(peer, () => events.message(from, bytes)),
    connected: (other) => gate.pass(peer, () => events.connected(other)),
    disconnected: (other) => gate.pass(peer, () => events.disconnected(other)),
  }
}

function store(inner: Store, later: Later): Store {
  return {
    get: (key) => inner.get(key),
    list: (prefix, after) => inner.list(prefix, after),
    batch: (ops, options) => {
      const written = inner.batch(ops, options)
      return written === undefined ? undefined : later(written)
    },
  }
}

function executor(inner: Executor, peer: number, gate: Gate, later: Later): Executor {
  return {
    engine: () => inner.engine(),
    listen: (events) => inner.listen(gatedExecutor(events, peer, gate)),
    deliver: (work) => later(inner.deliver(work)),
    start: (leaseId) => later(inner.start(leaseId)),
    permit: (leaseId, permit) => inner.permit(leaseId, permit),
    pause: (leaseId) => later(inner.pause(leaseId)),
    resume: (leaseId) => later(inner.resume(leaseId)),
    stop: (leaseId, graceMs) => later(inner.stop(leaseId, graceMs)),
    collect: (leaseId) => later(inner.collect(leaseId)),
    remove: (leaseId) => later(inner.remove(leaseId)),
    list: () => later(inner.list()),
  }
}

function gatedExecutor(events: ExecutorEvents, peer: number, gate: Gate): ExecutorEvents {
  return {
    progress: (leaseId, done, total) => gate.pass(peer, () => events.progress(leaseId, done, total)),
    exited: (leaseId, exit) => gate.pass(peer, () => events.exited(leaseId, exit)),
  }
}

function clock(inner: Clock, peer: number, gate: Gate): Clock {
  const after: Clock['after'] = (ms, callback) => {
    let isCancelled = false
    const cancel = inner.after(ms, () => gate.pass(peer, () => isCancelled || callback()))
    return () => {
      isCancelled = true
      cancel()
    }
  }
  return {
    get era() {
      return inner.era
    },
    monoMs: () => inner.monoMs(),
    wallMs: () => inner.wallMs(),
    after,
    set: (alarm, ms) => {
      const cancel = alarm.handle as (() => void) | undefined
      cancel?.()
      alarm.handle = ms === Number.POSITIVE_INFINITY ? undefined : after(ms, () => alarm.ring())
    },
  }
}

const meter = (inner: Meter, later: Later): Meter => ({
  perform: (task) => later(inner.perform(task)),
  release: () => inner.release(),
  check: (task, report, picks) => later(inner.check(task, report, picks)),
})
