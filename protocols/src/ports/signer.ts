/**
 * Keys and hashes: synchronous and pure, so that the core may seal a message in the middle of a step.
 * `verify` answers only for the mathematics; the stricter rule of the network is `wire/signature-rule.ts`.
 */
export interface Signer {
  /** The 32 bytes of this peer's Ed25519 public key. */
  readonly publicKey: Uint8Array
  sign(bytes: Uint8Array): Uint8Array
  verify(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean
  sha256(bytes: Uint8Array): Uint8Array
}
