import type { Call } from '../core/effect.ts'
import type { Outcome } from '../core/input.ts'
import { codeOf, ExecutorError, messageOf, WeftError } from '../errors.ts'
import type { Executor, Meter, Results, Store } from '../ports/index.ts'
import type { Envelopes } from '../wire/envelope.ts'
import { readBooks } from './books.ts'

/** Performs a call on a port; however it ends, the core hears of it. */
export async function performCall(
  call: Call,
  ports: { executor: Executor | undefined; results: Results; store: Store; meter?: Meter | undefined },
  envelopes: Envelopes,
): Promise<Outcome> {
  try {
    if (call.on === 'books') return await readBooks(call, { store: ports.store, envelopes })
    if (call.on === 'meter') return await onMeter(call, ports.meter)
    return call.on === 'executor' ? await onExecutor(call, ports.executor) : await onResults(call, ports.results)
  } catch (error) {
    return { ok: false, code: codeOf(error), message: messageOf(error) }
  }
}

async function onExecutor(call: Extract<Call, { on: 'executor' }>, executor: Executor | undefined): Promise<Outcome> {
  if (executor === undefined) throw new ExecutorError('NO_ENGINE', 'this peer has no container engine')
  switch (call.do) {
    case 'deliver':
      await executor.deliver(call.work)
      return { ok: true }
    case 'collect':
      return { ok: true, collected: await executor.collect(call.leaseId) }
    case 'list':
      return { ok: true, found: await executor.list() }
    case 'stop':
      await executor.stop(call.leaseId, call.graceMs)
      return { ok: true }
    default:
      await executor[call.do](call.leaseId)
      return { ok: true }
  }
}

async function onMeter(call: Extract<Call, { on: 'meter' }>, meter: Meter | undefined): Promise<Outcome> {
  if (meter === undefined) throw new WeftError('NO_METER', 'this peer cannot measure')
  switch (call.do) {
    case 'perform':
      return { ok: true, report: await meter.perform(call.task) }
    case 'check':
      return { ok: true, wrong: await meter.check(call.task, call.report, call.picks) }
    case 'release':
      meter.release()
      return { ok: true }
  }
}

async function onResults(call: Extract<Call, { on: 'results' }>, results: Results): Promise<Outcome> {
  const { jobId, leaseId } = call
  if (call.do === 'follow') results.follow(jobId, leaseId, call.from)
  else if (call.do === 'drop') results.drop(jobId, leaseId)
  else await results.finish(jobId, leaseId, call.from, { logBytes: call.logBytes, outputs: call.outputs })
  return { ok: true }
}
