// How long to wait before the next attempt: what the server asks for, else full jitter.

/** A wait that doubles, in ms. */
export interface BackoffOptions {
  /** Doubled with each attempt. */
  readonly baseMs: number
  readonly maxMs: number
}

/** 0 ≤ x < 1, as of `Math.random`. */
export type Random = () => number

/** Anything from nothing to the bound: callers that failed together do not come back together. */
export function transientWait(attempt: number, { baseMs, maxMs }: BackoffOptions, random: Random): number {
  return random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1))
}

/** As transientWait, but at least half the bound: a limit that was just met would be met again. */
export function throttledWait(attempt: number, { baseMs, maxMs }: BackoffOptions, random: Random): number {
  const bound = Math.min(maxMs, baseMs * 2 ** (attempt - 1))
  return bound / 2 + (random() * bound) / 2
}

/**
 * What the server asks for, never shortened: `Retry-After`; of a limit, else the seconds left in the window by `RateLimit`
 * (its `t`) or `X-Rate-Limit-Reset`, which are in other answers as well and ask for nothing there.
 * @returns ms, undefined where nothing that can be read asks for a wait
 */
export function askedWait(headers: Headers, now: number, isLimit: boolean): number | undefined {
  const retryAfter = readRetryAfter(headers.get('retry-after'), headers.get('date'), now)
  if (retryAfter !== undefined || !isLimit) return retryAfter
  const draft = /(?:^|[;,\s])t=(\d{1,15})(?:$|[;,\s])/.exec(headers.get('ratelimit') ?? '')?.[1]
  const reset = draft ?? /^\s*(\d{1,15})\s*$/.exec(headers.get('x-rate-limit-reset') ?? '')?.[1]
  return reset === undefined ? undefined : Number(reset) * 1_000
}

/** How much longer than asked a wait may be. */
export interface SpreadOptions {
  /** Of the wait. */
  readonly share: number
  readonly maxMs: number
}

/** The asked wait with up to a tenth, at most a second, more: not all who were told the same come back at once. */
export function spreadWait(
  askedMs: number,
  random: Random,
  { share, maxMs }: SpreadOptions = { share: 0.1, maxMs: 1_000 },
): number {
  return askedMs + random() * Math.min(maxMs, askedMs * share)
}

/**
 * RFC 9110 §10.2.3: seconds, or one of its three forms of date, which is read beside the answer's own `Date`, since the
 * two clocks may differ. Anything else, and a date that has passed, says nothing. Of several values the first counts.
 */
function readRetryAfter(value: string | null, date: string | null, now: number): number | undefined {
  if (value === null) return undefined
  const seconds = /^\s*(\d{1,15})\s*(?:,|$)/.exec(value)?.[1]
  if (seconds !== undefined) return Number(seconds) * 1_000
  const at = readHttpDate(/^\s*([A-Z][a-z]+,[^,]+|[^,]+)/.exec(value)?.[1] ?? value)
  if (at === undefined) return undefined
  const waitMs = at - (readHttpDate(date ?? '') ?? now)
  return waitMs > 0 ? waitMs : undefined
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const time = '(\\d\\d):(\\d\\d):(\\d\\d)'
const imfFixdate = new RegExp(`^[A-Z][a-z]{2}, (\\d\\d) ([A-Z][a-z]{2}) (\\d{4}) ${time} GMT$`)
const rfc850 = new RegExp(`^[A-Z][a-z]+day, (\\d\\d)-([A-Z][a-z]{2})-(\\d\\d) ${time} GMT$`)
const asctime = new RegExp(`^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \\d]\\d) ${time} (\\d{4})$`)

/** RFC 9110 §5.6.7. @returns epoch ms */
function readHttpDate(value: string): number | undefined {
  const text = value.trim()
  const fixed = imfFixdate.exec(text) ?? rfc850.exec(text)
  const old = fixed ? null : asctime.exec(text)
  const [day, month, year, ...clock] = fixed
    ? fixed.slice(1)
    : old
      ? [old[2], old[1], old[6], old[3], old[4], old[5]]
      : []
  const index = months.indexOf(month ?? '')
  if (index === -1) return undefined
  const full = Number(year) + (year!.length === 2 ? (Number(year) < 70 ? 2_000 : 1_900) : 0)
  const [hours, minutes, seconds] = clock.map(Number)
  return Date.UTC(full, index, Number(day), hours, minutes, seconds)
}
