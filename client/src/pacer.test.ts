import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FakeClock } from '../test/fake-clock.ts'
import { runs } from '../test/runs.ts'
import { Pacer } from './pacer.ts'

const hourMs = 3_600_000

function headersOf(limit: number, remaining: number, reset: number): Headers {
  const values = { Limit: limit, Remaining: remaining, Reset: reset }
  return new Headers(Object.entries(values).map(([name, value]) => [`X-Rate-Limit-${name}`, String(value)]))
}

/** A server that counts calls in windows that begin with the first call of each, and says so. */
class CountingServer {
  refused = 0
  #endsAt = 0
  #count = 0
  readonly limit: number
  readonly windowSeconds: number

  constructor(limit: number, windowSeconds: number) {
    this.limit = limit
    this.windowSeconds = windowSeconds
  }

  take(now: number): Headers {
    if (now >= this.#endsAt) {
      this.#endsAt = now + this.windowSeconds * 1_000
      this.#count = 0
    }
    if (this.#count >= this.limit) this.refused++
    else this.#count++
    return headersOf(this.limit, this.limit - this.#count, Math.ceil((this.#endsAt - now) / 1_000))
  }
}

test('calls one after another are never more than the quota the server states', () => {
  const scene = fc.record({
    limit: fc.integer({ min: 1, max: 60 }),
    windowSeconds: fc.integer({ min: 1, max: 120 }),
    pausesMs: fc.array(fc.nat({ max: 3_000 }), { maxLength: 200 }),
    latencyMs: fc.nat({ max: 500 }),
  })
  fc.assert(
    fc.property(scene, ({ limit, windowSeconds, pausesMs, latencyMs }) => {
      const clock = new FakeClock()
      const pacer = new Pacer(clock)
      const server = new CountingServer(limit, windowSeconds)
      for (const pauseMs of pausesMs) {
        clock.time += pauseMs
        const waitMs = pacer.reserve('push')
        assert.ok(waitMs >= 0 && waitMs <= windowSeconds * 1_000)
        clock.time += waitMs
        const headers = server.take(clock.time)
        clock.time += latencyMs
        pacer.observe('push', headers)
      }
      assert.equal(server.refused, 0)
    }),
    runs(200),
  )
})

test('of what is left each call gets a place of its own, and no more places are given than are left', () => {
  const scene = fc.record({
    limit: fc.integer({ min: 10, max: 10_000 }),
    share: fc.double({ min: 0, max: 0.1, noNaN: true }),
    reset: fc.integer({ min: 1, max: 3_600 }),
    asked: fc.array(fc.nat({ max: 2_000 }), { maxLength: 100 }),
  })
  fc.assert(
    fc.property(scene, ({ limit, share, reset, asked }) => {
      const clock = new FakeClock()
      const pacer = new Pacer(clock)
      const remaining = Math.floor(limit * share)
      const endsAt = clock.time + reset * 1_000
      pacer.observe('push', headersOf(limit, remaining, reset))
      const places: number[] = []
      for (const pauseMs of asked) {
        clock.time += pauseMs
        const waitMs = pacer.reserve('push')
        if (clock.time >= endsAt) assert.equal(waitMs, 0)
        else if (clock.time + waitMs < endsAt) places.push(clock.time + waitMs)
      }
      assert.ok(places.length <= remaining, `${places.length} places of ${remaining}`)
      const steps = places.slice(1).map((at, nth) => at - places[nth]!)
      assert.ok(steps.every(step => step >= Math.floor((reset * 1_000) / (remaining + 1))))
    }),
    runs(200),
  )
})

test('whatever answers say, in whatever order they come, nobody waits for more than an hour', () => {
  const value = fc.oneof(
    fc.nat({ max: 1_000 }).map(String),
    fc.nat().map(String),
    fc.constantFrom('', '-1', '1.5', 'soon', '1764000000', '999999999', '１', '0x10'),
  )
  const step = fc.oneof(
    fc.record({ limit: value, remaining: value, reset: value }),
    fc.record({ pauseMs: fc.nat({ max: 2 * hourMs }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), steps => {
      const clock = new FakeClock()
      const pacer = new Pacer(clock)
      for (const one of steps) {
        if ('pauseMs' in one) clock.time += one.pauseMs
        else {
          const pairs = Object.entries(one).map(
            ([name, text]) => [`x-rate-limit-${name}`, encodeURIComponent(text)] as [string, string],
          )
          pacer.observe('push', new Headers(pairs))
        }
        const waitMs = pacer.reserve('push')
        assert.ok(waitMs >= 0 && waitMs <= hourMs, `${waitMs} ms`)
        assert.equal(pacer.reserve('report'), 0)
      }
      clock.time += hourMs
      assert.equal(pacer.reserve('push'), 0)
    }),
    runs(200),
  )
})

test('an answer that comes late does not bring back what has been used since', () => {
  const clock = new FakeClock()
  const pacer = new Pacer(clock)
  pacer.observe('push', headersOf(100, 2, 10))
  pacer.observe('push', headersOf(100, 9, 10))
  const places = Array.from({ length: 20 }, () => pacer.reserve('push')).filter(waitMs => waitMs < 10_000)
  assert.equal(places.length, 2)
})
