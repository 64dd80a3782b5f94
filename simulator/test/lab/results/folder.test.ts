import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkFolder, defaultFolder, fileNameOf, PendingFolder, ResultsError } from '../../../lab/results/folder.ts'
import { readRun, readRuns } from '../../../lab/results/read-run.ts'
import { filesOfRun } from '../../../lab/results/write-run.ts'
import { aDocument, aRun, someVersions } from '../builders/a-run.ts'

describe('a folder of results', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'weft-results-'))
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  const store = (out: string, seed = 1) => {
    const result = aRun({ seed, jobs: 40 })
    const folder = new PendingFolder(out)
    const document = aDocument(result, out)
    folder.write(filesOfRun({ result, document, versions: someVersions, scenarioText: 'peers: 10\n', report: '<!doctype html>' }))
    folder.commit()
    return { result, document }
  }

  it('holds the scenario, versions, summary, tables, histograms and report', () => {
    store(join(home, 'out'))
    expect(readdirSync(join(home, 'out')).sort()).toEqual([
      'histograms.json',
      'jobs.csv',
      'jobs.parquet',
      'messages.csv',
      'messages.parquet',
      'providers.csv',
      'report.html',
      'resolved.json',
      'scenario.yaml',
      'series.csv',
      'summary.json',
      'traffic.csv',
      'versions.json',
    ])
    expect(readdirSync(home)).toEqual(['out'])
  })

  it('reads back as it was written', () => {
    const { result, document } = store(join(home, 'out'))
    const read = readRun(join(home, 'out'))
    expect(read.document).toEqual(document)
    expect(read.jobs()).toEqual(result.jobs)
    expect(read.series()).toEqual(result.series)
    expect(read.messages()).toEqual(result.messages)
    expect(read.providers()).toEqual(result.providers)
    expect(read.traffic()).toEqual(result.traffic)
    expect(read.histograms()['deliveryMs']?.quantile(0.5)).toBe(result.histograms['deliveryMs']?.quantile(0.5))
  })

  it('is refused before the run where no folder can be made, and wanted where only folders are missing', () => {
    writeFileSync(join(home, 'file'), '')
    expect(() => checkFolder(join(home, 'file', 'a', 'b'))).toThrow(/cannot be made: .*file is a file/)
    expect(() => checkFolder(join(home, 'new', 'a', 'b'))).not.toThrow()
  })

  it.skipIf(!existsSync('/proc/self'))('is refused where no folder can be made, before the run', () => {
    expect(() => checkFolder('/proc/out')).toThrow(/cannot be made: nothing may be written into \/proc/)
    expect(() => checkFolder('/proc/a/b')).toThrow(/cannot be made: nothing may be written into \/proc/)
  })

  it('is not there before it is whole', () => {
    const out = join(home, 'out')
    const folder = new PendingFolder(out)
    folder.write({ 'summary.json': '{}', 'seed=1/jobs.csv': 'job\n' })
    expect(existsSync(out)).toBe(false)
    folder.discard()
    expect(readdirSync(home)).toEqual([])
  })

  it('replaces results of ours, and an empty folder', () => {
    const out = join(home, 'out')
    mkdirSync(out)
    expect(checkFolder(out)).toBe(false)
    store(out, 1)
    expect(checkFolder(out)).toBe(true)
    store(out, 2)
    expect(readRun(out).document.seed).toBe(2)
    expect(readdirSync(home)).toEqual(['out'])
  })

  it('never replaces what somebody else wrote', () => {
    const out = join(home, 'thesis')
    mkdirSync(out)
    writeFileSync(join(out, 'chapter-1.md'), 'years of work')
    expect(() => new PendingFolder(out)).toThrow(/did not write/)
    writeFileSync(join(home, 'file'), '')
    expect(() => new PendingFolder(join(home, 'file'))).toThrow(/is a file/)
    expect(readFileSync(join(out, 'chapter-1.md'), 'utf8')).toBe('years of work')
  })

  it('leaves nothing that looks whole when the disk refuses', () => {
    const out = join(home, 'out')
    const folder = new PendingFolder(out)
    // A name longer than any file system takes stands for a disk that is full.
    expect(() => folder.write({ 'summary.json': '{}', ['x'.repeat(5000)]: '' })).toThrow(ResultsError)
    expect(readdirSync(home)).toEqual([])
  })

  it('gives the runs of a set of seeds in their order', () => {
    const set = join(home, 'set')
    mkdirSync(set)
    writeFileSync(join(set, 'versions.json'), JSON.stringify(someVersions))
    for (const seed of [10, 2]) store(join(set, `seed=${seed}`), seed)
    expect(readRuns(set).map(({ document }) => document.seed)).toEqual([2, 10])
  })

  it('says what is wrong with a folder that holds no results, or damaged ones', () => {
    expect(() => readRuns(join(home, 'none'))).toThrow(/there is no folder/)
    expect(() => readRuns(home)).toThrow(/holds no results/)
    store(join(home, 'out'))
    writeFileSync(join(home, 'out', 'summary.json'), '{"half')
    expect(() => readRuns(join(home, 'out'))).toThrow(/summary.json is not what weft-sim writes/)
    rmSync(join(home, 'out', 'summary.json'))
    expect(() => readRuns(join(home, 'out'))).toThrow(/no readable summary.json/)
  })

  it('is named for scenario, seed and time, in characters that every shell and disk takes', () => {
    expect(defaultFolder('market-day', '7', new Date('2026-01-02T03:04:05.678Z'))).toBe(
      join('weft-sim-results', 'market-day-7-2026-01-02T030405Z'),
    )
    expect(fileNameOf('../../etc/passwd $(rm) ü')).not.toMatch(/[/ $()]/)
    expect(fileNameOf('')).toBe('_')
  })
})
