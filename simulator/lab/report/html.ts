import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { packageRoot } from '../results/versions.ts'
import type { Banner, Cell, Fact, NumberTable, Page, Plot, Tile } from './model.ts'

const require = createRequire(import.meta.url)
const UPLOT = require.resolve('uplot/dist/uPlot.iife.min.js')
const UPLOT_CSS = require.resolve('uplot/dist/uPlot.min.css')

/** Nothing may be fetched, not even from the folder that the file lies in. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"

/** One file that needs nothing else: styles, uPlot and data are inside. */
export function toHtml(page: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escaped(POLICY)}">
<title>${escaped(`${page.title}: Weft simulator`)}</title>
<link rel="icon" href="data:,">
<style>${read(UPLOT_CSS)}
${own('page.css')}</style>
</head>
<body>
<header>
<p class="eyebrow">${escaped(page.eyebrow)}</p>
<h1>${escaped(page.title)}</h1>
<p class="lead">${escaped(page.lead)}</p>
<dl class="facts">${page.facts.map(fact).join('')}</dl>
<p class="repeat">Repeat it with</p>
<pre>${escaped(page.command)}</pre>
${page.banners.map(banner).join('')}
</header>
<main>
${page.tiles.length === 0 ? '' : `<h2>In short</h2><dl class="tiles">${page.tiles.map(tile).join('')}</dl>`}
${page.areNumbersFirst === true ? tables(page) : ''}
${figures('Figures', 'figures', page, false)}
${page.areNumbersFirst === true ? '' : tables(page)}
${figures('Everything else that was measured', 'figures small', page, true)}
</main>
<footer>${page.notes.map((note) => `<p class="note">${escaped(note)}</p>`).join('')}</footer>
<noscript><p class="banner">The figures are drawn by a script inside this file; the tables need none.</p></noscript>
<script type="application/json" id="data">${embedded({ plots: page.plots })}</script>
<script>${script(read(UPLOT))}</script>
<script>${script(own('page.js'))}</script>
</body>
</html>
`
}

const fact = ({ name, value, code }: Fact): string =>
  `<div><dt>${escaped(name)}</dt><dd${code === true ? ' class="hash"' : ''}>${escaped(value)}</dd></div>`

const banner = ({ text, items }: Banner): string =>
  `<div class="banner" role="alert"><p>${escaped(text)}</p>${
    items.length === 0 ? '' : `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`
  }</div>`

const tile = ({ name, value, detail }: Tile): string =>
  `<div class="tile"><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd><dd class="detail">${escaped(detail)}</dd></div>`

const tables = (page: Page): string => page.tables.map((each) => (each.isList === true ? list(each) : table(each))).join('\n')

function figures(title: string, kind: string, { plots }: Page, areSmall: boolean): string {
  const drawn = plots.map((plot, index) => ((plot.isSmall === true) === areSmall ? figure(plot, index) : '')).join('')
  return drawn === '' ? '' : `<h2>${title}</h2><div class="${kind}">${drawn}</div>`
}

const figure = (plot: Plot, index: number): string =>
  `<figure id="${escaped(plot.id)}" data-plot="${index}"><header><h3>${escaped(plot.title)}</h3>` +
  `<a class="data" href="#" download="${escaped(plot.id)}.csv">data</a></header>` +
  `<div class="plot" role="img" aria-label="${escaped(plot.title)}"></div><figcaption>${escaped(plot.caption)}</figcaption></figure>`

const list = ({ title, rows }: NumberTable): string =>
  `<h2>${escaped(title)}</h2><dl class="facts">${rows.map(({ cells: [name = '', value = ''] }) => `<div><dt>${cell(name)}</dt><dd>${cell(value)}</dd></div>`).join('')}</dl>`

const table = ({ title, note, columns, rows }: NumberTable): string =>
  `<h2>${escaped(title)}</h2>${note === undefined ? '' : `<p class="note">${escaped(note)}</p>`}<div class="scroll"><table class="numbers">` +
  `<thead><tr>${columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('')}</tr></thead><tbody>` +
  rows
    .map(({ cells: [first = '', ...others], loud }) => {
      const body = `<th scope="row">${cell(first)}</th>${others.map((other) => `<td>${cell(other)}</td>`).join('')}`
      return `<tr${loud === true ? ' class="loud"' : ''}>${body}</tr>`
    })
    .join('') +
  '</tbody></table></div>'

function cell(content: Cell): string {
  if (typeof content === 'string') return escaped(content)
  const percent = (Math.min(1, Math.max(0, content.share)) * 100).toFixed(1)
  return `${escaped(content.text)}<span class="bar" style="--share:${percent}%"></span>`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text for an element or a quoted attribute; control characters, which HTML has no way to write, become a replacement mark. */
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] as string).replaceAll(/[^\P{Cc}\n\t]/gu, '\u{fffd}')

/** JSON inside a script element: nothing in it can end the element or open a comment. */
const embedded = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c')

/** Our own scripts hold no end tag; this keeps a change from breaking every page in silence. */
function script(code: string): string {
  if (/<\/script|<!--/i.test(code)) throw new RangeError('a script with an end tag cannot be put into a page')
  return code
}

const read = (path: string): string => readFileSync(path, 'utf8')
/** Page sources are no modules: they lie beside this file's source, also when it runs from `dist`. */
const own = (name: string): string => read(join(packageRoot, 'lab', 'report', name))
