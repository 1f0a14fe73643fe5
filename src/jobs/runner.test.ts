import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Log } from '../core/world.ts'
import { type Job, JobRunner } from './runner.ts'

/** A runner of one job that does what `slices` say, one after the other. */
function runnerOf(...slices: (() => Promise<boolean | number>)[]): {
  runner: JobRunner<{ log: Log }>
  errors: object[]
} {
  const errors: object[] = []
  const log = { info: () => {}, warn: () => {}, error: (fields: object) => errors.push(fields) }
  const job: Job<{ log: Log }> = {
    name: 'purge',
    everyMs: 3_600_000,
    run: () => (slices.shift() ?? (async () => false))(),
  }
  return { runner: new JobRunner({ log }, [job]), errors }
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
