// Many pushes in one call, each to one device or alias, each with an outcome of its own (jpush.md §3.1.4).
import { Type } from 'typebox'
import { jpushLimits } from '../../contract/limits.ts'
import { isCid } from '../../contract/names.ts'
import type { BatchOutcome, BatchPush } from '../../contract/operations/pushes.ts'
import { Refusal } from '../../contract/refusal.ts'
import { type RefusalLike, renderJpush } from '../../contract/render.ts'
import { isJsonObject } from '../http/json.ts'
import { keyOf } from './push.ts'
import { readPush } from './push-object.ts'
import type { JsonObject } from './push-rules.ts'
import type { JpushCall, JpushRoute } from './route.ts'

const { batchMax } = jpushLimits
/** Accepted in one transaction: what else waits for the store gets its turn in between. */
const pushesPerCommand = 50

/** Who a target is, and the member of an audience that means it. */
const kinds = { regid: 'registration_id', alias: 'alias' } as const

export const batchRoutes: readonly JpushRoute[] = (['regid', 'alias'] as const).map(kind => ({
  method: 'POST',
  path: `/v3/push/batch/${kind}/single`,
  summary: `Up to ${batchMax} pushes, each to one ${kinds[kind]}, by cid; what becomes of each is answered by itself`,
  family: 'push',
  quota: 'push',
  body: 'batch',
  schema: Type.Object({ pushlist: Type.Record(Type.String(), Type.Object({ target: Type.String() })) }),
  raises: ['parameter_missing', 'parameter_invalid', 'not_vip'],
  handle: call => sendBatch(call, kinds[kind]),
}))

async function sendBatch(call: JpushCall, member: (typeof kinds)['regid' | 'alias']): Promise<object> {
  const items = Object.entries(readList(call))
  const answers = new Map<string, object>()
  for (let at = 0; at < items.length; at += pushesPerCommand) {
    const slice = items.slice(at, at + pushesPerCommand)
    const pushes = new Map<string, BatchPush>()
    for (const [cid, item] of slice) {
      const read = readItem(cid, item, call.appKey, member)
      if (read instanceof Refusal) answers.set(cid, toAnswer({ refusal: read }))
      else pushes.set(cid, read)
    }
    // Asked even when no push of it is sound: whether the app may at all is known to the core alone.
    const { outcomes } = await call.run('push.batch', { pushes: [...pushes.values()] })
    const cids = [...pushes.keys()]
    for (const [index, outcome] of outcomes.entries()) answers.set(cids[index]!, toAnswer(outcome))
  }
  return Object.fromEntries(items.map(([cid]) => [cid, answers.get(cid)]))
}

function readList({ body: { pushlist } }: JpushCall): JsonObject {
  if (pushlist === undefined || pushlist === null)
    throw new Refusal('parameter_missing', { name: 'pushlist' })
  const count = isJsonObject(pushlist) ? Object.keys(pushlist).length : 0
  if (!isJsonObject(pushlist) || count === 0 || count > batchMax)
    throw new Refusal('parameter_invalid', {
      reason: `pushlist must be an object of 1 to ${batchMax} pushes`,
    })
  return pushlist
}

function readItem(cid: string, item: unknown, appKey: string, member: string): BatchPush | Refusal {
  try {
    if (!isCid(cid, appKey)) throw new Refusal('cid_invalid')
    if (!isJsonObject(item)) throw new Refusal('parameter_invalid', { reason: 'A push must be an object' })
    const { target, ...push } = item
    // They come from elsewhere here: the target, and the name of the item.
    for (const key of ['audience', 'cid'])
      if (Object.hasOwn(push, key)) throw new Refusal('unsupported_key', { key })
    if (target === undefined || target === null) throw new Refusal('parameter_missing', { name: 'target' })
    if (typeof target !== 'string' || target === '')
      throw new Refusal('parameter_invalid', { reason: 'target must be a string' })
    const { request } = readPush({ ...push, audience: { [member]: [target] } }, appKey)
    return { request, key: keyOf(item, cid) }
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function toAnswer(outcome: BatchOutcome): object {
  if ('msgId' in outcome) return { msg_id: outcome.msgId }
  return JSON.parse(renderJpush(withIllegal(outcome.refusal), { family: 'push' }).body)
}

/** Where the target is at fault, it is named (jpush.md §1.6 E5). */
function withIllegal({ id, params, facts }: RefusalLike): RefusalLike {
  const illegal = id === 'registration_id_invalid' ? { illegalRids: [params.registration_id!] } : {}
  return { id, params, facts: { ...illegal, ...facts } }
}
