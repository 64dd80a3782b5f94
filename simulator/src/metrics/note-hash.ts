import type { Note } from '@weft/protocols/core'
import { mix } from '../peers/signer.ts'

/**
 * A running hash over every decision of every peer, in 32 bits; the kernel's trace takes it in as the payload of an event, so
 * that two runs with one trace hash took the same decisions and not only the same messages.
 */
export class NoteHash {
  value = 0x2545f491

  add(peer: number, note: Note): void {
    const type = NOTE_NUMBERS[note.type]
    let word = Math.imul(peer + 1, 0x9e3779b1) ^ Math.imul(type, 0x85ebca77)
    switch (note.type) {
      case 'order-ignored':
        // Most notes of a run are these: short of the whole text, its length and ends tell reasons apart.
        word ^= ends(note.reason) ^ ends(note.orderId)
        break
      case 'receipt':
      case 'countersigned':
      case 'attempt-ended':
      case 'job-ended':
        word ^= Number(note.amount % 0x7fffffffn)
        break
      case 'bid':
      case 'awarded':
        word ^= Number(note.pricePerHour % 0x7fffffffn) ^ ends(note.provider)
        break
      case 'lease':
      case 'leased':
      case 'award-refused':
      case 'equivocation':
      case 'reconciled':
      case 'caught-up':
      case 'unreachable':
      case 'reachable':
      case 'fetch-failed':
        word ^= ends(note.leaseId)
        break
      case 'ordered':
      case 'unfilled':
        word ^= note.round + 1
        break
    }
    this.value = (Math.imul(this.value ^ mix(word), 5) + 0xe6546b64) | 0
  }
}

/** One of its own for each type: two that share one could stand for each other. */
export const NOTE_NUMBERS: Readonly<Record<Note['type'], number>> = {
  ordered: 1,
  bid: 2,
  refusal: 3,
  'auction-closed': 4,
  unfilled: 5,
  awarded: 6,
  'award-refused': 7,
  leased: 8,
  progress: 9,
  'first-output': 10,
  receipt: 11,
  'attempt-ended': 12,
  retry: 13,
  'job-ended': 14,
  'order-ignored': 15,
  'bid-sent': 16,
  lease: 17,
  countersigned: 18,
  objected: 19,
  announced: 20,
  rejected: 21,
  equivocation: 22,
  reconciled: 23,
  'caught-up': 24,
  unreachable: 25,
  reachable: 26,
  'fetch-failed': 27,
  statement: 30,
  paid: 31,
  clock: 32,
  'clock-jumped': 33,
  disk: 34,
  lends: 35,
  measured: 36,
  challenged: 37,
}

const ends = (text: string): number =>
  (text.charCodeAt(0) << 24) ^ (text.charCodeAt(1) << 16) ^ (text.charCodeAt(text.length - 1) << 8) ^ text.length
