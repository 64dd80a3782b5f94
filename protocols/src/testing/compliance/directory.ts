import type { Directory } from '../../ports/directory.ts'
import type { PeerId } from '../../units.ts'
import { check, equal, type MeshCase, type MeshPeer, until, usingMesh } from './case.ts'

/**
 * What every Directory does. `record` makes a valid record of `owner` with sequence number `seq` for the key
 * `capacity/<owner>`; what is valid is the creator's business.
 */
export function directoryCompliance(
  record: (owner: PeerId, seq: number) => Uint8Array | Promise<Uint8Array>,
): MeshCase<Directory>[] {
  const put = async (by: MeshPeer<Directory>, owner: PeerId, seq: number): Promise<Uint8Array> => {
    const bytes = await record(owner, seq)
    await by.subject.put(keyOf(owner), bytes)
    return bytes
  }
  return [
    {
      name: 'a record is found by every peer, and a key that nobody put is undefined',
      run: (create) =>
        usingMesh(create, 3, async (mesh, first, second, third) => {
          const bytes = await put(first, first.id, 1)
          for (const peer of [second, third]) await findsRecord(mesh, peer, first.id, bytes)
          equal(await third.subject.get(keyOf(second.id)), undefined, 'nothing is found where nothing was put')
        }),
    },
    {
      name: 'a newer record replaces an older one, and never the other way round',
      run: (create) =>
        usingMesh(create, 3, async (mesh, first, second, third) => {
          const old = await put(first, first.id, 1)
          const bytes = await put(first, first.id, 2)
          await findsRecord(mesh, third, first.id, bytes)
          // A replay may be refused or ignored; what counts is what is found afterwards.
          await second.subject.put(keyOf(first.id), old).catch(() => {})
          for (const peer of [first, second, third])
            equal(await peer.subject.get(keyOf(first.id)), bytes, 'the newest record stays')
        }),
    },
    {
      name: 'a shelf names the peers that stand on it, as many as were asked for',
      run: (create) =>
        usingMesh(create, 3, async (mesh, first, second, third) => {
          await first.subject.provide('class/cpu')
          await second.subject.provide('class/cpu')
          const both = async (): Promise<boolean> => {
            const found = await third.subject.find('class/cpu', { limit: 10 })
            return found.includes(first.id) && found.includes(second.id)
          }
          await until(mesh, both, 'both peers are found on the shelf')
          equal((await third.subject.find('class/cpu', { limit: 1 })).length, 1, 'no more are named than asked for')
          equal(await third.subject.find('class/gpu', { limit: 10 }), [], 'an empty shelf is empty')
        }),
    },
    {
      name: 'a peer alone keeps what it puts and does not wait for others',
      run: (create) =>
        usingMesh(create, 1, async (_mesh, only) => {
          const bytes = await put(only, only.id, 7)
          await only.subject.provide('class/cpu')
          equal(await only.subject.get(keyOf(only.id)), bytes, 'it finds its own record')
          check(
            (await only.subject.find('class/cpu', { limit: 5 })).every((peer) => peer === only.id),
            'only itself can be on the shelf',
          )
        }),
    },
    {
      name: 'a peer alone counts one, and a few that know each other count all',
      run: async (create) => {
        await usingMesh(create, 1, async (_mesh, only) => equal(only.subject.networkSize(), 1, 'it knows of itself'))
        await usingMesh(create, 3, async (mesh) => {
          const all = (): boolean => mesh.peers.every(({ subject }) => subject.networkSize() === 3)
          await until(mesh, all, 'every peer counts three')
        })
      },
    },
  ]
}

const keyOf = (owner: PeerId): string => `capacity/${owner}`

async function findsRecord(
  mesh: { settle(): Promise<void> },
  peer: MeshPeer<Directory>,
  owner: PeerId,
  bytes: Uint8Array,
): Promise<void> {
  let found: Uint8Array | undefined
  const look = async (): Promise<boolean> => {
    found = await peer.subject.get(keyOf(owner))
    return found !== undefined && found.join() === bytes.join()
  }
  await until(mesh, look, 'every peer finds the record')
}
