// Messages that were sent: taken back, changed, read again, exported. easemob.md §2.7 and §2.9.
import type { CallOptions, FileContent } from '../caller.ts'
import { ask, once, type Page, type PageOf, toPage } from './ask.ts'
import type { EasemobCall, EasemobClient } from './client.ts'
import type { MessageContent } from './messages.ts'
import { ofUser } from './place.ts'
import type { ConversationRequest, UserRequest } from './users.ts'

/** Between two users, in a group, in a room. */
export type ChatType = 'chat' | 'groupchat' | 'chatroom'

/** Which message is taken back, and from whom. */
export interface Recall {
  readonly messageId: string
  /** A username, or the id of a group or room. */
  readonly to: string
  readonly chatType: ChatType
  /** Default `admin`. */
  readonly from?: string
  /** However long ago it was sent; else within two minutes, unless the app allows more. */
  readonly force?: boolean
}

/** Whether a message was taken back. */
export interface Recalled {
  readonly messageId: string
  readonly isRecalled: boolean
  /** Why not, as the server says it. */
  readonly reason?: string
}

interface RecallAnswer {
  readonly msg_id: string
  /** `yes`, or why not. */
  readonly recalled: string
}

function recallOf({ messageId, to, chatType, from, force }: Recall) {
  return { msg_id: messageId, to, chat_type: chatType, from, force }
}

function recalledOf({ msg_id: messageId, recalled }: RecallAnswer): Recalled {
  const isRecalled = recalled === 'yes'
  return { messageId, isRecalled, ...(!isRecalled && { reason: recalled }) }
}

/**
 * Takes a message back: its receivers' devices remove it. A repeat would be told that there is none.
 * @throws PosthouseError where it cannot be; older servers, and the `seed` edition, say that in the answer
 */
export async function recallMessage(client: EasemobClient, request: Recall & CallOptions): Promise<Recalled> {
  const call = { method: 'POST', template: '/messages/msg_recall', body: recallOf(request), ...once() }
  const { msgs, data } = await client.request<{ msgs?: readonly RecallAnswer[]; data: RecallAnswer }>(
    { ...call, expects: ['msgs|data'] },
    request,
  )
  return recalledOf(msgs?.[0] ?? data)
}

/** Which messages are taken back. */
export interface RecallMany extends CallOptions {
  /** At most 100. */
  readonly recalls: readonly Recall[]
}

/** Takes several messages back; each is answered for itself. */
export async function recallMessages(
  client: EasemobClient,
  { recalls, ...options }: RecallMany,
): Promise<readonly Recalled[]> {
  const body = { msgs: recalls.map(recallOf) }
  const call = {
    method: 'POST',
    template: '/messages/recall',
    body,
    expects: ['data.msgs.length'],
    ...once(),
  }
  return (await ask<{ readonly msgs: readonly RecallAnswer[] }>(client, call, options)).msgs.map(recalledOf)
}

/** Which message, and what it says now. */
export interface EditMessage extends CallOptions {
  readonly messageId: string
  /** Who sent it. */
  readonly username: string
  /** What it says now. */
  readonly text: string
  /** Takes the place of the old one; absent: that stays. */
  readonly ext?: Readonly<Record<string, unknown>>
}

/** Changes a text that was sent, up to ten times: a repeat would count. */
export async function editMessage(client: EasemobClient, request: EditMessage): Promise<void> {
  const { messageId, username, text, ext } = request
  const body = { user: username, new_msg: { type: 'txt', msg: text }, new_ext: ext }
  const call = { method: 'PUT', template: '/messages/rewrite/:message', params: { message: messageId }, body }
  await ask(client, { ...call, ...once() }, request)
}

/** A message as it is kept. */
export interface SentMessage {
  readonly msg_id: string
  /** Epoch ms. */
  readonly timestamp: number
  readonly direction: 'outgoing'
  readonly from: string
  /** A username, or the id of a group or room. */
  readonly to: string
  readonly chat_type: ChatType
  readonly payload: {
    /** The members of its type beside the type. */
    readonly bodies: readonly (MessageContent['body'] & { readonly type: MessageContent['type'] })[]
    readonly ext?: Readonly<Record<string, unknown>>
    readonly from: string
    readonly to: string
  }
}

/** Which messages. */
export interface ListSent extends Page {
  /** Such as `select * where timestamp>1403099033211`: one comparison, epoch ms. */
  readonly ql?: string
}

/** The messages of the app, the oldest first. `limit` up to 1 000, default 10. */
export async function listSentMessages(
  client: EasemobClient,
  { ql, limit, cursor, ...options }: ListSent = {},
): Promise<PageOf<SentMessage>> {
  const call = { method: 'GET', template: '/chatmessages', query: { ql, limit, cursor } }
  const page = await client.request<{ entities: readonly SentMessage[]; cursor?: string }>(
    { ...call, expects: ['entities.length'] },
    options,
  )
  return toPage(page.entities, page.cursor)
}

/** Which hour. */
export interface ExportRequest extends CallOptions {
  /** `yyyyMMddHH`, UTC; one that is over. */
  readonly hour: string
}

/** Where whoever has the address finds the messages of an hour, for half an hour. @throws PosthouseError for an hour without any */
export async function getExportUrl(
  client: EasemobClient,
  { hour, ...options }: ExportRequest,
): Promise<string> {
  const call: EasemobCall = {
    method: 'GET',
    template: '/chatmessages/:hour',
    params: { hour },
    expects: ['data.0.url'],
  }
  return (await ask<readonly { readonly url: string }[]>(client, call, options))[0]!.url
}

/** The messages of an hour: a gzip file, a `SentMessage` as JSON on each line. At most `bytesMax.file`. */
export async function downloadExport(client: EasemobClient, request: ExportRequest): Promise<FileContent> {
  return client.fetchFile(await getExportUrl(client, request), request)
}

/** Which messages of a conversation. */
export type ListMessages = ConversationRequest &
  Page & {
    /** Default `newest_first`. */
    readonly order?: 'newest_first' | 'oldest_first'
    /** Of these types only. */
    readonly types?: readonly MessageContent['type'][]
    /** Sent from this moment on, and up to this one: epoch ms. */
    readonly since?: number
    readonly until?: number
    /** Sent by this user only. */
    readonly from?: string
  }

/**
 * A conversation as the user's client reads it again. `limit` up to 50, default 20.
 * @returns of each message the `Meta` of the vendor's protocol MSYNC, in base64
 */
export async function listMessages(
  client: EasemobClient,
  { with: peer, groupId, limit, cursor, order, types, since, until, from, ...request }: ListMessages,
): Promise<PageOf<string>> {
  const body = {
    queue: groupId === undefined ? `${peer}@easemob.com` : `${groupId}@conference.easemob.com`,
    start: cursor ?? '-1',
    pull_number: limit,
    is_positive: order === 'oldest_first',
    msgType: types?.join(','),
    startTime: since,
    endTime: until,
    userId: from,
  }
  const call = { method: 'POST', ...ofUser(request, '/messageroaming'), body, expects: ['data.msgs.length'] }
  const { msgs, is_last, next_key } = await ask<{
    readonly msgs: readonly { readonly msg: string }[]
    readonly is_last: boolean
    readonly next_key: string
  }>(client, call, request)
  return toPage(
    msgs.map(({ msg }) => msg),
    is_last ? undefined : next_key,
  )
}

/** Which messages of a conversation. */
export type HideMessages = ConversationRequest &
  (
    | {
        /** At most 50. */
        readonly messageIds: readonly string[]
        readonly until?: undefined
      }
    | {
        /** All that were sent up to this moment, epoch ms. */
        readonly until: number
        readonly messageIds?: undefined
      }
  )

/** Removes messages from the user's own view of a conversation; the others keep them. */
export async function hideMessages(client: EasemobClient, request: HideMessages): Promise<void> {
  const { username, with: peer, groupId, messageIds, until } = request
  const kind = groupId === undefined ? 'chat' : 'group'
  const template = `/sdk/message/roaming/${kind}/user/:username${until === undefined ? '' : '/time'}`
  const query = { userId: peer, groupId, msgIdList: messageIds, delTime: until }
  await client.request({ method: 'DELETE', template, params: { username }, query }, request)
}

/** Removes every conversation from the user's view, with its messages. */
export async function hideAllMessages(client: EasemobClient, request: UserRequest): Promise<void> {
  const template = '/sdk/message/roaming/user/:username/delete/all'
  await client.request({ method: 'POST', template, params: { username: request.username } }, request)
}
