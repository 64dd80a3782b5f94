import { HeapQueue } from './heap-queue.ts'

/** The wheel goes here; until it does, the heap gives the same order. */
export class CalendarQueue extends HeapQueue {}
