/**
 * What each distribution counts, from what to what: for captions. METRICS.md has the same as a table.
 */
export const MEANINGS: Readonly<Record<string, string>> = {
  timeToFirstBidMs: 'From a job’s submission until its renter has the first bid; jobs that got one.',
  timeToLeaseMs: 'From submission until the first lease; jobs that got one.',
  timeToStartMs: 'From submission until the first container runs, images and inputs fetched; jobs that got that far.',
  jobSlowdownMilli: 'From submission to the end, over the time that the job itself takes; jobs done. In tables divided by 1,000.',
  pricePerUnitHour: 'Of each lease: what its award pays per hour, over the devices of the job (a job without one counts as one).',
  priceOverBenchmarkMilli:
    'Of each interval: the mean price of its leases over the price at which a central double auction clears the demand and machines of its end.',
  deliveryMs: 'From publication of a gossiped message until a peer has it; deliveries that happened.',
  lookupMs: 'From the start of a DHT look-up until its answer.',
  lookupHops: 'Longest chain of requests behind the answer of a look-up.',
  lookupRequests: 'Requests that a look-up sent.',
  publishMs: 'From the start of a DHT publication until the last holder answered.',
  publishRequests: 'Requests that a publication sent.',
  recoveryMs:
    'From when the renter gives up a lost attempt until the next lease. What came before, until it noticed, is not in it: see outageMs.',
  outageMs: 'From the last receipt or progress of an attempt that was lost while it ran until the next attempt runs.',
  roundsPerJob: 'Orders published for a job; jobs that ended.',
  bidsPerJob: 'Bids received for a job, all rounds; jobs that ended.',
  attemptsPerJob: 'Leases of a job; jobs that ended.',
}
