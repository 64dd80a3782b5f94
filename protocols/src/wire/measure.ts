import { FILL_MIB_MAX, REPORTS_MAX, STAGES, type Stage } from '../measure/task.ts'
import { type PeerId, peerId } from '../units.ts'
import { fromHex, toHex } from './bytes.ts'
import { codec } from './codec.ts'
import * as field from './fields.ts'
import { weft } from './generated/messages.js'
import * as limit from './limits.ts'
import { keyOf } from './peer-id.ts'

/** Challenges of what a provider says that it has, and what came of them. */

/** Why a stage was not performed, as numbered in measure.proto from 1. */
export const CHALLENGE_FAULTS = ['busy', 'closed', 'budget', 'unknown-card', 'no-meter', 'unsupported', 'failed'] as const
export type ChallengeFault = (typeof CHALLENGE_FAULTS)[number]

export interface Challenge {
  nonce: Uint8Array
  stage: Stage
  seed: Uint8Array
  /** Empty but in the first stage, as are the two numbers 0. `card`: SHA-256 of its id, hex; empty: the machine. */
  cards: readonly { card: string; fillMib: number }[]
  rounds: number
  rows: number
}

export interface ChallengeAnswer {
  nonce: Uint8Array
  stage: Stage
  card: string
  fault: ChallengeFault | undefined
  report: readonly number[]
}

export interface MeasuredCard {
  card: string
  filledMib: number
  fillMs: number
  walkMs: number
  rows: number
  fp32Ms: number
  /** 0: not offered. */
  fp16Ms: number
  bf16Ms: number
}

export interface Measurement {
  provider: PeerId
  nonce: Uint8Array
  cards: readonly MeasuredCard[]
  together: number
  issuedAtMs: number
  expiresAtMs: number
}

export interface Measurements {
  /** Envelopes. */
  measurements: readonly Uint8Array[]
}

const PEER_ID_LENGTH_MAX = 80

const stageOf = (number: number | null | undefined): Stage => field.choice(STAGES[number ?? 0] ?? String(number), STAGES, 'stage')

const cardOf = (hash: Uint8Array | null | undefined, name: string): string =>
  toHex(field.bytes(hash, name, hash?.length === 0 ? { max: 0 } : { exactly: 32 }))

const nonceOf = (nonce: Uint8Array | null | undefined): Uint8Array => field.bytes(nonce, 'nonce', { exactly: 16 })

export const challengeCodec = codec<Challenge, weft.Challenge.$Properties, weft.Challenge>(
  '/weft/challenge/1',
  limit.CHALLENGE_BYTES_MAX,
  weft.Challenge,
  ({ nonce, stage, seed, cards, rounds, rows }) => ({
    nonce,
    stage: STAGES.indexOf(stage),
    seed,
    cards: cards.map(({ card, fillMib }) => ({ uuidHash: fromHex(card), fillMib })),
    rounds,
    rows,
  }),
  (message) => ({
    nonce: nonceOf(message.nonce),
    stage: stageOf(message.stage),
    seed: field.bytes(message.seed, 'seed', { exactly: 32 }),
    cards: field.list(message.cards, 'cards', limit.GPUS_MAX, ({ uuidHash, fillMib }, name) => ({
      card: cardOf(uuidHash, `${name}.uuidHash`),
      fillMib: field.u32(fillMib, `${name}.fillMib`, FILL_MIB_MAX),
    })),
    rounds: field.u32(message.rounds, 'rounds', limit.ROUNDS_MAX),
    rows: field.u32(message.rows, 'rows', limit.ROWS_MAX),
  }),
)

export const challengeAnswerCodec = codec<ChallengeAnswer, weft.ChallengeAnswer.$Properties, weft.ChallengeAnswer>(
  '/weft/challenge-answer/1',
  limit.CHALLENGE_ANSWER_BYTES_MAX,
  weft.ChallengeAnswer,
  ({ nonce, stage, card, fault, report }) => ({
    nonce,
    stage: STAGES.indexOf(stage),
    uuidHash: fromHex(card),
    fault: fault === undefined ? 0 : CHALLENGE_FAULTS.indexOf(fault) + 1,
    report: [...report],
  }),
  (message) => ({
    nonce: nonceOf(message.nonce),
    stage: stageOf(message.stage),
    card: cardOf(message.uuidHash, 'uuidHash'),
    // A fault that a newer peer knows and we do not is a failure.
    fault: message.fault === 0 ? undefined : (CHALLENGE_FAULTS[message.fault - 1] ?? 'failed'),
    report: field.list(message.report, 'report', REPORTS_MAX, (id) => id),
  }),
)

export const measurementCodec = codec<Measurement, weft.Measurement.$Properties, weft.Measurement>(
  '/weft/measurement/1',
  limit.MEASUREMENT_BYTES_MAX,
  weft.Measurement,
  ({ cards, issuedAtMs, expiresAtMs, ...value }) => ({
    ...value,
    cards: cards.map(({ card, ...measured }) => ({ ...measured, uuidHash: fromHex(card) })),
    issuedAt: field.toLong(issuedAtMs),
    expiresAt: field.toLong(expiresAtMs),
  }),
  (message) => {
    const provider = field.text(message.provider, 'provider', PEER_ID_LENGTH_MAX)
    keyOf(provider)
    return {
      provider: peerId(provider),
      nonce: nonceOf(message.nonce),
      cards: field.list(message.cards, 'cards', limit.GPUS_MAX, measuredCard),
      together: field.u32(message.together, 'together'),
      issuedAtMs: field.u64(message.issuedAt, 'issuedAt'),
      expiresAtMs: field.u64(message.expiresAt, 'expiresAt'),
    }
  },
)

const measuredCard = (message: weft.MeasuredCard.$Properties, name: string): MeasuredCard => ({
  card: cardOf(message.uuidHash, `${name}.uuidHash`),
  filledMib: field.u32(message.filledMib, `${name}.filledMib`, FILL_MIB_MAX),
  fillMs: field.u32(message.fillMs, `${name}.fillMs`),
  walkMs: field.u32(message.walkMs, `${name}.walkMs`),
  rows: field.u32(message.rows, `${name}.rows`, limit.ROWS_MAX),
  fp32Ms: field.u32(message.fp32Ms, `${name}.fp32Ms`),
  fp16Ms: field.u32(message.fp16Ms, `${name}.fp16Ms`),
  bf16Ms: field.u32(message.bf16Ms, `${name}.bf16Ms`),
})

export const measurementsCodec = codec<Measurements, weft.Measurements.$Properties, weft.Measurements>(
  '/weft/measurements/1',
  limit.MEASUREMENTS_BYTES_MAX,
  weft.Measurements,
  ({ measurements }) => ({ measurements: [...measurements] }),
  (message) => ({
    measurements: field.list(message.measurements, 'measurements', limit.MEASUREMENTS_MAX, (bytes, name) =>
      field.bytes(bytes, name, { max: limit.MEASUREMENT_BYTES_MAX + limit.ENVELOPE_OVERHEAD_BYTES_MAX }),
    ),
  }),
)
