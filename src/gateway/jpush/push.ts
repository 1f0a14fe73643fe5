// POST /v3/push and what belongs to it (jpush.md §3.1.1–3, §3.1.7).
import { jpushLimits } from '../../contract/limits.ts'
import { Refusal } from '../../contract/refusal.ts'
import { fingerprintOf } from '../idempotency-key.ts'
import type { FileAudience } from './push-audience.ts'
import { type ReadPush, readPush } from './push-object.ts'
import type { JsonObject } from './push-rules.ts'
import { pushSchema } from './push-schema.ts'
import type { JpushCall, JpushRoute } from './route.ts'

export const pushFailures = [
  'parameter_missing',
  'parameter_invalid',
  'unsupported_key',
  'push_too_big',
  'registration_id_invalid',
  'registration_ids_invalid',
  'override_invalid',
  'push_file_unknown',
  'image_unknown',
  'push_over_limit',
  'cid_invalid',
  'active_push_conflict',
  'broadcast_limit',
  'volume_unreasonable',
  'audience_empty',
  'audience_inactive',
] as const

export const pushRoutes: readonly JpushRoute[] = [
  {
    method: 'POST',
    path: '/v3/push',
    summary: 'Push a notification, a message or both',
    family: 'push',
    quota: 'push',
    body: 'json',
    schema: pushSchema,
    raises: pushFailures,
    handle: call => sendPush(call, 'none'),
  },
  {
    method: 'POST',
    path: '/v3/push/file',
    summary: 'Push to the aliases or registration_ids of a file that was uploaded',
    family: 'push',
    quota: 'push',
    body: 'json',
    schema: pushSchema,
    raises: pushFailures,
    handle: call => sendPush(call, 'only'),
  },
  {
    method: 'POST',
    path: '/v3/push/validate',
    summary: 'Check a push without sending it',
    family: 'push',
    quota: 'push',
    body: 'json',
    schema: pushSchema,
    raises: pushFailures,
    handle: async call => {
      const { sendno, msgId } = await call.run('push.validate', readPushOf(call, 'either').request)
      return { sendno, msg_id: msgId }
    },
  },
  {
    method: 'GET',
    path: '/v3/push/cid',
    summary: 'Get ids that make a repeated push harmless: count (1 to 1000), type (push or schedule)',
    family: 'push',
    quota: 'push',
    raises: ['parameter_invalid'],
    handle: async call => {
      const { cids } = await call.run('push.cids', { count: readCidCount(call) })
      return { cidlist: cids }
    },
  },
  {
    method: 'DELETE',
    // The other names under /v3/push/ win over an id, also where they do not take DELETE (jpush.md §1.1).
    path: '/v3/push/:msgid(^(?!(?:validate|cid|file|batch|quota|template|schedules)$).+$)',
    summary: 'Withdraw a push from the last day',
    family: 'push',
    quota: 'push',
    raises: ['push_unknown', 'push_too_old'],
    handle: call => call.run('push.withdraw', { msgId: call.params.msgid! }),
  },
]

async function sendPush(call: JpushCall, file: FileAudience): Promise<object> {
  const { request, cid } = readPushOf(call, file)
  const key = cid === undefined ? undefined : keyOf(call.body, cid)
  const { sendno, msgId } = await call.run('push.send', request, key)
  return { sendno, msg_id: msgId }
}

export function readPushOf(call: JpushCall, file: FileAudience, body = call.body): ReadPush {
  if (call.exchange.header('x-encrypt-type'))
    throw new Refusal('parameter_invalid', { reason: 'Encrypted pushes are not supported' })
  return readPush(body, call.appKey, file)
}

/** A repeat is not compared: it gets the first result (contract.md §3.4). */
export function keyOf({ cid: _, ...push }: JsonObject, cid: string) {
  const fingerprint = fingerprintOf(push)
  return { scope: 'jpush cid', value: cid, fingerprint, onMismatch: 'first_result' } as const
}

function readCidCount(call: JpushCall): number {
  const type = call.query('type') || 'push'
  if (type !== 'push' && type !== 'schedule')
    throw new Refusal('parameter_invalid', { reason: 'type must be push or schedule' })
  const count = call.query('count') || '1'
  const { cidsPerCallMax } = jpushLimits
  if (!/^\d{1,4}$/.test(count) || Number(count) < 1 || Number(count) > cidsPerCallMax)
    throw new Refusal('parameter_invalid', { reason: `count must be from 1 to ${cidsPerCallMax}` })
  return Number(count)
}
