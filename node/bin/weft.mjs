#!/usr/bin/env -S node --
import { launch } from './launch.mjs'

await launch(new URL('../src/cli/main.ts', import.meta.url), new URL('../dist/cli/main.js', import.meta.url))
