import { WeftError } from '@weft/protocols'

const CONTENT_CODES = [
  'NOT_FOUND',
  'TOO_LARGE',
  'TOO_MANY',
  'BAD_NAME',
  'BAD_CID',
  'BAD_CONTENT',
  'MISSING',
  'STALLED',
  'NO_SPACE',
  'EXISTS',
] as const

/**
 * - `NOT_FOUND`: a file to pack is not there
 * - `TOO_LARGE`, `TOO_MANY`: more bytes, entries or levels than agreed
 * - `BAD_NAME`: a name that could leave its folder or that a file system cannot hold
 * - `BAD_CID`, `BAD_CONTENT`: what came is not what was asked for, or not a tree of files
 * - `MISSING`: the holder does not have or does not share it
 * - `STALLED`: the holder stopped sending
 * - `NO_SPACE`: the disk or the share of it that content may fill is full
 * - `EXISTS`: the place to write to is taken
 */
export type ContentCode = (typeof CONTENT_CODES)[number]

export class ContentError extends WeftError {
  constructor(code: ContentCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options)
  }
}
