/** Rules on files as text: length, leftovers, private paths, links. */
import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { isSource, read } from './files.mjs'

export const LINES_MAX = 450
/** A suite of cases may be longer: it is read case by case. */
export const TEST_LINES_MAX = 600

export function lengthProblems(root, files) {
  return files.filter(isSource).flatMap((path) => {
    const lines = read(root, path).trimEnd().split('\n').length
    const most = /\.test\.ts$/.test(path) ? TEST_LINES_MAX : LINES_MAX
    return lines <= most ? [] : [`${path}: ${lines} lines; at most ${most}: split it by idea`]
  })
}

/** Pieced together, so that this file does not break its own rules. */
const LEFTOVER = new RegExp(`\\b(${['TO', 'FIX', 'X'].map((head, i) => head + ['DO', 'ME', 'XX'][i]).join('|')})\\b`)
const SUPPRESSION = new RegExp(`(@ts-(?:ig${'nore'}|expect-error|noch${'eck'})|biome-ig${'nore'}|eslint-dis${'able'})`)
const PRIVATE = new RegExp(
  `(?<![\\w.~-])/(?:wo${'rk'}|ro${'ot'}|Us${'ers'}(?!/me\\b))/[\\w.]|(?:\\.\\./)?sha${'red'}/(?:DESIGN|reference)`,
)
const IS_TEXT = /\.(ts|mts|mjs|js|json|md|ya?ml|proto|grit|html|css|sh|txt)$|(^|\/)(run|LICENSE[^/]*|\.[a-z]+)$/

export function leftoverProblems(root, files) {
  return files.filter(isText).flatMap((path) =>
    read(root, path)
      .split('\n')
      .flatMap((line, index) => {
        const at = `${path}:${index + 1}`
        if (LEFTOVER.test(line)) return [`${at}: unfinished work is an issue, not a comment`]
        if (isSource(path) && SUPPRESSION.test(line)) return [`${at}: a silenced check; fix what it says`]
        return PRIVATE.test(line) ? [`${at}: names a path that exists on one machine only`] : []
      }),
  )
}

const isText = (path) => IS_TEXT.test(path) && !path.includes('/generated/') && path !== 'package-lock.json'

const LINK = /\[[^\]\n]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g

export function linkProblems(root, files) {
  return files
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) => {
      const text = withoutCode(read(root, path))
      return [...text.matchAll(LINK)].flatMap((match) => {
        const why = brokenLink(root, path, match[1])
        return why === undefined ? [] : [`${path}: the link ${match[1]} ${why}`]
      })
    })
}

function brokenLink(root, path, target) {
  if (/^(https?|mailto):/.test(target)) return undefined
  const [file, anchor] = target.split('#')
  const page = file === '' ? path : posix.join(posix.dirname(path), file)
  if (!existsSync(join(root, page))) return 'leads nowhere'
  if (anchor === undefined || !page.endsWith('.md')) return undefined
  return headingsOf(read(root, page)).has(anchor) ? undefined : 'names no heading of its page'
}

/** Anchors as code hosts make them of headings. */
function headingsOf(text) {
  const titles = [...withoutCode(text).matchAll(/^#{1,6}\s+(.+)$/gm)].map((match) => match[1])
  return new Set(
    titles.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  )
}

const withoutCode = (text) => text.replace(/```[\s\S]*?```/g, '')
