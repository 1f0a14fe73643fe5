import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { World } from '../core/world.ts'
import { ManualClock } from '../lib/clock.ts'
import { type DueAt, type Job, JobRunner } from './runner.ts'

type Surroundings = Pick<World, 'log' | 'clock'>

/** A runner of one job that does what `slices` say, one after the other. */
function runnerOf(...slices: (() => Promise<boolean | number | DueAt>)[]): {
  runner: JobRunner<Surroundings>
  errors: object[]
  clock: ManualClock
} {
  const errors: object[] = []
  const clock = new ManualClock(1_000)
  const log = { info: () => {}, warn: () => {}, error: (fields: object) => errors.push(fields) }
  const job: Job<Surroundings> = {
    name: 'purge',
    everyMs: 3_600_000,
    run: () => (slices.shift() ?? (async () => false))(),
  }
  return { runner: new JobRunner({ log, clock }, [job]), errors, clock }
}

test('a job goes on slice by slice while there is more, then rests until it is nudged', async () => {
  let done = 0
  const slice = (hasMore: boolean) => async () => {
    done++
    return hasMore
  }
  const { runner } = runnerOf(slice(true), slice(true), slice(false), slice(false))
  runner.nudge('purge')
  await runner.idle()
  assert.equal(done, 3)
  runner.nudge('purge')
  await runner.idle()
  assert.equal(done, 4)
})

test('a nudge during a slice is not lost', async () => {
  let done = 0
  const { runner } = runnerOf(
    async () => {
      done++
      runner.nudge('purge')
      return false
    },
    async () => {
      done++
      return false
    },
  )
  runner.nudge('purge')
  await runner.idle()
  assert.equal(done, 2)
})

test('a slice that fails is logged and hurts nobody', async () => {
  const { runner, errors } = runnerOf(async () => {
    throw new Error('broken')
  })
  runner.nudge('purge')
  await runner.idle()
  assert.equal(errors.length, 1)
})

test('stop waits for the slice under way and lets no other begin', async () => {
  const finish = Promise.withResolvers<boolean>()
  let isFinished = false
  const { runner } = runnerOf(
    () =>
      finish.promise.then(hasMore => {
        isFinished = true
        return hasMore
      }),
    () => Promise.reject(new Error('began after the stop')),
  )
  runner.start()
  const stopped = runner.stop()
  finish.resolve(true)
  await stopped
  assert.ok(isFinished)
})

test('a job that asks for a pause goes on after it, and not once the runner has stopped', async () => {
  const done = Promise.withResolvers<void>()
  const { runner } = runnerOf(
    async () => 5,
    async () => {
      done.resolve()
      return 1_000_000
    },
    () => Promise.reject(new Error('went on after the stop')),
  )
  runner.nudge('purge')
  await runner.idle()
  await done.promise
  await runner.stop()
})

test('a job that names a moment goes on then, and asks anew when it is nudged before', async () => {
  let done = 0
  const slice = (dueAt?: number) => async () => {
    done++
    return dueAt !== undefined && { dueAt }
  }
  const { runner, clock } = runnerOf(slice(5_000), slice(3_000), slice())
  runner.nudge('purge')
  await runner.idle()
  assert.equal(clock.next, 5_000)
  runner.nudge('purge')
  await runner.idle()
  // One moment a job, the last it has named.
  assert.equal(clock.next, 3_000)
  clock.advance(1_999)
  await runner.idle()
  assert.equal(done, 2)
  clock.advance(1)
  await runner.idle()
  assert.equal(done, 3)
  assert.equal(clock.next, undefined)
  await runner.stop()
})
