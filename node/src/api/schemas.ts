import { readFileSync } from 'node:fs'

/** Published in the package as `@weft/node/schemas/<name>.json`. */
export const SCHEMA_NAMES = [
  'audit',
  'bootstrap',
  'challenge',
  'completion',
  'config',
  'demo',
  'doctor',
  'down',
  'drain',
  'earnings',
  'error',
  'event',
  'explain',
  'exported',
  'init',
  'job',
  'job-file',
  'job-init',
  'jobs',
  'leases',
  'log',
  'offer-groups',
  'offers',
  'offers-why',
  'outputs',
  'peers',
  'price',
  'ready',
  'receipts',
  'statements',
  'status',
  'submission',
  'wants',
] as const
export type SchemaName = (typeof SCHEMA_NAMES)[number]

const ID_PREFIX = 'https://weft.dev/schemas/1/'

/** The JSON Schema as it is published. */
export function readSchema(name: SchemaName): { $id: string } {
  return JSON.parse(readFileSync(new URL(`../../schemas/${name}.json`, import.meta.url), 'utf8')) as { $id: string }
}

/** For a route's or another schema's `$ref`. */
export const schemaRef = (name: SchemaName): { $ref: string } => ({ $ref: `${ID_PREFIX}${name}.json` })
