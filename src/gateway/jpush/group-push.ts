// Pushes to every app of a group (jpush.md §3.1.5).
import { isUuid } from '../../contract/names.ts'
import type { GroupOutcome } from '../../contract/operations/app-groups.ts'
import { Refusal } from '../../contract/refusal.ts'
import { renderJpush } from '../../contract/render.ts'
import { keyOf, pushFailures, readPushOf } from './push.ts'
import type { FileAudience } from './push-audience.ts'
import { pushSchema } from './push-schema.ts'
import type { JpushCall, JpushRoute } from './route.ts'

export const groupPushRoutes: readonly JpushRoute[] = [
  {
    method: 'POST',
    path: '/v3/grouppush',
    summary: 'Push in every app of a group: Basic group-{group key} and the master secret of the group',
    family: 'push',
    quota: 'push',
    secretOf: 'app_group',
    body: 'json',
    schema: pushSchema,
    raises: pushFailures,
    handle: call => send(call, 'none'),
  },
  {
    method: 'POST',
    path: '/v3/grouppush/file',
    summary:
      'Push in every app of a group to the devices of a file that a developer account of the organisation has uploaded',
    family: 'push',
    quota: 'push',
    secretOf: 'app_group',
    body: 'json',
    schema: pushSchema,
    raises: [...pushFailures, 'not_entitled'],
    handle: call => send(call, 'only'),
  },
]

async function send(call: JpushCall, file: FileAudience): Promise<object> {
  const { cid, ...push } = call.body
  const { request } = readPushOf(call, file, push)
  if (request.overrideOf !== undefined)
    throw new Refusal('parameter_invalid', { reason: 'override_msg_id does not go with a push to a group' })
  const key = cid === undefined || cid === null ? undefined : keyOf(call.body, readCid(cid))
  const { groupMsgId, sendno, outcomes } = await call.run('group_push.send', request, key)
  return {
    group_msgid: groupMsgId,
    ...Object.fromEntries(outcomes.map(outcome => [outcome.appKey, toAnswer(outcome, sendno)])),
  }
}

/** Of whichever app or group it was issued to: it is this group's own from now on. */
function readCid(value: unknown): string {
  const [, uuid] = typeof value === 'string' ? (/^[0-9A-Za-z]{1,64}-(.+)$/.exec(value) ?? []) : []
  if (uuid === undefined || !isUuid(uuid)) throw new Refusal('cid_invalid')
  return value as string
}

/** A msg_id beside an error would be read as a success (jpush.md §3.1.5). */
function toAnswer(outcome: GroupOutcome, sendno: string): object {
  if ('msgId' in outcome) return { sendno, msg_id: outcome.msgId }
  const { error } = JSON.parse(renderJpush(outcome.refusal, { family: 'push' }).body)
  return { error }
}
