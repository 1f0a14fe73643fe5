import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../test/runs.ts'
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
})

test('the rate headers of an answer that is no limit ask for nothing', () => {
  const headers = new Headers({ 'X-Rate-Limit-Reset': '60', RateLimit: '"push";r=9;t=12' })
  assert.equal(askedWait(headers, now, false), undefined)
  headers.set('Retry-After', '5')
  assert.equal(askedWait(headers, now, false), 5_000)
})

/** The three forms of RFC 9110 §5.6.7. */
const forms: readonly ((at: Date) => string)[] = [
  at => at.toUTCString(),
  at => {
    const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/.exec(at.toUTCString())!
    return `${at.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' })}, ${day}-${month}-${year!.slice(2)} ${time} GMT`
  },
  at => {
    const [, week, day, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/.exec(at.toUTCString())!
    return `${week} ${month} ${day!.replace(/^0/, ' ')} ${time} ${year}`
  },
]
const decadeSeconds = 315_360_000

test('a date in any of its forms is waited for, by the server’s clock where that is told, never less', () => {
  const scene = fc.record({
    form: fc.constantFrom(...forms),
    dateForm: fc.constantFrom(...forms),
    inSeconds: fc.integer({ min: -decadeSeconds, max: decadeSeconds }),
    skewSeconds: fc.integer({ min: -decadeSeconds, max: decadeSeconds }),
    isTold: fc.boolean(),
  })
  fc.assert(
    fc.property(scene, ({ form, dateForm, inSeconds, skewSeconds, isTold }) => {
      const theirs = now + (isTold ? skewSeconds * 1_000 : 0)
      const headers = new Headers({ 'Retry-After': form(new Date(theirs + inSeconds * 1_000)) })
      if (isTold) headers.set('Date', dateForm(new Date(theirs)))
      assert.equal(askedWait(headers, now, true), inSeconds > 0 ? inSeconds * 1_000 : undefined)
    }),
    runs(500),
  )
})

test('whatever a header holds, it is a wait that can be waited for, or nothing', () => {
  const garbage = fc.oneof(
    fc.string({ unit: fc.constantFrom(...' ,;=:-0123456789tGMTJanMon."') }),
    fc.string({ unit: 'grapheme-ascii' }),
    fc.nat().map(number => `${number}`),
  )
  fc.assert(
    fc.property(garbage, garbage, garbage, fc.boolean(), (retryAfter, date, reset, isLimit) => {
      const pairs = { 'Retry-After': retryAfter, Date: date, 'X-Rate-Limit-Reset': reset, RateLimit: reset }
      const wait = askedWait(new Headers(pairs), now, isLimit)
      assert.ok(wait === undefined || (Number.isFinite(wait) && wait >= 0))
    }),
    runs(500),
  )
})

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const options = fc.record({ baseMs: fc.nat({ max: 5_000 }), maxMs: fc.nat({ max: 100_000 }) })

test('nobody comes back earlier than asked, nor more than a second later for it', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1e12 }), random, (asked, dice) => {
      const wait = spreadWait(asked, () => dice)
      assert.ok(wait >= asked && wait <= asked + Math.min(1_000, asked / 10))
    }),
    runs(200),
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
      // Full jitter: the dice say where between.
      assert.ok(Math.abs(transient - dice * bound) < 1e-6 * (bound + 1))
    }),
    runs(200),
  )
})
