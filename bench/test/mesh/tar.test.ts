import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseLdd, rootfs } from '../../src/demo/image.ts'
import { readTar, type TarEntry, writeTar } from '../../src/mesh/tar.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-tar-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function bytesOf(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const part of parts) all.push(part)
  return Buffer.concat(all)
}

async function archive(entries: TarEntry[]): Promise<Buffer> {
  return bytesOf(writeTar(entries))
}

describe('tar', () => {
  it('reads back the files that it wrote, whatever their size', async () => {
    const bytes = Buffer.alloc(70_001, 7)
    writeFileSync(join(folder, 'big'), bytes)
    const tar = await archive([
      { type: 'folder', name: 'tmp', mode: 0o1777 },
      { type: 'text', name: 'etc/passwd', mode: 0o644, text: 'nobody' },
      { type: 'file', name: 'usr/bin/big', mode: 0o755, source: join(folder, 'big'), size: bytes.length },
    ])
    const files = [...readTar(tar)]
    expect(files.map(({ name }) => name)).toEqual(['etc/passwd', 'usr/bin/big'])
    expect(Buffer.from(files[1]?.bytes ?? []).equals(bytes)).toBe(true)
    expect(tar.length % 512).toBe(0)
  })

  it('gives the same bytes for the same parts', async () => {
    const entries: TarEntry[] = [{ type: 'text', name: 'a', mode: 0o644, text: 'x' }]
    expect((await archive(entries)).equals(await archive(entries))).toBe(true)
  })

  it('refuses an archive that is cut short', async () => {
    const tar = await archive([{ type: 'text', name: 'a', mode: 0o644, text: 'x'.repeat(2_000) }])
    expect(() => [...readTar(tar.subarray(0, 1_024))]).toThrow(RangeError)
  })

  it('refuses a name that its format cannot hold', async () => {
    await expect(archive([{ type: 'folder', name: 'x'.repeat(101), mode: 0o755 }])).rejects.toThrow(/too long/)
  })
})

describe('the image of local parts', () => {
  it('finds libraries and loader in what ldd prints, and not the kernel vdso', () => {
    const output =
      '\tlinux-vdso.so.1 (0x00007f82)\n\tlibm.so.6 => /lib/x/libm.so.6 (0x00007f)\n\t/lib64/ld.so.2 (0x00007f)\n\tnot => found\n'
    expect(parseLdd(output)).toEqual(['/lib/x/libm.so.6', '/lib64/ld.so.2'])
  })

  it('holds every folder before what lies in it, and a scratch folder for everybody', () => {
    writeFileSync(join(folder, 'node'), 'binary')
    const entries = rootfs(join(folder, 'node'), [])
    const names = entries.map(({ name }) => name)
    expect(names).toEqual(['etc', 'tmp', 'usr', 'usr/bin', 'etc/passwd', 'usr/bin/node'])
    expect(entries.find(({ name }) => name === 'tmp')?.mode).toBe(0o1777)
  })
})
