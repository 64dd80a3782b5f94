#!/usr/bin/env -S node --
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

// The simulator imports nothing of the node, so it starts itself: the source in a clone, `dist` when installed.
const source = new URL('../lab/cli/main.ts', import.meta.url)
const fromSource = existsSync(source) && !source.pathname.includes('/node_modules/')
if (fromSource && nodeModule.registerHooks === undefined) {
  process.stderr.write(
    `weft-sim: Node ${process.versions.node} is too old: use "npx --no weft-sim", which brings Node 26, or Node 22.18 and newer\n`,
  )
  process.exit(1)
}
if (fromSource) {
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      next(
        specifier,
        specifier.startsWith('@weft/') ? { ...context, conditions: ['@weft/source', ...context.conditions] } : context,
      ),
  })
}
const { start } = await import(fromSource ? source.href : new URL('../dist/lab/cli/main.js', import.meta.url).href)
await start(process.argv.slice(2), [process.execPath, '--', fileURLToPath(import.meta.url)])
