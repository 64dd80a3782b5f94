/** Named tables that scenarios are made of, each with the publication it comes from; and the draws of jobs from them. */

export * from './arrivals.ts'
export * from './churn.ts'
export * from './defaults.ts'
export * from './job-tables.ts'
export * from './machines.ts'
export * from './regions.ts'
export * from './sampler.ts'
export * from './workloads.ts'
