import type { ClientEvent } from '../observer.ts'
import type { Alert } from './alert.ts'
import type { AlertRule } from './rules.ts'

type Details = Pick<Alert, 'id' | 'text' | 'advice' | 'traceId' | 'requestId' | 'itemId'>

/** What an event says of the alert that it fires. */
export function detailsOf(event: ClientEvent, { name }: AlertRule): Details {
  if (event.is === 'call' && event.error) {
    const { id, text, advice, requestId } = event.error
    const { traceId } = event
    return { id, text, advice, ...(traceId && { traceId }), ...(requestId && { requestId }) }
  }
  if (event.is === 'item') {
    const { itemId, failure } = event.item
    const [id, text] = [failure?.id, failure?.text].map(part => (typeof part === 'string' ? part : ''))
    return { id: id || name, text: text ?? '', itemId }
  }
  if (event.is === 'outbox') return { id: name, text: `${Math.floor(event.oldestMs / 60_000)} min` }
  if (event.is === 'breaker') return { id: 'breaker_open', text: '' }
  if (event.is === 'cids') return { id: 'cids_empty', text: '' }
  return { id: event.is === 'attempt' ? event.attempt.id : name, text: '' }
}
