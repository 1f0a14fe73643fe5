// The trail of one push: what became of it, attempt by attempt where vendors were asked.
import type { PushTrail, TrailAttempt } from '../../contract/operations/trail.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { NeutralCall, NeutralRoute } from './route.ts'

const pageDefault = 100
const pageMax = 1_000

export const trailRoutes: readonly NeutralRoute[] = [
  {
    method: 'GET',
    path: '/admin/v1/messages/:msg_id/trail',
    summary: `What became of a push; attempts at vendors in pages: limit (${pageDefault}), after`,
    need: 'operator',
    raises: ['message_not_found', 'request_invalid'],
    handle: async call => {
      const { msg_id = '' } = call.params
      const after = call.exchange.query.get('after') ?? ''
      return toJson(await call.run('message.trail', { msgId: msg_id, after, limit: readLimit(call) }))
    },
  },
]

function readLimit({ exchange }: NeutralCall): number {
  const limit = exchange.query.get('limit') || String(pageDefault)
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > pageMax)
    throw new Refusal('request_invalid', { reason: `limit is a number from 1 to ${pageMax}` })
  return Number(limit)
}

function toJson(trail: PushTrail): object {
  return {
    msg_id: trail.msgId,
    kind: 'push',
    org: trail.org,
    app: trail.app,
    accepted_at: trail.acceptedAt,
    expires_at: trail.expiresAt,
    state: trail.state,
    platforms: trail.platforms,
    broadcast: trail.isBroadcast,
    fanning_out: trail.isBeingFannedOut,
    counts: trail.counts,
    ...(trail.wantsSms && { sms: { state: 'not_configured' } }),
    channels: trail.dispatches,
    attempts: trail.attempts.map(toAttempt),
    ...(trail.next !== undefined && { next: trail.next }),
  }
}

function toAttempt(attempt: TrailAttempt): object {
  const { registrationId, channel, at, tookMs, outcome, status, reason, retryAfterMs } = attempt
  return {
    registration_id: registrationId,
    channel,
    attempt: attempt.attempt,
    at,
    took_ms: tookMs,
    outcome,
    status,
    reason,
    retry_after_ms: retryAfterMs,
  }
}
