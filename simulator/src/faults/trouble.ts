import type { PeerId } from '@weft/protocols'
import type { Pricing } from '@weft/protocols/core'
import { scaled } from '@weft/protocols/core'
import type { Ports } from '@weft/protocols/host'
import type { Channels, Work } from '@weft/protocols/ports'
import type { MessageOpener } from '@weft/protocols/wire'
import type { Checkers, Exposure, LeaseFacts } from '../checkers/index.ts'
import type { Stream } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Engine } from '../peers/executor.ts'
import { CURRENCY, type Fleet } from '../peers/fleet.ts'
import type { Identities } from '../peers/identities.ts'
import { type Keys, SimulatedSigner } from '../peers/signer.ts'
import type { Scenario } from '../scenario.ts'
import { SharedEngine, type SharedMachine, SlowEngine } from './cheating-engines.ts'
import { Clocks } from './clocks.ts'
import { falseCards } from './false-cards.ts'
import { frozenPorts } from './frozen-ports.ts'
import { Gate } from './gate.ts'
import { Injector } from './injector.ts'
import { lieOf } from './lies.ts'
import { Forger, lyingChannels } from './lying-channels.ts'
import { drawRoles, type Role } from './roles.ts'
import { Script } from './script.ts'
import { Spam } from './spam.ts'
import { Verification } from './verification.ts'

/** The world, as faults, attacks and scripts reach into it. */
export interface Place {
  readonly scenario: Scenario
  readonly kernel: Kernel
  readonly network: string
  readonly fleet: Fleet
  readonly identities: Identities
  readonly keys: Keys
  readonly opener: MessageOpener
  readonly exposure: Exposure
  readonly checkers: Checkers
  isOnline(peer: number): boolean
  anyOnline(stream: Stream, row: number): number | undefined
  /** The machine dies; it starts again after `backUs`, or when it is brought back. */
  crash(peer: number, backUs: number | undefined): void
  /** The peer's process dies, and starts again after `backUs`. */
  kill(peer: number, backUs: number): void
  bringBack(peer: number): void
  partition(groupOf: Int32Array | undefined, oneWay: boolean): void
  clog(peer: number, untilUs: number): void
  disturb(duplicateShare: number, lossShare: number): void
  publish(peer: number, topic: string, bytes: Uint8Array): void
  demand(jobs: number): void
}

/** Changes the ports of one host: how tests show that a guard which is switched off is missed. */
export type Tamper = (peer: number, ports: Ports) => Ports

/** Everything that goes wrong in a run: faults, scripted events, and peers that break the rules. Where nothing does, it costs nothing. */
export class Trouble {
  readonly roles: ReadonlyMap<number, Role>
  /** Who shows somebody else's cards: whose. */
  readonly ownerOf: ReadonlyMap<number, number>
  readonly injector: Injector | undefined
  readonly script: Script | undefined
  readonly spam: Spam | undefined
  readonly #place: Place
  readonly #tamper: Tamper | undefined
  readonly #forger: Forger
  readonly #gate: Gate | undefined
  readonly #clocks: Clocks | undefined
  readonly #verification: Verification | undefined
  readonly #liars: Stream
  /** What script steps made of providers' prices, millionths. */
  readonly #priceFactors = new Map<number, number>()
  readonly #machines: SharedMachine[] = []
  readonly #machineOf = new Map<number, number>()
  #spamBids = 0

  constructor(place: Place, tamper: Tamper | undefined) {
    const { scenario, kernel, fleet } = place
    const { faults, attack, script, peers } = scenario
    this.#place = place
    this.#tamper = tamper
    const isRenter = (peer: number) => fleet.isRenter[peer] === 1
    const hasCards = (peer: number) => (fleet.machine(peer)?.gpus ?? 0) > 0
    const roles = scenario.market.enabled
      ? drawRoles(scenario, kernel.draws, { isProvider: (peer) => fleet.isProvider(peer), isRenter, hasCards })
      : new Map<number, Role>()
    this.roles = roles
    const { providers, machineOf } = fleet
    this.ownerOf = attack?.kind === 'cheating-hardware' ? falseCards(roles, { providers, machineOf, hasCards }) : new Map()
    this.#liars = kernel.draws.stream('liars', peers)
    this.#forger = new Forger(place.opener, (peer) => this.#signerOf(peer))
    if (faults.pausesPerHour > 0) this.#gate = new Gate(kernel)
    if (faults.clockSkewMs > 0 || faults.crashesPerHour > 0)
      this.#clocks = new Clocks(peers, faults.clockSkewMs, kernel.draws.stream('clocks', peers))
    if (attack?.kind === 'cheating-providers')
      this.#verification = new Verification(attack.verifyShare, kernel.draws.stream('verification', peers))
    if (faults.untilSeconds > 0)
      this.injector = new Injector(faults, kernel, {
        peers,
        anyOnline: (stream, row) => place.anyOnline(stream, row),
        crash: (peer, backUs) => place.crash(peer, backUs),
        kill: (peer, backUs) => place.kill(peer, backUs),
        freeze: (peer, us) => this.#gate?.freeze(peer, us),
        clog: (peer, untilUs) => place.clog(peer, untilUs),
        setClock: (peer) => this.#clocks?.step(peer),
        partition: (groupOf, oneWay) => place.partition(groupOf, oneWay),
        disturb: (duplicateShare, lossShare) => place.disturb(duplicateShare, lossShare),
      })
    if (script.length > 0)
      this.script = new Script(script, kernel, {
        peers,
        isOnline: (peer) => place.isOnline(peer),
        isProvider: (peer) => fleet.isProvider(peer),
        isRenter,
        crash: (peer) => place.crash(peer, undefined),
        bringBack: (peer) => place.bringBack(peer),
        partition: (groupOf, oneWay) => place.partition(groupOf, oneWay),
        demand: (jobs) => place.demand(jobs),
        price: (peer, factor) => this.#priceFactors.set(peer, Math.round(factor * 1e6)),
      })
    if (attack?.kind === 'spam' && scenario.market.enabled) this.spam = this.#spam(attack)
    if (attack?.kind === 'sybil-market') this.#shareMachines(attack.identities)
  }

  start(): void {
    this.injector?.start()
    this.script?.start()
    this.spam?.start()
  }

  /** Whether a peer was told to break the rules. */
  isByzantine(peer: number): boolean {
    return this.roles.has(peer)
  }

  /** The ports that the host of a peer gets, in place of those of its machine. */
  outfit(peer: number, machine: Ports): Ports {
    let ports = this.#tamper?.(peer, machine) ?? machine
    const role = this.roles.get(peer)
    const lie = role && lieOf(role, this.#forger, this.#liars, peer)
    if (lie !== undefined) ports = { ...ports, channels: lyingChannels(ports.channels, this.#place.opener, lie) }
    if (this.#verification !== undefined && this.#place.fleet.isRenter[peer] === 1)
      ports = { ...ports, channels: this.#wary(ports.channels, this.#verification, peer) }
    if (this.#clocks !== undefined) ports = { ...ports, clock: this.#clocks.of(peer, ports.clock) }
    return this.#gate === undefined ? ports : frozenPorts(ports, peer, this.#gate)
  }

  engineOf(peer: number, engine: Engine): Engine {
    const { attack } = this.#place.scenario
    const machine = this.#machineOf.get(peer)
    if (machine !== undefined) return new SharedEngine(engine, this.#machines[machine] as SharedMachine)
    if (this.roles.get(peer) !== 'slow' || attack?.kind !== 'cheating-providers') return engine
    return new SlowEngine(engine, attack.inflateShare, (_peer, work, givenMs) => this.#gave(work, givenMs))
  }

  /** The pricing of a provider whose prices a script may change. */
  pricingOf(peer: number, pricing: Pricing): Pricing {
    const changes = this.#place.scenario.script.some((step) => step.do === 'price')
    if (!changes) return pricing
    return {
      ...pricing,
      name: pricing.name,
      price: (base, state) => scaled(pricing.price(base, state), this.#priceFactors.get(peer) ?? 1_000_000),
    }
  }

  /** The session of a peer ended; `crashed`: with its machine. */
  gone(peer: number, crashed: boolean): void {
    this.#gate?.forget(peer)
    if (crashed) this.#clocks?.boot(peer, this.#place.kernel.nowUs / 1_000)
  }

  isFrozen(peer: number): boolean {
    return this.#gate?.isFrozen(peer) === true
  }

  /** When the peer thawed last, µs; 0: it was not frozen in this session. */
  thawedUs(peer: number): number {
    return this.#gate?.thawedUs(peer) ?? 0
  }

  settled(lease: LeaseFacts | undefined): void {
    if (lease !== undefined) this.#verification?.settled(lease)
  }

  bidSent(renter: PeerId): void {
    if (this.spam === undefined) return
    const peer = this.#place.identities.indexOf(renter)
    if (peer !== undefined && this.spam.spammers.includes(peer)) this.#spamBids += 1
  }

  /** Numbers for the summary. `wins`: leases by provider. */
  metrics(wins: ReadonlyMap<number, number>): Record<string, number> {
    const { scenario } = this.#place
    const { losses, overpaid, strangers } = this.#place.exposure
    const counts = this.injector?.counts
    return {
      ...(counts && {
        faultCrashes: counts.crash,
        faultPauses: counts.freeze,
        faultClogs: counts.clog,
        faultPartitions: counts.partition,
        faultClockSteps: counts.clock,
        faultKills: counts.kill,
      }),
      ...(this.roles.size > 0 && {
        byzantinePeers: this.roles.size,
        honestLossMicro: losses.lost,
        honestLossShareOfBound: losses.largestShare,
        leasesWithByzantineRenters: losses.leases,
        renterLossMicro: overpaid.lost,
        renterLossShareOfBound: overpaid.largestShare,
        leasesWithByzantineProviders: overpaid.leases,
        strangersShareOfBound: strangers.largestShare,
      }),
      ...(this.#verification && verified(this.#verification)),
      ...(this.spam && { spamOrders: this.spam.sent, spamBids: this.#spamBids }),
      ...(scenario.attack?.kind === 'sybil-market' && this.#sybilGain(wins)),
    }
  }

  #signerOf(peer: PeerId) {
    const index = this.#place.identities.indexOf(peer)
    return index === undefined ? undefined : new SimulatedSigner(this.#place.keys, index)
  }

  /** Bids of providers that this renter has found out do not reach it. */
  #wary(inner: Channels, verification: Verification, peer: number): Channels {
    const own = this.#place.identities.idOf(peer)
    return lyingChannels(inner, this.#place.opener, {
      outgoing: (message, to) => [{ to, bytes: message.bytes }],
      incoming: (message) => (message.kind === 'bid' && verification.isExcluded(own, message.from) ? undefined : message.bytes),
    })
  }

  #gave(work: Work, givenMs: number): void {
    const renter = this.#place.identities.indexOf(work.renter)
    if (renter !== undefined) this.#verification?.ended(this.#place.checkers.facts.lease(work.leaseId), givenMs, renter)
  }

  #spam(attack: Extract<Scenario['attack'], { kind: 'spam' }>): Spam {
    const { scenario, kernel, network, fleet, identities } = this.#place
    return new Spam({
      attack,
      kernel,
      peers: scenario.peers,
      network,
      currency: CURRENCY,
      gpus: fleet.countsGpus ? 1 : 0,
      untilSeconds: scenario.durationSeconds,
      forger: this.#forger,
      sender: {
        idOf: (peer) => identities.idOf(peer),
        isOnline: (peer) => this.#place.isOnline(peer),
        publish: (peer, topic, bytes) => this.#place.publish(peer, topic, bytes),
      },
    })
  }

  /** Sybils in order of their index: each run of `identities` of them stands on the first one's machine. */
  #shareMachines(identities: number): void {
    const { machineOf } = this.#place.fleet
    const sybils = [...this.roles].filter(([, role]) => role === 'sybil').map(([peer]) => peer)
    sybils.forEach((peer, i) => {
      const machine = Math.floor(i / Math.max(1, identities))
      if (this.#machines[machine] === undefined) this.#machines[machine] = { running: 0 }
      this.#machineOf.set(peer, machine)
      machineOf[peer] = machineOf[sybils[machine * identities] as number] as number
    })
  }

  /** Share of leases won over share of machines: 1 is what one identity a machine would get. */
  #sybilGain(wins: ReadonlyMap<number, number>): Record<string, number> {
    const { fleet } = this.#place
    let won = 0
    let all = 0
    for (const [peer, count] of wins) {
      all += count
      if (this.#machineOf.has(peer)) won += count
    }
    const machines = fleet.providers.length - this.#machineOf.size + this.#machines.length
    const sybilWinShare = all === 0 ? 0 : won / all
    const sybilMachineShare = this.#machines.length / Math.max(1, machines)
    return { sybilWinShare, sybilMachineShare, sybilGain: sybilMachineShare === 0 ? 0 : sybilWinShare / sybilMachineShare }
  }
}

function verified({ overpaid, paid, caught, leasesUntilCaught }: Verification): Record<string, number> {
  const leases = leasesUntilCaught.reduce((sum, count) => sum + count, 0)
  return {
    overpaidMicro: overpaid,
    overpaidShare: paid === 0 ? 0 : overpaid / paid,
    liarsCaught: caught,
    leasesUntilCaught: caught === 0 ? 0 : leases / caught,
  }
}
