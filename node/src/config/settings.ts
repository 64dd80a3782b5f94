import type { Micros, PeerId } from '@weft/protocols'
import type { PricePlan, SettlePolicy } from '@weft/protocols/core'
import type { Prices } from '@weft/protocols/wire'

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What a provider lends at most; undefined: what `capacity` takes for fitting. */
export interface LendLimits {
  /** Thousandths of a core. */
  cpuMilli: number | undefined
  memoryMib: number | undefined
  diskMib: number | undefined
  /** `auto`: all. A number: that many. */
  gpus: 'auto' | number
}

/** What the orders of this peer's jobs offer; each provider decides whether it works under it. */
export interface TermsSettings {
  /** Between two receipts. @default 10_000 */
  intervalMs: number
  /** How long a container is kept without this peer's word; after four intervals it is paused. @default 60_000 */
  stopAfterMs: number
  /** What a container has between SIGTERM and SIGKILL. @default 10_000 */
  stopGraceMs: number
}

/** What is charged: the announced prices, and how bids move them. */
export interface PriceSettings extends Omit<Prices, 'gpuHour'>, PricePlan {
  /** Undefined: by the class of each card. */
  gpuHour: Micros | undefined
}

/** Somebody who pays so many thousandths of the price; 0: nothing. */
export interface Friend {
  peerId: PeerId
  milli: number
}

export interface MetricsPlace {
  /** 127.0.0.1 unless another was written. */
  host: string
  /** 0: any that is free. */
  port: number
}

export interface Settings {
  /** @default 'weft' */
  network: string
  /** Multiaddrs. @default ['/ip4/0.0.0.0/tcp/4170', '/ip4/0.0.0.0/tcp/4171/ws'] */
  listen: readonly string[]
  /** Multiaddrs with peer ids. @default [] */
  bootstrap: readonly string[]
  /** Is reached through the bootstrap peers, for want of an address of its own. @default false */
  relay: boolean
  /** Finds peers on the local network. @default true */
  mdns: boolean
  /** Sells this machine's capacity. @default false */
  provide: boolean
  /** `auto`, `docker`, `podman`, or where an engine answers: `unix:///…`. @default 'auto' */
  engine: string
  prices: PriceSettings
  /** Told to nobody. @default [] */
  friends: readonly Friend[]
  /** @default '' (not said) */
  region: string
  lend: LendLimits
  /** A capacity file; what it allows is lent where `lend` allows it too. Undefined: capacity.yaml in the data folder, where there is one. */
  lendFile: string | undefined
  /** With less free nothing new is taken. Undefined: 2 GiB, or a twentieth of the disk where that is more. */
  diskReserveMib: number | undefined
  terms: TermsSettings
  /** What all renters that this provider does not know may owe it unsigned, together. @default ten minutes of the whole machine */
  strangersCredit: Micros | undefined
  /** How often in a day this peer, if it provides, challenges others to show what they announce; 0: never. @default 4 */
  challenges: number
  /** When statements are proposed without being asked for. @default undefined (never) */
  settle: SettlePolicy | undefined
  /** @default 'info' */
  log: LogLevel
  /** Where Prometheus is answered over HTTP, beside the API's socket. @default 'off' */
  metrics: 'off' | MetricsPlace
}

/** As it stands in a URL. */
export const hostPort = ({ host, port }: MetricsPlace): string => `${host.includes(':') ? `[${host}]` : host}:${port}`

/** Where a value came from, the strongest first. */
export type Origin = { from: 'flag' | 'environment' | 'file' | 'default'; where: string }
