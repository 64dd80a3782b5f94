import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { networkIn } from '../../../.tools/tidy/dependencies.mjs'
import { tidy } from '../../../.tools/tidy.mjs'

/** A tree that breaks no rule; each test adds one fault. */
const CLEAN: Record<string, string> = {
  'package.json': '{ "devDependencies": { "vitest": "5.1.1" } }',
  'README.md': '# Weft\n\n[below](#weft)\n',
  'DEPENDENCIES.md': '# Dependencies\n\n| asked for | used |\n|---|---|\n| `vitest` | as asked |\n| `protobufjs` | as asked |\n',
  'protocols/package.json': '{ "name": "@weft/protocols", "dependencies": { "protobufjs": "8.8.1" } }',
  'protocols/src/core/market.ts':
    "import { id } from '../wire/id.ts'\n// Date, setTimeout and console are words of this comment\nexport const text = 'Date.now()' + id + 'import \"os\"'\n",
  'protocols/src/wire/id.ts': "import protobuf from 'protobufjs/minimal.js'\nexport const id = protobuf\n",
  'simulator/package.json': '{ "name": "@weft/simulator", "dependencies": { "@weft/protocols": "0.1.0" } }',
  'simulator/src/world.ts': "export * from '@weft/protocols/core'\nimport { text } from '@weft/protocols/core'\nawait text\n",
  'bootstrap/package.json':
    '{ "name": "@weft/bootstrap", "dependencies": { "@weft/node": "0.1.0", "@weft/protocols": "0.1.0" } }',
  'bootstrap/src/index.ts': "export * from '@weft/node/network'\n",
  'node/package.json': '{ "name": "@weft/node", "dependencies": { "@weft/protocols": "0.1.0" } }',
  'node/test/a.test.ts': "import { it } from 'vitest'\nit('x', () => {})\n",
}

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'weft-tidy-'))
  for (const [path, text] of Object.entries(CLEAN)) add(path, text)
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function add(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** Words that must not stand in this file either. */
const word = (...parts: string[]) => parts.join('')

const FAULTS: { name: string; path: string; text: string; says: RegExp }[] = [
  {
    name: 'a source that is too long',
    path: 'node/src/long.ts',
    text: 'export {}\n'.repeat(451),
    says: /node\/src\/long\.ts: 451 lines/,
  },
  {
    name: 'a suite that is too long',
    path: 'node/test/long.test.ts',
    text: 'export {}\n'.repeat(601),
    says: /node\/test\/long\.test\.ts: 601 lines; at most 600/,
  },
  {
    name: 'the core importing a package',
    path: 'protocols/src/core/a.ts',
    text: "import 'protobufjs'\n",
    says: /core\/a\.ts:1: imports protobufjs: protocols\/src\/ may import no package/,
  },
  {
    name: 'the core importing a module of Node',
    path: 'protocols/src/host/a.ts',
    text: "\nimport fs from 'node:fs'\n",
    says: /host\/a\.ts:2: imports node:fs/,
  },
  {
    name: 'the core reaching outside its sources',
    path: 'protocols/src/core/a.ts',
    text: "import '../../../node/src/b.ts'\n",
    says: /another package is imported by its name/,
  },
  {
    name: 'the core knowing the host',
    path: 'protocols/src/core/a.ts',
    text: "export * from '../host/host.ts'\n",
    says: /protocols\/src\/core\/ lies below it/,
  },
  {
    name: 'a dynamic import in the core',
    path: 'protocols/src/core/a.ts',
    text: "await import('node:os')\n",
    says: /imports node:os/,
  },
  {
    name: 'the simulator importing the node',
    path: 'simulator/src/a.ts',
    text: "import '@weft/node'\n",
    says: /simulator\/src\/ may import only @weft\/protocols/,
  },
  {
    name: 'the bootstrap importing more of the node than its network',
    path: 'bootstrap/src/a.ts',
    text: "import '@weft/node/executor'\n",
    says: /bootstrap\/src\/ may import only/,
  },
  {
    name: 'the node importing the simulator',
    path: 'node/src/a.ts',
    text: "import '@weft/simulator'\n",
    says: /node\/src\/ may not know @weft\/simulator/,
  },
  {
    name: 'a package that no manifest declares',
    path: 'node/src/a.ts',
    text: "import 'left-pad/deep'\n",
    says: /left-pad is not in the package's dependencies/,
  },
  {
    name: 'a clock in the core',
    path: 'protocols/src/core/a.ts',
    text: 'const t = Date.now()\n',
    says: /core\/a\.ts:1: uses Date/,
  },
  {
    name: 'randomness in the core',
    path: 'protocols/src/core/a.ts',
    text: 'const t = Math\n  .random()\n',
    says: /uses Math\.random/,
  },
  {
    name: 'a timer in the core',
    path: 'protocols/src/host/a.ts',
    text: 'setTimeout(() => {}, 1)\n',
    says: /host\/a\.ts:1: uses a timer/,
  },
  {
    name: 'the process in the simulator',
    path: 'simulator/src/a.ts',
    text: 'const t = process.pid\n',
    says: /simulator\/src\/a\.ts:1: uses process/,
  },
  { name: 'output in the core', path: 'protocols/src/core/a.ts', text: "console.log('x')\n", says: /uses console/ },
  { name: 'unfinished work', path: 'node/src/a.ts', text: `// ${word('TO', 'DO')}: later\n`, says: /a\.ts:1: unfinished work/ },
  {
    name: 'a silenced check',
    path: 'node/src/a.ts',
    text: `// @ts-${word('ig', 'nore')}\nexport {}\n`,
    says: /a silenced check/,
  },
  {
    name: 'a path of one machine',
    path: 'node/src/a.ts',
    text: `const p = '${word('/ro', 'ot')}/x'\n`,
    says: /names a path that exists on one machine only/,
  },
  {
    name: 'a dependency that is not pinned',
    path: 'protocols/package.json',
    text: '{ "name": "@weft/protocols", "dependencies": { "protobufjs": "^8.8.1" } }',
    says: /protobufjs is "\^8\.8\.1": pin one exact version/,
  },
  {
    name: 'a dependency that DEPENDENCIES.md does not explain',
    path: 'bootstrap/package.json',
    text: '{ "name": "@weft/bootstrap", "dependencies": { "@weft/node": "0.1.0" }, "devDependencies": { "commander": "15.1.0" } }',
    says: /commander has no line in the table of DEPENDENCIES/,
  },
  {
    name: 'a dependency that no source imports',
    path: 'simulator/package.json',
    text: '{ "name": "@weft/simulator", "dependencies": { "@weft/protocols": "0.1.0", "protobufjs": "8.8.1" } }',
    says: /simulator\/package\.json: protobufjs is imported by no source/,
  },
  {
    name: 'an export that nobody uses',
    path: 'node/src/a.ts',
    text: '/** lone is a word of this comment */\nexport function lone(): void {}\n',
    says: /node\/src\/a\.ts: nobody uses the export lone/,
  },
  {
    name: 'a link that leads nowhere',
    path: 'SECURITY.md',
    text: '[map](ARCHITECTURE.md)\n',
    says: /SECURITY\.md: the link ARCHITECTURE\.md leads nowhere/,
  },
  {
    name: 'a link to a heading that is not there',
    path: 'SECURITY.md',
    text: '[x](README.md#elsewhere)\n',
    says: /names no heading/,
  },
]

describe('tidy', () => {
  it('finds nothing in a tree that follows the rules', () => {
    expect(tidy(root)).toEqual([])
  })

  for (const { name, path, text, says } of FAULTS) {
    it(`finds ${name}`, () => {
      add(path, text)
      expect(tidy(root)).toEqual([expect.stringMatching(says)])
    })
  }

  it('overlooks what an older install left behind and nobody depends on', () => {
    expect(networkIn({ dependencies: { '@libp2p/tcp': { extraneous: true } } })).toEqual([])
  })

  it('finds a network stack deep in a dependency tree', () => {
    const tree = {
      dependencies: { '@weft/protocols': { dependencies: { it: { dependencies: { '@libp2p/tcp': {} } } } }, vitest: {} },
    }
    expect(networkIn(tree)).toEqual(['@libp2p/tcp'])
  })
})
