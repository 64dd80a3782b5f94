import { codeOf, messageOf, WireError } from '../errors.ts'
import type { Signer } from '../ports/signer.ts'
import { type LeaseId, leaseId } from '../units.ts'
import { Envelopes } from '../wire/envelope.ts'
import { weft } from '../wire/generated/messages.js'
import { decodeMessage, type Received, type ReceivedOf } from '../wire/message.ts'
import { EMPTY_CHAIN, extended, objected, receiptProblem } from './lease/chain.ts'
import type { AuditProblem, AuditReport } from './views.ts'

export interface Bundle {
  network: string
  exportedBy: string
  envelopes: readonly Uint8Array[]
}

const VERSION = 1

export const encodeBundle = (bundle: Bundle): Uint8Array =>
  Uint8Array.from(
    weft.Bundle.encode({
      version: VERSION,
      network: bundle.network,
      exportedBy: bundle.exportedBy,
      envelopes: [...bundle.envelopes],
    }).finish(),
  )

/** Throws WireError on bytes that are no bundle of this version. */
export function decodeBundle(bytes: Uint8Array): Bundle {
  let message: weft.Bundle
  try {
    message = weft.Bundle.decode(bytes)
  } catch (cause) {
    throw new WireError('MALFORMED', 'this file is no receipt bundle', { cause })
  }
  if (message.version !== VERSION)
    throw new WireError('VERSION', `this is no receipt bundle of version ${VERSION}, the one this weft can read`)
  return { network: message.network, exportedBy: message.exportedBy, envelopes: message.envelopes }
}

/** What a bundle says of one lease, by kind. */
interface Dossier {
  award: ReceivedOf<'award'> | undefined
  accepted: ReceivedOf<'acceptance'>[]
  receipts: ReceivedOf<'receipt'>[]
  answers: ReceivedOf<'countersignature'>[]
}

/**
 * Replays every lease of a bundle with nothing but mathematics: signatures, signers, chain, counters, ceilings, prices.
 * It proves what both sides agreed to, not that the work was done.
 */
export function audit(bytes: Uint8Array, verifier: Pick<Signer, 'verify' | 'sha256'>): AuditReport {
  const bundle = decodeBundle(bytes)
  const problems: AuditProblem[] = []
  const dossiers = sortIntoDossiers(bundle, verifier, problems)
  let receipts = 0
  let countersigned = 0
  let amount = 0n
  for (const [id, dossier] of dossiers) {
    const chain = auditLease(id, dossier, problems)
    receipts += new Set(dossier.receipts.map((receipt) => receipt.id)).size
    countersigned += chain.countersigned
    amount += chain.amount
  }
  return { leases: dossiers.size, receipts, countersigned, amount: amount.toString(), problems }
}

function sortIntoDossiers(
  bundle: Bundle,
  verifier: Pick<Signer, 'verify' | 'sha256'>,
  problems: AuditProblem[],
): Map<LeaseId, Dossier> {
  const envelopes = new Envelopes(bundle.network, verifier)
  const dossiers = new Map<LeaseId, Dossier>()
  const of = (id: LeaseId): Dossier => {
    const dossier = dossiers.get(id) ?? { award: undefined, accepted: [], receipts: [], answers: [] }
    dossiers.set(id, dossier)
    return dossier
  }
  bundle.envelopes.forEach((envelope, i) => {
    let message: Received
    try {
      message = decodeMessage(envelopes.open(envelope))
    } catch (error) {
      problems.push({
        leaseId: '',
        seq: null,
        code: codeOf(error).toLowerCase().replaceAll('_', '-'),
        text: `envelope ${i}: ${messageOf(error)}`,
      })
      return
    }
    if (message.kind === 'award') of(leaseId(message.id)).award = message
    else if (message.kind === 'acceptance') of(message.value.leaseId).accepted.push(message)
    else if (message.kind === 'receipt') of(message.value.leaseId).receipts.push(message)
    else if (message.kind === 'countersignature') of(message.value.leaseId).answers.push(message)
    else
      problems.push({
        leaseId: '',
        seq: null,
        code: 'foreign',
        text: `envelope ${i} is a ${message.kind}, which has no place in a bundle`,
      })
  })
  return dossiers
}

function auditLease(id: LeaseId, { award, accepted, receipts, answers }: Dossier, problems: AuditProblem[]) {
  const report = (seq: number | null, code: string, text: string) => problems.push({ leaseId: id, seq, code, text })
  if (award === undefined) {
    report(null, 'no-award', 'the bundle has no award for this lease, so nobody is shown to have asked for it')
    return EMPTY_CHAIN
  }
  const { provider } = award.value
  const renter = award.from
  if (!accepted.some((acceptance) => acceptance.from === provider))
    report(null, 'no-acceptance', 'the provider is not shown to have accepted this lease')
  let chain = EMPTY_CHAIN
  const seen = new Map<number, string>()
  const byReceipt = grouped(answers)
  for (const receipt of [...receipts].sort((a, b) => a.value.seq - b.value.seq)) {
    const { seq } = receipt.value
    if (receipt.from !== provider) {
      report(seq, 'wrong-signer', "the receipt is not signed by the lease's provider")
      continue
    }
    const twin = seen.get(seq)
    if (twin === receipt.id) continue
    if (twin !== undefined) {
      report(seq, 'equivocation', 'the provider signed two different receipts with this number')
      continue
    }
    seen.set(seq, receipt.id)
    const answer = answerTo(receipt, byReceipt.get(receipt.id) ?? [], renter, report)
    if (answer === undefined) continue
    if (!answer.value.accepted) {
      chain = objected(chain, receipt.value)
      continue
    }
    const problem = receiptProblem(chain, receipt.value, award.value)
    if (problem !== undefined) report(seq, problem, `the countersigned receipt breaks the rule '${problem}'`)
    chain = extended(chain, receipt.value, receipt.id)
  }
  const known = new Set<string>(receipts.map((receipt) => receipt.id))
  for (const answer of answers) {
    if (!known.has(answer.value.receiptId)) {
      report(answer.value.seq, 'no-receipt', 'an answer to a receipt that the bundle does not have')
    }
  }
  return chain
}

function grouped(answers: readonly ReceivedOf<'countersignature'>[]): Map<string, ReceivedOf<'countersignature'>[]> {
  const groups = new Map<string, ReceivedOf<'countersignature'>[]>()
  for (const answer of answers) {
    const group = groups.get(answer.value.receiptId)
    if (group === undefined) groups.set(answer.value.receiptId, [answer])
    else group.push(answer)
  }
  return groups
}

/** The renter's one verdict on a receipt; two different ones are its own equivocation. */
function answerTo(
  receipt: ReceivedOf<'receipt'>,
  about: readonly ReceivedOf<'countersignature'>[],
  renter: string,
  report: (seq: number, code: string, text: string) => void,
): ReceivedOf<'countersignature'> | undefined {
  const { seq } = receipt.value
  const own = about.filter((answer) => answer.from === renter)
  if (own.length < about.length) report(seq, 'wrong-signer', "a countersignature is not by the lease's renter")
  if (new Set(own.map((answer) => answer.value.accepted)).size > 1)
    report(seq, 'equivocation', 'the renter both accepted and objected to this receipt')
  return own[0]
}
