import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadScenario, readTrace } from '@weft/simulator/lab'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-trace-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, ...lines: string[]): string {
  const path = join(folder, name)
  writeFileSync(path, lines.join('\n'))
  return path
}

const OPENB = 'name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time'
const pods = (...rows: string[]) => file('pods.csv', OPENB, ...rows)

describe('a trace', () => {
  test('of the known pods format needs no map and begins at 0', async () => {
    const path = pods('b,6000,12288,2,1000,,LS,Failed,500,600,505', 'a,12000,16384,1,1000,,LS,Succeeded,400,1000,400')
    const { rows, format } = await readTrace(path)
    expect(format).toContain('openb')
    expect(rows).toEqual([
      { atSeconds: 0, durationSeconds: 600, gpus: 1, vramGiB: 0, exit: 'done' },
      { atSeconds: 100, durationSeconds: 100, gpus: 2, vramGiB: 0, exit: 'failed' },
    ])
  })

  test('is read by the columns that a map names, with dates, quotes and fractions of a GPU', async () => {
    const path = file(
      'jobs.csv',
      '\uFEFF"start, UTC",took,cards,memory,outcome\r',
      '"2026-01-02T00:00:00Z",90,0.5,24,"CANCELLED by ""me"""\r',
      '2026-01-02T00:01:00Z,30,4,80,COMPLETED\r',
      '',
    )
    const map = { at: 'start, UTC', duration: 'took', gpus: 'cards', vram: 'memory', exit: 'outcome' }
    expect((await readTrace(path, map)).rows).toEqual([
      { atSeconds: 0, durationSeconds: 90, gpus: 1, vramGiB: 24, exit: 'cancelled' },
      { atSeconds: 60, durationSeconds: 30, gpus: 4, vramGiB: 80, exit: 'done' },
    ])
  })

  test('without a column says which, which are there, and the line that maps it', async () => {
    const path = file('strange.csv', 'submit_time,n_gpus,runtime', '1,1,1')
    await expect(readTrace(path)).rejects.toThrow(
      'no column says when a job comes (at); present are submit_time, n_gpus, runtime. Name it: workload: {trace: …, map: {at: submit_time}}',
    )
    await expect(readTrace(path, { at: 'submit_time', gpus: 'n_gpu', duration: 'runtime' })).rejects.toThrow(
      /no column n_gpu, which map\.gpus names; .*map: \{gpus: n_gpus\}/,
    )
    await expect(readTrace(path, { at: 'submit_time', gpus: 'n_gpus' })).rejects.toThrow(/map: \{duration: runtime\}/)
  })

  test('with few bad rows leaves them out, counts them and names the first five', async () => {
    const good = Array.from({ length: 1000 }, (_, i) => `${i},10,1`)
    const bad = ['x,10,1', '5,-3,1', '5,10,many', '5', '"5,10,1', '6,,1', '7,10,-1']
    const { rows, bad: counted, warnings } = await readTrace(file('some.csv', 'at,duration,gpus', ...bad, ...good))
    expect(rows).toHaveLength(1000)
    expect(counted.count).toBe(7)
    expect(counted.first).toEqual([
      'line 2: the time "x" is no number of seconds and no date',
      'line 3: the duration "-3" is no number of seconds',
      'line 4: "many" is no number of GPUs',
      'line 5: the duration "" is no number of seconds',
      'line 6: quotes or commas are broken',
    ])
    expect(warnings).toEqual([expect.stringMatching(/7 of 1007 rows were left out: line 2/)])
  })

  test('of a known format that lacks a column is told which', async () => {
    const path = file('no-gpus.csv', OPENB.replace('num_gpu', 'gpus_wanted'), 'p,1,1,1,1000,,LS,Running,0,10,')
    await expect(readTrace(path)).rejects.toThrow(
      /there is no column num_gpu, which gpus in the map of Alibaba .* names; .* Map another: workload: {trace: …, map: {gpus: gpus_wanted}}/,
    )
  })

  test('with more than one bad row in a hundred is refused', async () => {
    await expect(readTrace(file('bad.csv', 'at,duration,gpus', '1,1,1', 'x,1,1'))).rejects.toThrow(
      /1 of 2 rows cannot be read, more than 1 %: line 3/,
    )
  })

  test.each([
    ['an empty file', '', /the file is empty/],
    ['a header alone', 'at,duration,gpus', /no rows/],
    ['one endless line', 'x'.repeat(300_000), /longer than 65536 letters/],
  ])('%s is refused', async (_, text, says) => {
    await expect(readTrace(file('odd.csv', text))).rejects.toThrow(says)
  })
})

describe('a scenario with a trace', () => {
  const scenario = (text: string) => file('mine.yaml', text)

  test('has its jobs, within the duration and from the given time on', async () => {
    file('pods.csv', OPENB, ...Array.from({ length: 100 }, (_, i) => `p,1,1,1,1000,,LS,Running,${i * 60},${i * 60 + 9000},`))
    const path = scenario('duration: 10m\nworkload: {trace: ./pods.csv, jobs: {at: 30m, durationMax: 1h}}\n')
    const { jobs } = (await loadScenario(path)).scenario.workload
    expect(jobs).toMatchObject({ arrivals: 'trace', count: 10 })
    expect(jobs?.trace[0]).toMatchObject({ atSeconds: 0, durationSeconds: 3600 })
    expect(jobs?.trace.at(-1)).toMatchObject({ atSeconds: 540 })
  })

  test('whose file is missing points at the line', async () => {
    await expect(loadScenario(scenario('peers: 50\nworkload: {trace: ./none.csv}\n'))).rejects.toThrow(
      /mine\.yaml:2:19: workload\.trace: there is no file/,
    )
  })

  test('none of whose rows comes within the run says how long it is', async () => {
    pods('a,1,1,1,1000,,LS,Running,0,10,0', 'a,1,1,1,1000,,LS,Running,7200,7300,0')
    await expect(loadScenario(scenario('duration: 10m\nworkload: {trace: ./pods.csv, jobs: {at: 9h}}\n'))).rejects.toThrow(
      /no row of the trace comes within 10m from 9h; it has 2 rows up to 2h/,
    )
  })
})
