#!/usr/bin/env node
import { launch } from './launch.mjs'

await launch(new URL('../src/guard/main.ts', import.meta.url), new URL('../dist/guard/main.js', import.meta.url))
