/** What the demo trains, and on whose machines. */
import type { ProviderSpec } from '../mesh/mesh.ts'

export interface TrainingRun {
  name: string
  hidden: number
  lr: number
  batch: number
  epochs: number
}

/** Hyper-parameters of the same network: each takes about ten seconds on one core. */
export const TRAINING_RUNS: readonly TrainingRun[] = [
  { name: 'hidden 32, rate 0.10', hidden: 32, lr: 0.1, batch: 64, epochs: 5 },
  { name: 'hidden 48, rate 0.20', hidden: 48, lr: 0.2, batch: 128, epochs: 4 },
  { name: 'hidden 64, rate 0.10', hidden: 64, lr: 0.1, batch: 64, epochs: 4 },
  { name: 'hidden 64, rate 0.02', hidden: 64, lr: 0.02, batch: 32, epochs: 4 },
]

/** The job after the bootstrap is gone: short, its point is who runs it and for whom. */
export const LAST_RUN: TrainingRun = { name: 'hidden 16, rate 0.10', hidden: 16, lr: 0.1, batch: 64, epochs: 2 }

export function trainingArgs(run: TrainingRun): string[] {
  return ['--hidden', `${run.hidden}`, '--lr', `${run.lr}`, '--batch', `${run.batch}`, '--epochs', `${run.epochs}`]
}

/** Each lends room for one training run: four jobs at once need all four. */
export const PROVIDERS: readonly ProviderSpec[] = [
  { name: 'ash', cpus: 1, memory: '1g', pricePerCpuHour: '0.040' },
  { name: 'birch', cpus: 1, memory: '1536m', pricePerCpuHour: '0.055' },
  { name: 'cedar', cpus: 1, memory: '2g', pricePerCpuHour: '0.070' },
  { name: 'elm', cpus: 1, memory: '3g', pricePerCpuHour: '0.090' },
]

/** What one training run asks for. */
export const JOB_NEEDS = { cpus: '1', memory: '768m' } as const
