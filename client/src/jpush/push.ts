// Pushes: jpush.md §3.1.
import type { CallOptions } from '../caller.ts'
import type { JpushClient, JpushGroupClient } from './client.ts'
import type { Push, PushContent } from './push-object.ts'

/** A push that was accepted. */
export interface PushResult {
  /** The push's `options.sendno`, or `"0"`. */
  readonly sendno: string
  readonly msg_id: string
}

/** What became of one item of a batch, or of one app of a group. */
export interface ItemError {
  readonly error: {
    readonly code: number
    readonly message: string
    readonly illegal_rids?: readonly string[]
  }
  readonly msg_id?: string
}

/** A push to send, or to check. */
export interface PushRequest extends CallOptions {
  readonly push: Push
}

/**
 * Sends a push, under a cid: however often the call is repeated on the way, it is sent once.
 * @returns once the server has accepted it @throws PosthouseError; with `key`, the cid to repeat it under
 */
export function sendPush(client: JpushClient, { push, ...options }: PushRequest): Promise<PushResult> {
  return sendUnderCid(client, '/v3/push', push, options)
}

/** As `sendPush`, to the aliases or registration_ids of a file: `audience: { file: { file_id } }`. */
export function sendFilePush(client: JpushClient, { push, ...options }: PushRequest): Promise<PushResult> {
  return sendUnderCid(client, '/v3/push/file', push, options)
}

async function sendUnderCid(
  client: JpushClient,
  template: string,
  push: Push,
  options: CallOptions,
): Promise<PushResult> {
  const cid = push.cid ?? (await client.cids.push.take())[0]!.cid
  const body = { ...push, cid }
  return client.request<PushResult>(
    { method: 'POST', template, body, repeat: 'keyed', key: cid, expects: ['msg_id'] },
    options,
  )
}

/** Checks a push as `sendPush` does, and sends nothing. */
export function validatePush(client: JpushClient, { push, ...options }: PushRequest): Promise<PushResult> {
  return client.request({ method: 'POST', template: '/v3/push/validate', body: push }, options)
}

/** Which push is taken back. */
export interface WithdrawRequest extends CallOptions {
  /** At most a day old. */
  readonly msgId: string
}

/** Takes a push back: from the devices that have not got it, and from the screens of those that show it. */
export async function withdrawPush(
  client: JpushClient,
  { msgId, ...options }: WithdrawRequest,
): Promise<void> {
  await client.request({ method: 'DELETE', template: '/v3/push/:msgid', params: { msgid: msgId } }, options)
}

/** A push to one device or one alias. */
export interface BatchItem extends PushContent {
  readonly target: string
}

/** Pushes to one device or alias each. */
export interface BatchRequest extends CallOptions {
  /** 1–1,000. */
  readonly items: readonly BatchItem[]
  readonly by: 'registration_id' | 'alias'
}

/** What became of one item of a batch, and the cid to repeat it under. */
export interface BatchResult {
  readonly item: BatchItem
  readonly cid: string
  readonly result: { readonly msg_id: string } | ItemError
}

/** Sends many pushes to one device or alias each. @returns one result an item, in their order; an item may have failed */
export async function sendBatch(
  client: JpushClient,
  { items, by, ...options }: BatchRequest,
): Promise<readonly BatchResult[]> {
  const cids = (await client.cids.push.take(items.length)).map(({ cid }) => cid)
  const pushlist = Object.fromEntries(items.map((item, index) => [cids[index]!, item]))
  const path = by === 'alias' ? 'alias' : 'regid'
  const results = await client.request<Readonly<Record<string, { msg_id: string } | ItemError>>>(
    {
      method: 'POST',
      template: `/v3/push/batch/${path}/single`,
      body: { pushlist },
      // Each item has its own cid.
      repeat: 'keyed',
      expects: cids,
    },
    options,
  )
  return items.map((item, index) => ({ item, cid: cids[index]!, result: results[cids[index]!]! }))
}

/** A push to every app of a group. */
export interface GroupPushRequest extends CallOptions {
  /** Its `cid`, where it has one, was fetched by an app of the group: a group fetches none. */
  readonly push: Push
}

/** What became of it in each app. */
export interface GroupPushResult {
  readonly group_msgid: string
  /** By the appKey; an app may have failed. */
  readonly apps: Readonly<Record<string, PushResult | ItemError>>
}

/** Sends a push in every app of the group. Without a cid it is not repeated where no answer came. */
export function sendGroupPush(client: JpushGroupClient, request: GroupPushRequest): Promise<GroupPushResult> {
  return sendToGroup(client, '/v3/grouppush', request)
}

/** As `sendGroupPush`, to the aliases or registration_ids of a file that a developer account has uploaded. */
export function sendGroupFilePush(
  client: JpushGroupClient,
  request: GroupPushRequest,
): Promise<GroupPushResult> {
  return sendToGroup(client, '/v3/grouppush/file', request)
}

async function sendToGroup(
  client: JpushGroupClient,
  template: string,
  { push, ...options }: GroupPushRequest,
): Promise<GroupPushResult> {
  const { group_msgid, ...apps } = await client.request<{ group_msgid: string } & GroupPushResult['apps']>(
    {
      method: 'POST',
      template,
      body: push,
      ...(push.cid === undefined ? { repeat: 'unsafe' } : { repeat: 'keyed', key: push.cid }),
      quota: 'group',
      expects: ['group_msgid'],
    },
    options,
  )
  return { group_msgid, apps }
}
