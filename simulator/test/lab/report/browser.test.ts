import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyPage } from '../builders/pages.ts'

const NAMES = [process.env['CHROME'] ?? '', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const browser = NAMES.find(
  (name) => name !== '' && spawnSync(name, ['--version'], { stdio: 'ignore', timeout: 60_000 }).status === 0,
)
const isRequired = process.env['WEFT_REQUIRE_BROWSER'] === '1'
if (browser === undefined) {
  process.stderr.write(
    'the report is not looked at in a browser: no chromium, chromium-browser or google-chrome here, and CHROME names none\n',
  )
}

const FLAGS = [
  '--headless=new',
  // Containers of continuous integration run as root, where Chromium's own sandbox refuses.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--hide-scrollbars',
  '--no-first-run',
  '--virtual-time-budget=4000',
  '--window-size=1240,2400',
  '--enable-logging=stderr',
  // Nothing answers at any name: a page that asks for something fails.
  '--host-resolver-rules=MAP * ~NOTFOUND',
]
/** What a browser takes to start on a busy machine. */
const DEADLINE_MS = 120_000

describe.skipIf(browser === undefined && !isRequired)('report.html in a browser', { timeout: DEADLINE_MS }, () => {
  let home: string
  const pages = everyPage()
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'weft-browser-'))
    for (const [name, html] of Object.entries(pages)) writeFileSync(join(home, `${name}.html`), html)
  })
  afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }))

  const open = (page: string, ...flags: string[]): Promise<{ dom: string; log: string }> => {
    if (browser === undefined) throw new Error('WEFT_REQUIRE_BROWSER is 1, but there is no browser; install chromium')
    const words = [...FLAGS, `--user-data-dir=${join(home, 'profile')}`, ...flags, pathToFileURL(join(home, `${page}.html`)).href]
    const child = spawn(browser, words, { stdio: ['ignore', 'pipe', 'pipe'], timeout: DEADLINE_MS })
    let [dom, log] = ['', '']
    child.stdout.on('data', (chunk) => {
      dom += chunk
    })
    child.stderr.on('data', (chunk) => {
      log += chunk
    })
    return new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', () => resolve({ dom, log }))
    })
  }

  it.each(Object.keys(pages))('draws the curves of every plot of the page "%s" without an error', async (page) => {
    const { dom, log } = await open(page, '--dump-dom')
    const figures = [...dom.matchAll(/<figure [^>]*>/g)].map(([tag]) => tag)
    const wanted = (pages[page] as string).match(/<figure /g)?.length ?? 0
    expect(wanted).toBeGreaterThan(3)
    expect(figures).toHaveLength(wanted)
    expect(figures.filter((tag) => !tag.includes('data-drawn="true"'))).toEqual([])
    const [root] = /<html[^>]*>/.exec(dom) ?? []
    expect(root).toContain('data-ready="true"')
    expect([root, ...figures].filter((tag) => tag?.includes('data-error'))).toEqual([])
    // Lines of the page's own console; the browser's own complaints about the machine have other sources.
    expect(log.split('\n').filter((line) => /CONSOLE/.test(line))).toEqual([])
    if (page === 'hostile') expectNoStrangersScript(dom)
  })

  it('says in the figure when its plot cannot be drawn', async () => {
    const broken = (pages['run'] as string).replace('"style":"step"', '"style":"step","x":null,"spare":""')
    expect(broken).not.toBe(pages['run'])
    writeFileSync(join(home, 'broken.html'), broken.replace(/"x":null,"spare":"","x":\[[^\]]*\]/, '"x":null'))
    const { dom } = await open('broken', '--dump-dom')
    expect(/<figure [^>]*data-error=/.exec(dom)?.[0]).toBeDefined()
  })

  it('can be printed as a picture, in dark colours too', async () => {
    const sizes: number[] = []
    for (const flags of [[], ['--force-dark-mode', '--blink-settings=preferredColorScheme=0']]) {
      const picture = join(home, `picture-${sizes.length}.png`)
      await open('run', `--screenshot=${picture}`, ...flags)
      sizes.push(statSync(picture).size)
    }
    for (const size of sizes) expect(size).toBeGreaterThan(50_000)
  })
})

/** Text that came in by a name is text, also in the legends, which are made in the browser. */
function expectNoStrangersScript(dom: string): void {
  expect(/<title>[^<]*/.exec(dom)?.[0]).toContain('&lt;script&gt;document.title')
  expect(/<img/.exec(dom)).toBeNull()
  expect(/class="u-label">[^<]*&lt;img src=x/.exec(dom)?.[0]).toBeDefined()
}
