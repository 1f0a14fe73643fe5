// The trail of one push, or of one message between users: what became of it, attempt by attempt where vendors were asked.
import type { MessageTrail, PushTrail, TrailAttempt, TrailDevice } from '../../contract/operations/trail.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { NeutralCall, NeutralRoute } from './route.ts'

const pageDefault = 100
const pageMax = 1_000

export const trailRoutes: readonly NeutralRoute[] = [
  {
    method: 'GET',
    path: '/admin/v1/messages/:msg_id/trail',
    summary: `What became of a push, or of a message between users: its devices and the attempts at vendors in pages: limit (${pageDefault}), after`,
    need: 'operator',
    raises: ['message_not_found', 'request_invalid'],
    handle: async call => {
      const { msg_id = '' } = call.params
      const after = call.exchange.query.get('after') ?? ''
      const trail = await call.run('message.trail', { msgId: msg_id, after, limit: readLimit(call) })
      return trail.kind === 'push' ? pushToJson(trail) : messageToJson(trail)
    },
  },
]

function readLimit({ exchange }: NeutralCall): number {
  const limit = exchange.query.get('limit') || String(pageDefault)
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > pageMax)
    throw new Refusal('request_invalid', { reason: `limit is a number from 1 to ${pageMax}` })
  return Number(limit)
}

function pushToJson(trail: PushTrail): object {
  return {
    msg_id: trail.msgId,
    kind: trail.kind,
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

function messageToJson(trail: MessageTrail): object {
  return {
    msg_id: trail.msgId,
    kind: trail.kind,
    org: trail.org,
    app: trail.app,
    accepted_at: trail.acceptedAt,
    expires_at: trail.expiresAt,
    state: trail.state,
    chat_type: trail.chatType,
    from: trail.from,
    to: trail.to,
    devices: trail.devices.map(toDevice),
    pushes: trail.pushes.map(({ msgId, state }) => ({ msg_id: msgId, state })),
    channels: trail.dispatches,
    attempts: trail.attempts.map(toAttempt),
    ...(trail.next !== undefined && { next: trail.next }),
  }
}

function toDevice(device: TrailDevice): object {
  const { username, resource, isOnline, hasAcknowledged, isWaiting, readAt } = device
  return {
    user: username,
    resource,
    online: isOnline,
    acknowledged: hasAcknowledged,
    waiting: isWaiting,
    ...(readAt !== null && { read_at: readAt }),
  }
}

function toAttempt(attempt: TrailAttempt): object {
  const { registrationId, username, deviceName, channel, at, tookMs, outcome, status, reason, retryAfterMs } =
    attempt
  return {
    ...(username === null ? { registration_id: registrationId } : { user: username, device_id: deviceName }),
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
