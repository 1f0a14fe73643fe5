import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FakeClock } from '../test/fake-clock.ts'
import { Breaker, type BreakerState, type Health, type Pass } from './breaker.ts'
import { resolveOptions } from './options.ts'

const options = resolveOptions({ baseUrl: 'http://127.0.0.1' }).breaker

function makeBreaker(random = () => 0.5) {
  const clock = new FakeClock()
  const states: BreakerState[] = []
  const breaker = new Breaker(options, clock, random, state => states.push(state))
  const pass = () => {
    const entered = breaker.enter()
    assert.notEqual(typeof entered, 'number', 'it may enter')
    return entered as Pass
  }
  const calls = (health: Health, count: number) => {
    for (let nth = 0; nth < count; nth++) breaker.leave(pass(), health)
  }
  return { clock, states, breaker, pass, calls }
}

test('half of at least twenty calls in the window open it', () => {
  const { calls, breaker } = makeBreaker()
  calls('success', 10)
  calls('failure', 9)
  assert.equal(breaker.state, 'closed')
  calls('failure', 1)
  assert.equal(breaker.state, 'open')
})

test('what is older than the window does not count', () => {
  const { calls, breaker, clock } = makeBreaker()
  calls('failure', 19)
  clock.time += options.windowMs + 1
  calls('failure', 19)
  assert.equal(breaker.state, 'closed')
})

test('what says nothing of the server neither opens nor closes it', () => {
  const { calls, breaker } = makeBreaker()
  calls('ignored', 1_000)
  calls('failure', 19)
  assert.equal(breaker.state, 'closed')
})

test('eight connections in a row that fail open it; any answer between begins the row anew', () => {
  const { calls, breaker } = makeBreaker()
  calls('connect_failure', 7)
  calls('success', 1)
  calls('connect_failure', 7)
  assert.equal(breaker.state, 'closed')
  calls('connect_failure', 1)
  assert.equal(breaker.state, 'open')
})

test('two of three probes close it; the next opening is as short as the first', () => {
  const { calls, breaker, clock, pass, states } = makeBreaker()
  calls('connect_failure', 8)
  clock.time += options.openMs
  const probes = [pass(), pass(), pass()]
  assert.equal(typeof breaker.enter(), 'number')
  breaker.leave(probes[0]!, 'success')
  breaker.leave(probes[1]!, 'failure')
  assert.equal(breaker.state, 'half_open')
  breaker.leave(probes[2]!, 'success')
  assert.equal(breaker.state, 'closed')
  calls('connect_failure', 8)
  assert.equal(breaker.enter(), options.openMs)
  assert.deepEqual(states, ['open', 'half_open', 'closed', 'open'])
})

test('each opening after probes that failed is twice as long, up to a bound', () => {
  const { calls, breaker, clock, pass } = makeBreaker()
  calls('connect_failure', 8)
  const lengths = []
  for (let nth = 0; nth < 6; nth++) {
    const left = breaker.enter() as number
    lengths.push(left)
    clock.time += left
    const probes = [pass(), pass()]
    for (const probe of probes) breaker.leave(probe, 'failure')
  }
  assert.deepEqual(lengths, [15_000, 30_000, 60_000, 120_000, 120_000, 120_000])
})

const healths: readonly Health[] = ['success', 'failure', 'connect_failure', 'ignored']
const step = fc.oneof(
  fc.constant({ do: 'enter' as const }),
  fc.record({
    do: fc.constant('leave' as const),
    nth: fc.nat({ max: 50 }),
    health: fc.constantFrom(...healths),
  }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat({ max: 40_000 }) }),
)

test('in whatever order calls enter, leave and time passes: few probes, and no way to stay shut', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 300 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (steps, dice) => {
        const { breaker, clock } = makeBreaker(() => dice)
        const inside: { pass: Pass; state: BreakerState }[] = []
        for (const one of steps) {
          if (one.do === 'wait') clock.time += one.ms
          else if (one.do === 'leave') {
            const [left] = inside.splice(one.nth % (inside.length || 1), 1)
            if (left) breaker.leave(left.pass, one.health)
          } else {
            const before = breaker.state
            const entered = breaker.enter()
            if (typeof entered === 'number') {
              assert.notEqual(before, 'closed')
              assert.ok(entered > 0 && entered <= options.openMsMax * 1.2)
            } else inside.push({ pass: entered, state: breaker.state })
          }
          const epoch = inside.at(-1)?.pass.epoch
          const probing = inside.filter(({ pass, state }) => state === 'half_open' && pass.epoch === epoch)
          assert.ok(probing.length <= options.probes)
        }
        for (const { pass } of inside) breaker.leave(pass, 'ignored')
        // All have left: after the longest opening it lets calls through, and they close it.
        for (let nth = 0; breaker.state !== 'closed' && nth < 3; nth++) {
          clock.time += options.openMsMax * 1.2
          const pass = breaker.enter()
          assert.notEqual(typeof pass, 'number')
          breaker.leave(pass as Pass, 'success')
        }
        assert.equal(breaker.state, 'closed')
      },
    ),
    { numRuns: 500 },
  )
})
