/**
 * The market and settlement of one peer, without I/O. Where to look:
 * a bid is made in `provider/provider.ts`, ranked in `market/ranking.ts`, money is computed in `market/money.ts`,
 * receipts are issued in `provider/receipts.ts`, checked by `lease/chain.ts` and countersigned in `renter/attempts.ts`.
 *
 * @example
 * const effects = core.step({ type: 'submit', request }, { monoMs, wallMs, seed })
 */

export * from './acquaintances.ts'
export * from './audit/auditor.ts'
export * from './audit/bundle.ts'
export * from './audit/joint-audit.ts'
export type { Head } from './audit/lease-audit.ts'
export { clockError } from './clock-watch.ts'
export * from './core.ts'
export * from './effect.ts'
export * from './end-reason.ts'
export * from './input.ts'
export { isoTime } from './iso-time.ts'
export * from './keys.ts'
export * from './lease/chain.ts'
export * from './lease/proof.ts'
export * from './market/auction.ts'
export * from './market/book.ts'
export * from './market/credit.ts'
export * from './market/ledger.ts'
export * from './market/matching.ts'
export * from './market/money.ts'
export * from './market/price-plan.ts'
export * from './market/pricing.ts'
export * from './market/ranking.ts'
export * from './market/rules.ts'
export * from './note.ts'
export { LISTEN_LINGER_MS } from './offers.ts'
export type { CapacityInit } from './provider/announcer.ts'
export { newLease, type ProviderLease } from './provider/lease.ts'
export type { ProviderInit } from './provider/provider.ts'
export { Screen, Screens } from './provider/screen.ts'
export * from './record.ts'
export type { RenterInit } from './renter/renter.ts'
export * from './request.ts'
export * from './salvage.ts'
export * from './settlement/account.ts'
export * from './settlement/earnings.ts'
export * from './settlement/pair.ts'
export * from './settlement/statement.ts'
export { Statements } from './settlement/statements.ts'
export * from './views.ts'
