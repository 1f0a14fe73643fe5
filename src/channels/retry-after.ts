const longestMs = 86_400_000

/**
 * What a Retry-After header asks for (RFC 9110 §10.2.3: seconds, or a date), a day at most.
 * @param now epoch ms @returns undefined when there is none, or none that can be read
 */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim()
  if (!text) return undefined
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestMs)
}
