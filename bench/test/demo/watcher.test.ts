import { describe, expect, it } from 'vitest'
import { conservationProblems } from '../../src/demo/audit.ts'
import { type JobProgress, JobWatcher } from '../../src/demo/jobs.ts'

describe('the watcher of a job', () => {
  it('turns what weft run and the trainer print into news and details', () => {
    const seen: JobProgress[] = []
    const watcher = new JobWatcher('run', (progress) => seen.push(progress))
    const lines = [
      'bid      …abc  0.05 USD/h  starts in 1s',
      'bid      …def  0.06 USD/h  starts in 1s',
      'leased   …abc  lease 0123',
      'something else',
      'epoch 2/4 50% loss 0.1234',
    ]
    for (const line of lines) watcher.line(line)
    expect(seen.map(({ news }) => news)).toEqual([
      'run: bidding',
      'run: bidding',
      'run: leased to …abc out of 2 bids',
      'run: training on …abc',
    ])
    expect(seen.at(-1)?.detail).toBe('████████░░░░░░░░░░░░ epoch 2 of 4, loss 0.1234')
  })
})

describe('the books', () => {
  const report = (amount: string) => ({ amount })

  it('agree when providers earned what renters spent', () => {
    expect(conservationProblems([report('5'), report('7')], [report('12')])).toEqual([])
  })

  it('name a difference', () => {
    expect(conservationProblems([report('5')], [report('6')])).toEqual([expect.objectContaining({ code: 'NOT_CONSERVED' })])
  })
})
