#!/usr/bin/env -S node --
import { launch } from '@weft/node/launch'

await launch(new URL('../src/main.ts', import.meta.url), new URL('../dist/main.js', import.meta.url))
