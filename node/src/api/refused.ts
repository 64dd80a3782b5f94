import type { JobId } from '@weft/protocols'
import type { JobFeed } from './feed.ts'
import type { RefusedView } from './views.ts'

const REFUSED_MAX = 200

/** Who would not take a job, and why; the latest word of each last. */
export function refusedOf(jobId: JobId, feed: JobFeed): RefusedView[] {
  const refused = new Map<string, RefusedView>()
  const bids = new Map<string, RefusedView['asked']>()
  for (const { note } of feed.read(jobId, 0).entries) {
    if (note.type === 'bid') bids.set(note.provider, { pricePerHour: note.pricePerHour.toString(), currency: note.currency })
    if (note.type !== 'refusal' && note.type !== 'award-refused') continue
    const one = { peerId: note.provider, stage: note.type === 'refusal' ? 'bid' : 'award', reason: note.reason } as const
    const key = JSON.stringify(one)
    const times = (refused.get(key)?.times ?? 0) + 1
    refused.delete(key)
    const asked = note.type === 'refusal' && note.reason === 'price' ? (bids.get(note.provider) ?? null) : null
    refused.set(key, { ...one, times, asked })
  }
  return [...refused.values()].slice(-REFUSED_MAX)
}
