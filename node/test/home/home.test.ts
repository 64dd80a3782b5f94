import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPair, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asHomeError } from '../../src/home/errors.ts'
import { dataFolder, holdHome, initHome, openHome, WEFT_VERSION } from '../../src/home/index.ts'
import { shellWord } from '../../src/home/shell-word.ts'
import { openLevelStore } from '../../src/store/index.ts'

let base: string
let folder: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'weft-home-'))
  folder = join(base, 'weft')
})
afterEach(() => rm(base, { recursive: true, force: true }))

const mode = async (path: string) => (await stat(path)).mode & 0o777

/** Everything under the folder: names, modes, contents. */
async function snapshot(): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(base, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const content = entry.isFile() ? await readFile(path, 'base64').catch(() => 'unreadable') : ''
    found.push(`${path} ${(await lstat(path)).mode} ${content}`)
  }
  return found.sort()
}

/** Fails with this code and sentence, and leaves the disk as it was. */
async function refuses(attempt: () => Promise<unknown>, code: string, sentence: RegExp): Promise<void> {
  const before = await snapshot()
  await expect(attempt()).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) })
  expect(await snapshot()).toEqual(before)
}

describe('a data folder', () => {
  test('is made with an identity that only its owner can read, and says what it made', async () => {
    const { home, peerId, made } = await initHome(folder)
    expect(made).toEqual(['version', 'identity.key', 'config.yaml', 'blocks/', 'leases/', 'jobs/'])
    expect(peerId).toMatch(/^12D3KooW/)
    expect(await mode(folder)).toBe(0o700)
    expect(await mode(home.paths.identity)).toBe(0o600)
    expect(JSON.parse(await readFile(home.paths.version, 'utf8'))).toEqual({ format: 1, weft: '0.1.0' })
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('made a second time stays as it is', async () => {
    const first = await initHome(folder)
    await writeFile(first.home.paths.config, 'network: mine\n')
    const before = await snapshot()
    const second = await initHome(folder)
    expect(second.made).toEqual([])
    expect(second.peerId).toBe(first.peerId)
    expect(await snapshot()).toEqual(before)
  })

  test('that an interrupted init left behind is completed', async () => {
    await initHome(folder)
    await rm(join(folder, 'identity.key'))
    await rm(join(folder, 'jobs'), { recursive: true })
    expect((await initHome(folder)).made).toEqual(['identity.key', 'jobs/'])
  })

  test('made by two processes at once has one identity', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => initHome(folder)))
    expect(new Set(results.map(({ peerId }) => peerId)).size).toBe(1)
    expect(results.flatMap(({ made }) => made).filter((name) => name === 'identity.key')).toEqual(['identity.key'])
  })

  test('gives the same signer and libp2p key whenever it is opened', async () => {
    const { peerId } = await initHome(folder)
    const { identity } = await openHome(folder, { create: false })
    expect(identity.peerId).toBe(peerId)
    expect(identity.signer.publicKey).toEqual(identity.privateKey.publicKey.raw)
  })

  test('may lie in an empty folder that exists', async () => {
    await mkdir(folder)
    await writeFile(join(folder, '.DS_Store'), '')
    expect((await openHome(folder, { create: true })).folder).toBe(folder)
  })
})

describe('one clear sentence, and nothing changed on disk, for', () => {
  test('no data folder', () =>
    refuses(() => openHome(folder, { create: false }), 'NO_HOME', /^there is no peer in .*weft yet; run: weft init$/))

  test('a file in its place', async () => {
    await writeFile(folder, '')
    await refuses(() => initHome(folder), 'NOT_A_HOME', /is not a folder; choose another/)
  })

  test("somebody else's folder", async () => {
    await mkdir(folder)
    await writeFile(join(folder, 'thesis.tex'), 'precious')
    await refuses(() => initHome(folder), 'NOT_A_HOME', /holds other things than a peer/)
    await refuses(() => openHome(folder, { create: true }), 'NOT_A_HOME', /choose an empty or a new folder/)
    await refuses(() => openHome(folder, { create: false }), 'NOT_A_HOME', /./)
  })

  test('a folder of another version, saying which weft wrote it', async () => {
    await initHome(folder)
    await writeFile(join(folder, 'version'), '{"format":7,"weft":"3.2.1"}\n')
    const sentence =
      /^weft 3\.2\.1 wrote .* in format 7, and this is weft 0\.1\.0 with format 1; run weft 3\.2\.1, or choose another/
    await refuses(() => initHome(folder), 'HOME_VERSION', sentence)
    await refuses(() => openHome(folder, { create: true }), 'HOME_VERSION', sentence)
    await refuses(() => openHome(folder, { create: false }), 'HOME_VERSION', sentence)
  })

  test.each([
    '',
    'nonsense',
    '{}',
    '{"format":"1","weft":"1"}',
    '{"format":1,"weft":"\\u001b[2Jevil"}',
    '[]',
    'null',
    `{"format":1,"weft":"${'9'.repeat(2000)}"}`,
  ])('a version file of %j', async (text) => {
    await initHome(folder)
    await writeFile(join(folder, 'version'), text)
    await refuses(() => initHome(folder), 'HOME_VERSION', /does not say which weft wrote/)
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('not a key')],
    ['zeros', Buffer.alloc(68)],
    ['a megabyte', Buffer.alloc(1 << 20)],
  ])('an identity file that holds %s', async (_name, bytes) => {
    await initHome(folder)
    await writeFile(join(folder, 'identity.key'), bytes, { mode: 0o600 })
    await refuses(() => openHome(folder, { create: true }), 'IDENTITY', /identity\.key is damaged; restore it from a backup/)
    await refuses(() => initHome(folder), 'IDENTITY', /is damaged/)
  })

  test('an identity cut short by one byte, or with halves that do not fit, or of another kind', async () => {
    const { home } = await initHome(folder)
    const good = await readFile(home.paths.identity)
    const mixed = Buffer.from(good)
    mixed[good.length - 1] = (mixed[good.length - 1] ?? 0) ^ 1
    const rsa = privateKeyToProtobuf(await generateKeyPair('secp256k1'))
    for (const bytes of [good.subarray(0, -1), mixed, rsa]) {
      await writeFile(home.paths.identity, bytes)
      await refuses(() => openHome(folder, { create: true }), 'IDENTITY', /is damaged/)
    }
    await writeFile(home.paths.identity, good)
    await openHome(folder, { create: false })
  })

  test('an identity that others can read, with the command to run', async () => {
    await initHome(folder)
    for (const open of [0o640, 0o604, 0o644, 0o660]) {
      await chmod(join(folder, 'identity.key'), open)
      await refuses(
        () => openHome(folder, { create: true }),
        'IDENTITY',
        /can be read by other users; run: chmod 600 '.*identity\.key'$/,
      )
    }
    await chmod(join(folder, 'identity.key'), 0o400)
    await openHome(folder, { create: false })
  })

  test('an identity that is a link or a folder', async () => {
    await initHome(folder)
    await rm(join(folder, 'identity.key'))
    await symlink('/dev/zero', join(folder, 'identity.key'))
    await refuses(() => openHome(folder, { create: true }), 'IDENTITY', /is damaged/)
    await rm(join(folder, 'identity.key'))
    await mkdir(join(folder, 'identity.key'))
    await refuses(() => openHome(folder, { create: true }), 'IDENTITY', /is damaged/)
  })

  test('an identity that got lost while its receipts are still there', async () => {
    const { home } = await initHome(folder)
    await (await openLevelStore(home.paths.store)).close()
    await rm(home.paths.identity)
    await rm(home.paths.config)
    await refuses(() => openHome(folder, { create: true }), 'IDENTITY', /identity\.key is missing; restore it/)
    await refuses(() => initHome(folder), 'IDENTITY', /is missing/)
  })
})

describe('where nobody can write', () => {
  test.each([
    { where: 'below a file', code: 'ENOTDIR', sentence: /a part of its path is a file; choose another folder with --data/ },
    { where: 'under a name too long', code: 'ENAMETOOLONG', sentence: /its path is too long/ },
    { where: 'below links in a circle', code: 'ELOOP', sentence: /lead in a circle/ },
  ])('$where a data folder is refused with a sentence', async ({ code, sentence }) => {
    await writeFile(join(base, 'file'), '')
    await symlink('loop', join(base, 'loop'))
    const at: Record<string, string> = { ENOTDIR: 'file/weft', ENAMETOOLONG: 'x'.repeat(300), ELOOP: 'loop/weft' }
    const chosen = join(base, at[code] ?? '')
    await refuses(() => initHome(chosen), 'NOT_WRITABLE', sentence)
    await refuses(() => openHome(chosen, { create: true }), 'NOT_WRITABLE', sentence)
  })

  test.skipIf(process.getuid?.() === 0)('a folder of somebody else is refused with a sentence', async () => {
    await chmod(base, 0o500)
    try {
      await expect(initHome(folder)).rejects.toMatchObject({
        code: 'NOT_WRITABLE',
        message: expect.stringMatching(/this user may not/),
      })
    } finally {
      await chmod(base, 0o700)
    }
  })

  test.each([
    ['/srv/weft-1', '/srv/weft-1'],
    ['/mit Leer/日本', "'/mit Leer/日本'"],
    ["/it's $HOME", "'/it'\\''s $HOME'"],
  ])('the path %s is shown as a shell takes it', (path, word) => {
    expect(shellWord(path)).toBe(word)
  })

  test.each([
    ['EROFS', /read-only; choose another folder with --data/],
    ['ENOENT', /no folder can be made there; choose another with --data/],
    ['EACCES', /this user may not; give the folder to this user/],
    ['ENOSPC', /the disk is full; make room/],
  ])('the error %s of the system becomes a sentence', (code, sentence) => {
    const error = Object.assign(new Error(`${code}: open`), { code })
    expect(asHomeError('/data', error)).toMatchObject({
      code: 'NOT_WRITABLE',
      message: expect.stringMatching(sentence),
      cause: error,
    })
  })

  test('other errors stay as they are', () => {
    const error = Object.assign(new Error('EIO: read'), { code: 'EIO' })
    expect(asHomeError('/data', error)).toBe(error)
  })
})

describe('a held folder', () => {
  test('is refused to others with the process to stop, and free again after release', async () => {
    const { home } = await initHome(folder)
    const held = await holdHome(home)
    await expect(holdHome(home)).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining(`(process ${process.pid}); stop it with: weft down --data ${folder}`),
    })
    await held.store.batch([{ key: 'a', value: Uint8Array.of(1) }], { sync: true })
    await held.release()
    const again = await holdHome(home)
    expect(await again.store.get('a')).toEqual(Uint8Array.of(1))
    await again.release()
    expect(await readdir(folder)).not.toContain('lock')
  })

  test('names no process where the lock file says nonsense', async () => {
    const { home } = await initHome(folder)
    const held = await holdHome(home)
    await writeFile(home.paths.lock, '1; rm -rf /\n')
    await expect(holdHome(home)).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining('(another process); stop it with: weft down'),
    })
    await held.release()
  })

  test('is free at once when its process was killed, and refused while it lives', async () => {
    const { home } = await initHome(folder)
    const script = `
      import { holdHome, openHome } from ${JSON.stringify(new URL('../../src/home/index.ts', import.meta.url).href)}
      const held = await holdHome(await openHome(process.argv[1], { create: false }))
      await held.store.batch([{ key: 'alive', value: Uint8Array.of(7) }], { sync: true })
      console.log('held')
      setInterval(() => {}, 1000)
    `
    const child = spawn(process.execPath, ['--conditions=@weft/source', '--input-type=module', '-e', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await once(child.stdout, 'data')
      await expect(holdHome(home)).rejects.toMatchObject({
        code: 'LOCKED',
        message: expect.stringContaining(`(process ${child.pid}); stop it with: weft down --data ${folder}`),
      })
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    const held = await holdHome(home)
    expect(await held.store.get('alive')).toEqual(Uint8Array.of(7))
    await held.release()
  })
})

test.each([
  [{ env: { WEFT_HOME: '/data/weft' } }, '/data/weft'],
  [{ env: { WEFT_HOME: '', XDG_DATA_HOME: '/xdg' } }, '/xdg/weft'],
  [{ env: { XDG_DATA_HOME: 'relative' }, platform: 'linux', home: '/home/me' }, '/home/me/.local/share/weft'],
  [{ env: {}, platform: 'linux', home: '/home/me' }, '/home/me/.local/share/weft'],
  [{ env: {}, platform: 'darwin', home: '/Users/me' }, '/Users/me/Library/Application Support/weft'],
  [{ env: { LOCALAPPDATA: '/local' }, platform: 'win32', home: '/home/me' }, '/local/weft'],
] as const)('with %j the data folder is %s', (surroundings, expected) => {
  expect(dataFolder(surroundings)).toBe(expected)
})

test('the version that is written into folders is that of the package', async () => {
  const manifest: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(manifest).toMatchObject({ version: WEFT_VERSION })
})
