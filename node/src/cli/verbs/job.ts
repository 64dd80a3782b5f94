import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { messageOf } from '@weft/protocols'
import { EXIT, usage } from '../exit.ts'
import { type Context, print, type Verb } from '../verb.ts'

const FILE = 'job.yaml'
const STDOUT = '-'

/** `weft job init [FILE]`, `weft job schema`. */
export const verb: Verb = {
  define(command) {
    command
      .usage('init [options] [file]\n       weft job schema')
      .argument('<action>', 'init: write a job file to begin with; schema: print the JSON Schema of job files, for editors')
      .argument('[file]', `where to; - for stdout (default: ${FILE})`)
      .option('--kind <kind>', 'of job; only task is built yet', 'task')
      .option('--schema <address>', 'where editors find the JSON Schema: written into the first line')
      .option('--force', 'replace a file that is there')
  },
  async run(context, [action, file], options) {
    if (action === 'schema') return schema(context, file)
    if (action !== 'init') throw usage(`weft job knows "init" and "schema", not "${action}"`)
    const kind = String(options['kind'])
    if (kind === 'service' || kind === 'dev')
      throw usage(`--kind ${kind} is not built yet: a job is a task, which runs until it ends by itself`)
    if (kind !== 'task') throw usage(`--kind takes task, not "${kind}"`)
    return init(context, file ?? FILE, options)
  },
}

async function init(context: Context, file: string, options: Record<string, unknown>): Promise<number> {
  const { jobTemplate } = await import('../job-file/index.ts')
  const address = typeof options['schema'] === 'string' ? options['schema'] : undefined
  if (address !== undefined && !/^\S{1,2048}$/.test(address)) throw usage('--schema takes a path or address without spaces')
  const isStdout = file === STDOUT
  const text = jobTemplate(isStdout ? FILE : file, address)
  const path = isStdout ? STDOUT : resolve(context.cwd, file)
  if (!isStdout) write(path, text, options['force'] === true)
  print(context, { file: isStdout ? null : path, text }, () =>
    isStdout ? text.trimEnd() : `wrote ${path}\nwho would take it: weft explain ${file}\nrun it: weft run -f ${file}`,
  )
  return EXIT.done
}

function write(path: string, text: string, force: boolean): void {
  try {
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    if (isThere) throw usage(`${path} is there already; choose another name, or replace it with --force`)
    throw usage(`${path} cannot be written: ${messageOf(error)}`)
  }
}

async function schema(context: Context, file: string | undefined): Promise<number> {
  if (file !== undefined) throw usage(`weft job schema prints to stdout: weft job schema > ${file}`)
  const { readSchema } = await import('../../api/schemas.ts')
  const document = readSchema('job-file')
  print(context, document, () => JSON.stringify(document, null, 2))
  return EXIT.done
}
