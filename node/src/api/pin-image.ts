import { UsageError } from '@weft/protocols'
import type { Engine } from '../executor/engine.ts'
import { checkedReference, isPinned } from '../executor/image-reference.ts'

/** An image that no later push to a registry can change. */
export interface PinnedImage {
  /** `sha256:…` of its configuration; empty where only a registry knows it. */
  id: string
  /** `name@sha256:…`; empty where no registry has it. */
  pull: string
  /** No registry has it, and this machine's engine does: this peer sends it to a provider that asks. */
  fromRenter: boolean
  /** 0: unknown. */
  bytes: number
  /** `amd64`, `arm64`; empty: any. */
  arch: string
}

export interface PinImageInit {
  engine: Pick<Engine, 'describeImage' | 'name'> | undefined
}

const ARCHITECTURES: Record<string, string> = { x86_64: 'amd64', aarch64: 'arm64' }

/** Pins `image` by what the engine of this machine knows, or by the digest that was typed. Nothing is saved yet. Throws BAD_IMAGE. */
export async function pinImage(image: string, { engine }: PinImageInit): Promise<PinnedImage> {
  checkedReference(image)
  const found = await engine?.describeImage(image)
  if (found !== undefined) {
    const pull = found.pull === '' && isPinned(image) ? image : found.pull
    const fromRenter = pull === '' && engine?.name !== 'process'
    const arch = ARCHITECTURES[found.config.arch] ?? found.config.arch
    return { id: found.imageId, pull, fromRenter, bytes: found.bytes, arch }
  }
  if (isPinned(image)) return { id: '', pull: image, fromRenter: false, bytes: 0, arch: '' }
  throw new UsageError(
    engine === undefined
      ? `this peer has no container engine to look "${image}" up in; name it by digest (NAME@sha256:…) or start Docker or Podman`
      : `${engine.name} has no image "${image}"; pull or build it first, or name it by digest (NAME@sha256:…)`,
  )
}
