// What an app's server has not taken of the callbacks: how much, and to send it again by hand (easemob.md §5.3).
import { callbackSpanMs } from '../../contract/operations/callbacks.ts'
import { Refusal } from '../../contract/refusal.ts'
import { messageEnvelope } from './envelope.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'

const family = 'messages_modern'

export const callbackRoutes: readonly EasemobRoute[] = [
  {
    method: 'GET',
    path: '/callbacks/storage/info',
    summary: 'Callbacks that failed, by spans of ten minutes',
    family,
    need: () => ({ is: 'app', verb: 'get', path: '/callbacks' }),
    raises: [],
    handle: list,
  },
  // The vendor's own sample has it in the singular.
  ...['/callbacks/storage/retry', '/callback/storage/retry'].map(
    (path): EasemobRoute => ({
      method: 'POST',
      path,
      summary: 'Sends the failed callbacks of a span again: date, targetUrl',
      family,
      body: 'json',
      need: () => ({ is: 'app', verb: 'post', path: '/callbacks' }),
      raises: ['invalid_request'],
      handle: retry,
    }),
  ),
]

async function list(call: EasemobCall): Promise<object> {
  const { spans } = await call.run('callback.failed', {})
  const data = spans.map(({ from, size, retries }) => ({ date: toDate(from), size, retry: retries }))
  return messageEnvelope(call, { path: '/callbacks', data })
}

async function retry(call: EasemobCall): Promise<object> {
  const { date, targetUrl } = call.members
  const from = typeof date === 'string' ? fromDate(date) : undefined
  if (from === undefined) throw new Refusal('invalid_request')
  const { count } = await call.run('callback.retry', {
    from,
    ...(typeof targetUrl === 'string' && { url: targetUrl }),
  })
  return messageEnvelope(call, { path: '/callbacks', data: count > 0 ? 'success' : 'failure' })
}

/** `yyyyMMddHHmm`, UTC, the minutes a multiple of ten. */
function toDate(ms: number): string {
  return new Date(ms).toISOString().replace(/\D/g, '').slice(0, 12)
}

function fromDate(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d)0$/.exec(text)
  if (!parts) return undefined
  const [, year, month, day, hour, tens] = parts
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${tens}0:00Z`)
  return Number.isNaN(ms) || ms % callbackSpanMs !== 0 ? undefined : ms
}
