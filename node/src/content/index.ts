/**
 * Content-addressed transfer: inputs go to providers and outputs come back as trees of blocks, each named by its hash, so
 * that they are verified block by block, resume after any failure and are not sent twice.
 *
 * @example
 * const content = await createContent({ folder: home.paths.blocks, network: 'weft', channels })
 * content.serve()
 * const { cid, bytes } = await content.packTree([{ name: '0', path: './data' }], { bytesMax: GIB, owner: jobId })
 * await content.share(cid, provider, jobId)
 */
export * from './content.ts'
export { ContentError } from './errors.ts'
export type { Exported } from './export.ts'
export type { Skipped, TreeEntry } from './local-tree.ts'
export type { Packed, PackOptions } from './pack.ts'
export { type ContentChannel, contentProtocol } from './wire.ts'
