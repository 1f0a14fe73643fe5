import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from './clock.ts'

test('a wait that is longer than a timer holds is waited for, and ends with its signal', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const turn = () => new Promise<void>(resolve => setImmediate(resolve))
  let isOver = false
  void systemClock.wait(2 ** 31 + 99).then(() => {
    isOver = true
  })
  t.mock.timers.tick(2 ** 31 - 1)
  await turn()
  t.mock.timers.tick(99)
  await turn()
  assert.equal(isOver, false)
  t.mock.timers.tick(1)
  await turn()
  assert.equal(isOver, true)
  const aborter = new AbortController()
  const wait = systemClock.wait(2 ** 40, aborter.signal)
  aborter.abort()
  await wait
})
