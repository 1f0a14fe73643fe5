// Pushes at set times (jpush.md §3.4).
import type { FailureId } from '../failures.ts'
import type { PushRequest } from './pushes.ts'

export type Trigger = Single | Periodical

export interface Single {
  readonly kind: 'single'
  /** Epoch ms. */
  readonly at: number
}

/** Times are wall-clock times of the server's zone. */
export interface Periodical {
  readonly kind: 'periodical'
  /** Epoch ms, both inclusive. */
  readonly startAt: number
  readonly endAt: number
  /** Ms after midnight. */
  readonly timeOfDayMs: number
  readonly unit: 'day' | 'week' | 'month'
  /** Of so many days, weeks or months one has runs, the one that holds `startAt` being the first. */
  readonly frequency: number
  /** Ascending. `week`: 0 = Monday to 6; `month`: 1 to 31, where it exists; `day`: none. */
  readonly days: readonly number[]
}

/** A part of a schedule as the rules understand it, and as the caller wrote it (JSON text): that is what it gets back. */
export interface WrittenTrigger {
  readonly trigger: Trigger
  readonly text: string
}
export interface WrittenPush {
  readonly request: PushRequest
  readonly text: string
}

export interface ShownSchedule {
  readonly scheduleId: string
  readonly name: string
  readonly isEnabled: boolean
  /** JSON text. */
  readonly trigger: string
  readonly push: string
}

export interface ScheduledRun {
  /** Epoch ms. */
  readonly at: number
  /** '' = it did not get as far as an id. */
  readonly msgId: string
  /** What the push was refused with; absent = it was accepted. */
  readonly refusal?: { readonly id: FailureId; readonly params: Readonly<Record<string, string>> }
}

export interface ScheduleOperations {
  /** @throws `schedule_invalid` */
  'schedule.create': {
    args: { name: string; trigger: WrittenTrigger; push: WrittenPush }
    result: { scheduleId: string }
  }
  /** Those that are not at term, the oldest first; pages count from 1. */
  'schedule.list': { args: { page: number }; result: { total: number; schedules: ShownSchedule[] } }
  /** @throws `schedule_unknown`, for one at term too */
  'schedule.get': { args: { scheduleId: string }; result: ShownSchedule }
  /** The oldest first. @throws `schedule_unknown` */
  'schedule.runs': { args: { scheduleId: string }; result: { runs: ScheduledRun[] } }
  /** The parts given take the place of what is there. @throws `schedule_unknown`, `schedule_invalid` */
  'schedule.change': {
    args: {
      scheduleId: string
      name?: string
      isEnabled?: boolean
      trigger?: WrittenTrigger
      push?: WrittenPush
    }
    result: ShownSchedule
  }
  /** @throws `schedule_unknown` */
  'schedule.delete': { args: { scheduleId: string }; result: Record<never, never> }
}
