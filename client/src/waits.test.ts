import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { askedWait, spreadWait, throttledWait, transientWait } from './waits.ts'

const now = Date.parse('Mon, 05 Jan 2026 10:00:00 GMT')

test('a wait is asked for by Retry-After, else by the rate headers; what cannot be read asks for nothing', () => {
  const cases: readonly (readonly [Record<string, string>, number | undefined])[] = [
    [{ 'Retry-After': '0' }, 0],
    [{ 'Retry-After': '5' }, 5_000],
    [{ 'Retry-After': '3600' }, 3_600_000],
    [{ 'Retry-After': '99999999999' }, 99_999_999_999_000],
    [{ 'Retry-After': '-1' }, undefined],
    [{ 'Retry-After': '1.5' }, undefined],
    [{ 'Retry-After': 'soon' }, undefined],
    [{ 'Retry-After': '' }, undefined],
    [{ 'Retry-After': '5, 9' }, 5_000],
    [{ 'Retry-After': 'Mon, 05 Jan 2026 10:00:30 GMT' }, 30_000],
    [{ 'Retry-After': 'Monday, 05-Jan-26 10:00:30 GMT' }, 30_000],
    [{ 'Retry-After': 'Mon Jan  5 10:00:30 2026' }, 30_000],
    [{ 'Retry-After': 'Mon, 05 Jan 2026 09:59:59 GMT' }, undefined],
    [{ 'Retry-After': '2026-01-05T10:00:30Z' }, undefined],
    // A server whose clock is an hour ahead, and says so.
    [{ 'Retry-After': 'Mon, 05 Jan 2026 11:00:30 GMT', Date: 'Mon, 05 Jan 2026 11:00:00 GMT' }, 30_000],
    [{ 'Retry-After': 'Fri, 05 Jan 2099 11:00:30 GMT', Date: 'Fri, 05 Jan 2099 11:00:00 GMT' }, 30_000],
    [{ 'X-Rate-Limit-Reset': '60' }, 60_000],
    [{ 'X-Rate-Limit-Reset': 'x' }, undefined],
    [{ RateLimit: '"push";r=0;t=12', 'X-Rate-Limit-Reset': '60' }, 12_000],
    [{ 'Retry-After': '3', 'X-Rate-Limit-Reset': '60' }, 3_000],
    [{ 'Retry-After': 'soon', 'X-Rate-Limit-Reset': '60' }, 60_000],
    [{}, undefined],
  ]
  for (const [headers, wanted] of cases)
    assert.equal(askedWait(new Headers(headers), now, true), wanted, JSON.stringify(headers))
  const spent = { 'X-Rate-Limit-Reset': '60', RateLimit: '"push";r=9;t=12' }
  assert.equal(askedWait(new Headers(spent), now, false), undefined)
})

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const options = fc.record({ baseMs: fc.nat({ max: 5_000 }), maxMs: fc.nat({ max: 100_000 }) })

test('nobody comes back earlier than asked, nor more than a second later for it', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1e12 }), random, (asked, dice) => {
      const wait = spreadWait(asked, () => dice)
      assert.ok(wait >= asked && wait <= asked + Math.min(1_000, asked / 10))
    }),
  )
})

test('a back-off stays within its bound, which doubles; after a limit it is at least half of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), options, random, (attempt, { baseMs, maxMs }, dice) => {
      const bound = Math.min(maxMs, baseMs * 2 ** (attempt - 1))
      const transient = transientWait(attempt, { baseMs, maxMs }, () => dice)
      const throttled = throttledWait(attempt, { baseMs, maxMs }, () => dice)
      assert.ok(transient >= 0 && transient <= bound)
      assert.ok(throttled >= bound / 2 && throttled <= bound)
    }),
  )
})
