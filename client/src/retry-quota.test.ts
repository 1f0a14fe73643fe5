import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../test/runs.ts'
import { RetryQuota } from './retry-quota.ts'

const options = fc.record({
  capacity: fc.nat({ max: 600 }),
  transientCost: fc.nat({ max: 20 }),
  throttledCost: fc.nat({ max: 20 }),
})
const kind = fc.constantFrom('transient', 'throttled', 'free')

test('however calls pay, succeed and fail at once, there is never less than nothing nor more than all', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('retry' as const), call: fc.nat({ max: 9 }), kind }),
    fc.record({ do: fc.constant('succeed' as const), call: fc.nat({ max: 9 }) }),
    fc.record({ do: fc.constant('fail' as const), call: fc.nat({ max: 9 }) }),
    fc.record({ do: fc.constant('reset' as const) }),
  )
  fc.assert(
    fc.property(options, fc.array(step, { maxLength: 200 }), (given, steps) => {
      const quota = new RetryQuota(given)
      const paid = new Map<number, number>()
      for (const one of steps) {
        const before = quota.left
        if (one.do === 'retry') {
          const cost = { transient: given.transientCost, throttled: given.throttledCost, free: 0 }[one.kind]
          const took = quota.take(one.kind)
          // It is refused where there is not enough, and only there; what is refused costs nothing.
          assert.equal(took, cost <= before ? cost : undefined)
          assert.equal(quota.left, before - (took ?? 0))
          if (took !== undefined) paid.set(one.call, took)
        } else if (one.do === 'succeed') {
          quota.refund(paid.get(one.call) ?? 0)
          assert.equal(quota.left, Math.min(given.capacity, before + (paid.get(one.call) || 1)))
          paid.delete(one.call)
        } else if (one.do === 'fail') paid.delete(one.call)
        else quota.reset()
        assert.ok(quota.left >= 0 && quota.left <= given.capacity)
      }
    }),
    runs(200),
  )
})

test('while a server is down retries dry up, and successes bring them back', () => {
  fc.assert(
    fc.property(options, given => {
      fc.pre(given.transientCost > 0 && given.capacity >= given.transientCost)
      const quota = new RetryQuota(given)
      let retries = 0
      while (quota.take('transient') !== undefined) retries++
      assert.equal(retries, Math.floor(given.capacity / given.transientCost))
      for (let nth = 0; nth < given.transientCost; nth++) quota.refund(0)
      assert.equal(quota.take('transient'), given.transientCost)
      quota.reset()
      assert.equal(quota.left, given.capacity)
    }),
    runs(200),
  )
})
