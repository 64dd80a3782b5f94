/** A mesh with a holder that serves whatever a test puts together, honest or not, and an honest fetcher. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as dagPb from '@ipld/dag-pb'
import { peerId } from '@weft/protocols'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { type Content, createContent } from '../../src/content/index.ts'
import { decodeRequest, encodeResponse, messages } from '../../src/content/wire.ts'
import { TestMesh } from './channel-pair.ts'

export const HOLDER = peerId('holder')
export const MIB = 1024 * 1024

/** What the hostile holder has. */
export const blocks = new Map<string, Uint8Array>()

export interface HostileScene {
  folder: string
  mesh: TestMesh
  fetcher: Content
  fetch(cid: CID, options?: { bytesMax?: number; entriesMax?: number; signal?: AbortSignal }): Promise<unknown>
  close(): Promise<void>
}

/** Without any blocks; the holder answers from what tests add. */
export async function hostileScene(): Promise<HostileScene> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-hostile-'))
  const mesh = new TestMesh()
  const fetcher = await createContent({
    folder: join(folder, 'blocks'),
    network: 'test',
    channels: mesh.host('fetcher'),
    sleep: async () => {},
  })
  blocks.clear()
  serve(mesh, answerFrom(blocks))
  return {
    folder,
    mesh,
    fetcher,
    fetch: (cid, options = {}) => fetcher.fetchTree(HOLDER, [], cid.bytes, join(folder, 'out'), { bytesMax: MIB, ...options }),
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

export type Answer = (cid: Uint8Array, id: number) => Uint8Array[] | Promise<Uint8Array[]>

export const answerFrom =
  (held: Map<string, Uint8Array>): Answer =>
  (cid, id) =>
    encodeResponse({ id, cid, data: held.get(CID.decode(cid).toString()) })

export function serve(mesh: TestMesh, answer: Answer): void {
  mesh.host('holder').handle('', async (channel) => {
    for await (const bytes of messages(channel.source, 1 << 20)) {
      const { id, cids } = decodeRequest(bytes)
      for (const cid of cids) for (const part of await answer(cid, id)) await channel.send(part)
    }
  })
}

export function add(bytes: Uint8Array, code: number): CID {
  const digest = createHash('sha256').update(bytes).digest()
  const cid = CID.createV1(code, { code: 0x12, size: 32, digest, bytes: Buffer.concat([Buffer.from([0x12, 0x20]), digest]) })
  blocks.set(cid.toString(), bytes)
  return cid
}

export const leaf = (content: string) => add(new TextEncoder().encode(content), raw.code)
export const node = (data: UnixFS, links: { Name: string; Hash: CID }[]) => add(encodeLoosely(data.marshal(), links), dagPb.code)
export const directory = (entries: [string, CID][]) =>
  node(
    new UnixFS({ type: 'directory' }),
    entries.map(([Name, Hash]) => ({ Name, Hash })),
  )

/** dag-pb as anybody may write it: links in any order, names twice. */
function encodeLoosely(data: Uint8Array, links: { Name: string; Hash: CID }[]): Uint8Array {
  const field = (tag: number, bytes: Uint8Array) => Buffer.concat([Buffer.from([tag]), varint(bytes.length), bytes])
  const encoded = links.map(({ Name, Hash }) =>
    field(0x12, Buffer.concat([field(0x0a, Hash.bytes), field(0x12, new TextEncoder().encode(Name)), Buffer.from([0x18, 1])])),
  )
  return new Uint8Array(Buffer.concat([...encoded, field(0x0a, data)]))
}

function varint(value: number): Uint8Array {
  const bytes = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest & 127) | 128)
  }
}
