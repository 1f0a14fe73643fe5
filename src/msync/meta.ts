// What reaches a client: each entry of a queue as the Meta it is downstream (msync.md §5 steps 8, 12, 16 and the events
// at its end).
import type { Entry, MessageContent } from '../contract/operations/inbox.ts'
import type { ChatType, RoomPriority } from '../contract/operations/messages.ts'
import type {
  ContactEvent,
  EditFacts,
  GroupEvent,
  GroupEventName,
  Signal,
  ThreadEvent,
  ThreadEventName,
} from '../contract/operations/notices.ts'
import type { Wake } from '../contract/operations/wakes.ts'
import { toReactionJson } from '../contract/reaction-json.ts'
import { toOverviewJson, toThreadFacts } from '../contract/thread-json.ts'
import { timeOfMessageId } from '../lib/message-id.ts'
import {
  domains,
  editScopes,
  type Jid,
  type KeyValue,
  type MessageBody,
  type Meta,
  messageBodyCodec,
  metaCodec,
  mucBodyCodec,
  namespaces,
  rosterBodyCodec,
  statisticsBodyCodec,
} from './codec.ts'
import { isObject, objectText, parseJson, stringify, toKeyValues } from './key-values.ts'
import { type BodyFrame, encodeBody, toBody } from './message-body.ts'

export interface Reader {
  /** `org#app` */
  readonly appKey: string
  /** Whose queue it is. */
  readonly username: string
}

export type Because = Extract<Wake, { kind: 'end_user_sessions' }>['because']

export function userJid(appKey: string, name: string, clientResource = ''): Jid {
  return { appKey, name, domain: domains.users, ...(clientResource !== '' && { clientResource }) }
}

export function groupJid(appKey: string, name: string): Jid {
  return { appKey, name, domain: domains.groups }
}

export function toMeta(reader: Reader, { id, content }: Entry): Meta {
  const stamp = { id, timestamp: timeOfMessageId(id) }
  switch (content.is) {
    case 'message':
      return { ...stamp, ...envelopeOf(reader, content), ...messageParts(reader, content) }
    case 'signal':
      return { ...stamp, ...envelopeOf(reader, content), ...signalParts(content) }
    case 'group_event':
      return { ...stamp, ...groupEventMeta(reader, content) }
    case 'thread_event':
      return { ...stamp, ...threadEventMeta(reader, content) }
    case 'contact_event':
      return { ...stamp, ...contactEventMeta(reader, content) }
    case 'server_notice':
      return {
        ...stamp,
        from: { appKey: reader.appKey, domain: domains.users },
        to: userJid(reader.appKey, reader.username),
        ns: namespaces.notify,
        payload: Buffer.from(content.payload),
      }
  }
}

export function encodeMeta(reader: Reader, entry: Entry): Uint8Array {
  return metaCodec.encode(toMeta(reader, entry))
}

const endings: Readonly<Record<Because, number>> = { removed: 1, takenOver: 2, passwordChanged: 3, kicked: 4 }

/**
 * Tells a client that its session ends, and that it is not to come back by itself.
 * @param reason shown to the app when another session takes over @param now epoch ms
 */
export function endingMeta(reader: Reader, because: Because, reason: string, now: number): Meta {
  return {
    id: now,
    from: { appKey: reader.appKey, domain: domains.users },
    to: userJid(reader.appKey, reader.username),
    timestamp: now,
    ns: namespaces.statistic,
    payload: statisticsBodyCodec.encode({ operation: endings[because], ...(reason !== '' && { reason }) }),
  }
}

function envelopeOf({ appKey }: Reader, { chatType, from, resource, to }: MessageContent | Signal): Meta {
  return {
    from: userJid(appKey, from, resource),
    to: chatType === 'chat' ? userJid(appKey, to) : groupJid(appKey, to),
    ns: namespaces.chat,
  }
}

/** The sender's own bytes as they came, so that what this server does not know reaches the receiver too. */
function messageParts(reader: Reader, message: MessageContent): Meta {
  const { body, priority } = message
  const said = body === undefined ? makeMessageParts(message) : unpack(body)
  const parts = priority ? withPriority(said, priority) : said
  const facts = factsOf(reader, message)
  if (Object.keys(facts).length === 0) return parts
  const own = parseJson(messageBodyCodec.decode(parts.payload).meta)
  const meta = stringify({ ...(isObject(own) && own), ...facts })
  return { ...parts, payload: amend(parts.payload, { meta }) }
}

/** What the server knows of a message beside what its sender says. */
function factsOf({ appKey }: Reader, message: MessageContent): object {
  const { chatType, edit, reactions, thread, overview } = message
  return {
    ...(edit && editFacts(chatType, edit)),
    ...(reactions && { reaction: reactions.map(toReactionJson) }),
    ...(thread && { thread: toThreadFacts(thread) }),
    ...(overview && { thread_overview: toOverviewJson(appKey, overview, parseJson) }),
  }
}

/** What the SDKs take for the server's word in a body's `meta`, and stumble over when it has another form. */
const serverFacts: ReadonlySet<string> = new Set([
  'edit_msg',
  'reaction',
  'thread',
  'thread_overview',
  'isRead',
  'isDelivered',
])

/** Of a client's `meta`, what a client may say: receivers would believe the rest, and cannot read what is no object. */
export function withoutServerFacts(meta: string): string {
  const said = meta === '' ? undefined : parseJson(meta)
  if (!isObject(said)) return ''
  const own = Object.keys(said).filter(name => !serverFacts.has(name))
  if (own.length === Object.keys(said).length) return meta
  return own.length === 0 ? '' : objectText(own.map(name => [name, stringify(said[name])]))
}

interface Parts {
  readonly payload: Uint8Array
  readonly ext?: readonly KeyValue[]
}

/** As clients number them in the `ext` beside the body of a room's message. */
const priorityTags: Readonly<Record<RoomPriority, number>> = { high: 0, normal: 1, low: 2 }

const priorityKey = 'chatroom_msg_tag'

/** In place of what the sender's client has said. */
function withPriority({ payload, ext = [] }: Parts, priority: RoomPriority): Parts {
  const others = ext.filter(({ key }) => key !== priorityKey)
  return { payload, ext: [...others, ...toKeyValues({ [priorityKey]: priorityTags[priority] })] }
}

function makeMessageParts({ chatType, from, to, payload }: MessageContent): Parts {
  return { payload: encodeBody({ type: chatType, from, to }, payload) }
}

/** What is kept of a client's message: its MessageBody and, where there is one, the `ext` beside it. */
export function pack(payload: Uint8Array, ext: readonly KeyValue[]): string {
  const body = Buffer.from(payload).toString('base64')
  return ext.length === 0 ? body : `${body}.${Buffer.from(metaCodec.encode({ ext })).toString('base64')}`
}

function unpack(packed: string): Parts {
  const [body, beside] = packed.split('.', 2)
  const payload = Buffer.from(body!, 'base64')
  return beside === undefined
    ? { payload }
    : { payload, ext: metaCodec.decode(Buffer.from(beside, 'base64')).ext }
}

const signalTypes: Readonly<Record<Signal['signal'], BodyFrame['type']>> = {
  read: 'readAck',
  delivered: 'deliverAck',
  recall: 'recall',
  channel_read: 'channelAck',
  edit: 'edit',
}

function signalParts(signal: Signal): Meta {
  const parts = signal.body === undefined ? { payload: makeSignalBody(signal) } : unpack(signal.body)
  const { readers } = signal.groupAck ?? {}
  // Clients look at the first of the `ext` only.
  if (readers !== undefined)
    return { ...parts, payload: Buffer.concat([countBody(signal.msgId, readers), parts.payload]) }
  const { chatType, edit, thread } = signal
  const facts = {
    ...(edit && editFacts(chatType, edit)),
    ...(thread && { thread: toThreadFacts(thread) }),
  }
  if (Object.keys(facts).length === 0) return parts
  return { ...parts, payload: amend(parts.payload, { meta: JSON.stringify(facts) }) }
}

function countBody(msgId: number, readers: number): Uint8Array {
  return messageBodyCodec.encode({ ext: toKeyValues({ group_read_count: { [msgId]: readers } }) })
}

/** A field that comes again at the end replaces the earlier one, whatever else the bytes hold. */
export function amend(body: Uint8Array, changes: MessageBody): Uint8Array {
  return Buffer.concat([body, messageBodyCodec.encode(changes)])
}

function makeSignalBody(signal: Signal): Uint8Array {
  const { signal: kind, chatType, from, to, msgId, groupAck, edit } = signal
  const frame: BodyFrame = { type: signalTypes[kind], from, to }
  const about: MessageBody =
    kind === 'edit'
      ? { editMessageId: msgId, editScope: editScopes.bodyAndExt }
      : kind === 'channel_read'
        ? {}
        : { ackMessageId: msgId }
  return messageBodyCodec.encode({
    ...toBody(frame, edit?.payload ?? '{}'),
    ...about,
    ...(groupAck && {
      msgConfig: { allowGroupAck: chatType === 'groupchat' },
      ackContent: groupAck.content,
    }),
  })
}

/** What an edit says of itself, to the receivers and to the one who edits (msync.md §5 step 16). */
export function editMeta(chatType: ChatType, edit: EditFacts): string {
  return JSON.stringify(editFacts(chatType, edit))
}

function editFacts(chatType: ChatType, edit: EditFacts): object {
  return {
    edit_msg: {
      sender: edit.sender,
      send_time: edit.sentAt,
      chat_type: chatType,
      count: edit.count,
      operator: edit.operator,
      edit_time: edit.editedAt,
    },
  }
}

const mucOperations: Readonly<Record<GroupEventName, number>> = {
  created: 0,
  destroyed: 1,
  join_requested: 4,
  join_accepted: 5,
  join_declined: 6,
  invited: 7,
  invite_accepted: 8,
  invite_declined: 9,
  removed: 10,
  blocked: 12,
  unblocked: 13,
  updated: 14,
  joined: 17,
  left: 18,
  added: 19,
  owner_changed: 20,
  admin_added: 21,
  admin_removed: 22,
  muted: 23,
  unmuted: 24,
  announcement_changed: 25,
  announcement_deleted: 26,
  file_uploaded: 27,
  file_deleted: 28,
  allowed: 29,
  disallowed: 30,
  all_muted: 31,
  all_unmuted: 32,
  disabled: 41,
  enabled: 42,
  attributes_set: 43,
  attributes_removed: 44,
  member_attributes_set: 45,
}

function groupEventMeta({ appKey, username }: Reader, event: GroupEvent): Meta {
  const { groupId, isRoom, name, text, memberCount, settings } = event
  // Who comes and goes is the one the event is from, for clients.
  const isComing = event.event === 'joined' || event.event === 'left'
  const from = isComing ? (event.to[0] ?? event.from) : event.from
  const muc = groupJid(appKey, groupId)
  return {
    from: muc,
    to: userJid(appKey, username),
    ns: namespaces.muc,
    payload: mucBodyCodec.encode({
      mucId: muc,
      operation: mucOperations[event.event],
      from: userJid(appKey, from),
      to: (event.to.length > 0 ? event.to : [username]).map(to => userJid(appKey, to)),
      isChatroom: isRoom,
      mucName: name,
      ...wordsOf(event, text),
      ...(settings && {
        setting: { name: settings.name, desc: settings.description, maxUsers: settings.maxUsers },
      }),
      ...(memberCount !== undefined && { mucMemberCount: memberCount }),
      ...(isComing && event.to.length > 1 && { members: event.to }),
    }),
  }
}

/** Where clients look for the text of each event. */
function wordsOf({ event, settings, until }: GroupEvent, text: string) {
  switch (event) {
    case 'attributes_set':
    case 'attributes_removed':
      return { eventInfo: { eventType: 0, ext: attributesInfo(text) } }
    case 'member_attributes_set':
      return { eventInfo: { eventType: 0, ext: text || '{}' } }
    case 'updated':
      return { reason: text, eventInfo: { eventType: 0, ext: settingsInfo(text, settings) } }
    case 'muted':
      return { reason: text, ext: JSON.stringify({ user_mute_time: until ?? -1 }) }
    case 'joined':
      return { reason: text, ext: text }
    default:
      return { reason: text }
  }
}

/** Room attributes: `{"key":"value",…}` that were set, or a list of those removed. */
function attributesInfo(text: string): string {
  const value = parseJson(text)
  if (isObject(value) && Object.hasOwn(value, 'result')) return text
  const keys = Array.isArray(value) ? value.map(String) : isObject(value) ? Object.keys(value) : []
  return JSON.stringify({
    result: { successKeys: keys, errorKeys: {} },
    properties: isObject(value) ? JSON.parse(text) : {},
  })
}

/** What has changed, where the event says so, else the group as it is now. */
function settingsInfo(text: string, settings: GroupEvent['settings']): string {
  if (text !== '' && isObject(parseJson(text))) return text
  if (!settings) return '{}'
  const { name, description, maxUsers } = settings
  return JSON.stringify({ name, description, max_users: maxUsers })
}

const threadOperations: Readonly<Record<ThreadEventName, number>> = {
  created: 33,
  destroyed: 34,
  joined: 35,
  left: 36,
  removed: 37,
  renamed: 38,
}

function threadEventMeta({ appKey, username }: Reader, event: ThreadEvent): Meta {
  const thread = groupJid(appKey, event.threadId)
  return {
    from: thread,
    to: userJid(appKey, username),
    ns: namespaces.muc,
    payload: mucBodyCodec.encode({
      mucId: thread,
      operation: threadOperations[event.event],
      from: userJid(appKey, event.from),
      to: [userJid(appKey, event.to)],
      isThread: true,
      mucParentId: groupJid(appKey, event.groupId),
      mucName: event.name,
    }),
  }
}

const rosterOperations: Readonly<Record<ContactEvent['event'], number>> = {
  invited: 2,
  removed: 3,
  accepted: 4,
  declined: 5,
  remote_accepted: 8,
  remote_declined: 9,
}

function contactEventMeta({ appKey, username }: Reader, { event, from, to, reason }: ContactEvent): Meta {
  return {
    from: userJid(appKey, from),
    to: userJid(appKey, username),
    ns: namespaces.roster,
    payload: rosterBodyCodec.encode({
      operation: rosterOperations[event],
      from: userJid(appKey, from),
      to: [userJid(appKey, to)],
      reason,
    }),
  }
}
