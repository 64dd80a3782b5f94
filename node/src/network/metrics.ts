import { Counter, Gauge, type Registry } from 'prom-client'

/** What the network counts; labels are bounded sets. */
export interface NetworkMetrics {
  violation(reason: string): void
  gossip(verdict: string): void
  control(direction: 'in' | 'out'): void
  controlUnsent(reason: 'full' | 'stalled'): void
  channelBytes(direction: 'in' | 'out', bytes: number): void
  dhtRecords(kind: 'value' | 'provider', count: number): void
}

const NOTHING: NetworkMetrics = {
  violation() {},
  gossip() {},
  control() {},
  controlUnsent() {},
  channelBytes() {},
  dhtRecords() {},
}

export function networkMetrics(registry: Registry | undefined): NetworkMetrics {
  if (registry === undefined) return NOTHING
  const registers = [registry]
  const violations = new Counter({
    name: 'weft_network_violations_total',
    help: 'Peers disconnected because they broke a protocol, by rule',
    labelNames: ['reason'] as const,
    registers,
  })
  const gossip = new Counter({
    name: 'weft_gossip_messages_total',
    help: 'Gossip messages received, by verdict',
    labelNames: ['verdict'] as const,
    registers,
  })
  const control = new Counter({
    name: 'weft_control_messages_total',
    help: 'Control messages sent and received',
    labelNames: ['direction'] as const,
    registers,
  })
  const unsent = new Counter({
    name: 'weft_control_unsent_total',
    help: 'Control messages given up because the peer did not read: too many waited, or one for too long',
    labelNames: ['reason'] as const,
    registers,
  })
  const bytes = new Counter({
    name: 'weft_channel_bytes_total',
    help: 'Bytes of channel frames sent and received',
    labelNames: ['direction'] as const,
    registers,
  })
  const records = new Gauge({
    name: 'weft_dht_records',
    help: 'DHT records held here, by kind',
    labelNames: ['kind'] as const,
    registers,
  })
  return {
    violation: (reason) => violations.inc({ reason }),
    gossip: (verdict) => gossip.inc({ verdict }),
    control: (direction) => control.inc({ direction }),
    controlUnsent: (reason) => unsent.inc({ reason }),
    channelBytes: (direction, count) => bytes.inc({ direction }, count),
    dhtRecords: (kind, count) => records.set({ kind }, count),
  }
}
