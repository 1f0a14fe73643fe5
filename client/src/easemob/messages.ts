// Sending messages: easemob.md §2.6.2, for the app. Against Easemob's own cloud a send is made at least once, not exactly
// once: see `onUnknown`. Messages carry `ext.em_dedupe`, the same in each attempt, by which a receiver can drop a repeat.
import type { CallOptions } from '../caller.ts'
import { PosthouseError } from '../error.ts'
import { makeUuid } from '../uuid.ts'
import { ask, once, piecesOf } from './ask.ts'
import type { EasemobClient } from './client.ts'
import type { GroupOrRoom } from './place.ts'

interface StoredFile {
  /** As `uploadFile` says it. */
  readonly url: string
  readonly filename: string
  readonly secret?: string
  /** Bytes. */
  readonly file_length?: number
}

interface Pixels {
  readonly width: number
  readonly height: number
}

/** What a message is: its type, and the members that the type has. */
export type MessageContent =
  | { readonly type: 'txt'; readonly body: { readonly msg: string } }
  | { readonly type: 'img'; readonly body: StoredFile & { readonly size?: Pixels } }
  | {
      readonly type: 'loc'
      readonly body: { readonly lat: number | string; readonly lng: number | string; readonly addr: string }
    }
  /** Seconds. */
  | { readonly type: 'audio'; readonly body: StoredFile & { readonly length: number } }
  | {
      readonly type: 'video'
      readonly body: Omit<StoredFile, 'filename'> & {
        readonly filename?: string
        /** Seconds. */
        readonly length: number
        /** Address of a picture, and what opens it. */
        readonly thumb?: string
        readonly thumb_secret?: string
        readonly size?: Pixels
      }
    }
  | { readonly type: 'file'; readonly body: StoredFile }
  /** For the receiver's app, not for its user. */
  | { readonly type: 'cmd'; readonly body: { readonly action: string; readonly param?: unknown } }
  | {
      readonly type: 'custom'
      readonly body: {
        /** Up to 32 of `a-z A-Z 0-9 - _ / .`. */
        readonly customEvent?: string
        /** At most 16. */
        readonly customExts?: Readonly<Record<string, string>>
      }
    }

/** The types of messages. */
export type MessageType = MessageContent['type']

/** Whatever the app's clients make of it. */
type Ext = Readonly<Record<string, unknown>>

/** A message, whoever gets it. */
export type Message = CallOptions &
  MessageContent & {
    /** Default `admin`. */
    readonly from?: string
    readonly ext?: Ext
    /** To the sender's devices as well. */
    readonly sync_device?: boolean
    /** Repeating a send under the key it had is the same send, at a Posthouse. Absent: one is made. */
    readonly key?: string
  }

interface Ways {
  /** Only to those who are online. */
  readonly routetype?: 'ROUTE_ONLINE'
  /** Epoch ms; absent: now. */
  readonly msg_timestamp?: number
  /** To groups: its readers are counted. */
  readonly need_group_ack?: boolean
  /** To groups: up to 20 members who do not find it in their history. */
  readonly roam_ignore_users?: readonly string[]
  /** To rooms: how soon one that says too much may let go of it. */
  readonly chatroom_msg_level?: 'high' | 'normal' | 'low'
}

/** A message and its receivers. */
export type OutgoingMessage = Message &
  Ways & {
    readonly to:
      | { readonly users: readonly string[] }
      | { readonly groups: readonly string[] }
      | { readonly rooms: readonly string[] }
    /** Receivers of one request. Default 600 users, 3 groups, 10 rooms, as the vendor allows. */
    readonly receiversMax?: number
  }

/** What became of a message, by receiver. */
export interface SentMessages {
  /** The message's id by its receiver; of users, those who exist. */
  readonly ids: Readonly<Record<string, string>>
  /** Of a send in several requests, those that failed; what their `outcome` says holds for these receivers. */
  readonly failed: readonly { readonly receivers: readonly string[]; readonly error: PosthouseError }[]
}

const kinds = {
  users: { path: '/messages/users', atOnceMax: 600 },
  groups: { path: '/messages/chatgroups', atOnceMax: 3 },
  rooms: { path: '/messages/chatrooms', atOnceMax: 10 },
} as const

/**
 * Sends a message to users, groups or rooms. More receivers than a request takes are sent to in several, and so are those
 * of a request that the server calls too large. @throws PosthouseError where none of the requests succeeded; of several,
 * that of one which may have been executed all the same
 */
export async function sendMessage(client: EasemobClient, message: OutgoingMessage): Promise<SentMessages> {
  const { to, receiversMax, key = makeUuid(), signal, ...content } = message
  const [kind, receivers] = Object.entries(to)[0] as [keyof typeof kinds, readonly string[]]
  const { path, atOnceMax } = kinds[kind]
  const ids: Record<string, string> = {}
  const failed: { receivers: readonly string[]; error: PosthouseError }[] = []
  const waiting = piecesOf(receivers, receiversMax ?? atOnceMax)
  for (let piece = waiting.shift(); piece; piece = waiting.shift()) {
    // A part has its own key: it is another request than the whole, and than the other parts.
    const own = asKey(piece.length === receivers.length ? key : `${key}-${piece[0]}-${piece.length}`)
    try {
      Object.assign(ids, await send(client, path, { ...content, to: piece, key: own, signal }))
    } catch (error) {
      if (!(error instanceof PosthouseError)) throw error
      if (error.class === 'too_large' && piece.length > 1)
        waiting.unshift(...piecesOf(piece, Math.ceil(piece.length / 2)))
      else failed.push({ receivers: piece, error })
    }
  }
  if (failed.length > 0 && Object.keys(ids).length === 0)
    throw (failed.find(({ error }) => error.outcome === 'unknown') ?? failed[0]!).error
  return { ids, failed }
}

interface Request extends CallOptions {
  readonly key: string
  readonly ext?: Ext
  readonly to: readonly string[]
  readonly users?: readonly string[]
}

function send(
  client: EasemobClient,
  template: string,
  { key, signal, ext, ...message }: Request,
): Promise<Readonly<Record<string, string>>> {
  const body = { ...message, ext: { ...ext, em_dedupe: ext?.em_dedupe ?? key } }
  const units = (message.users ?? message.to).length
  return ask(client, { method: 'POST', template, body, repeat: 'send', key, units }, { signal })
}

/** What a header can carry (at a Posthouse 255 visible ASCII characters). */
function asKey(text: string): string {
  return encodeURIComponent(text).slice(0, 255)
}

/** A message to some members of a group or room. */
export type MessageToMembers = Message &
  Ways &
  GroupOrRoom & {
    /** At most 20. */
    readonly usernames: readonly string[]
  }

/** Sends a message to some members of a group or room only. @returns its id */
export async function sendToMembers(client: EasemobClient, message: MessageToMembers): Promise<string> {
  const { groupId, roomId, usernames, key = makeUuid(), ...content } = message
  const id = groupId ?? roomId
  const path = groupId === undefined ? '/messages/chatrooms/users' : '/messages/chatgroups/users'
  const ids = await send(client, path, { ...content, to: [id], users: usernames, key: asKey(key) })
  return ids[id]!
}

/** A message to every chat room. */
export type Broadcast = Message & Pick<Ways, 'chatroom_msg_level'>

/** Sends a message to every chat room of the app: ten a minute and a hundred a day at Easemob. @returns its id */
export async function broadcastMessage(client: EasemobClient, broadcast: Broadcast): Promise<string> {
  const { type, body: members, key = makeUuid(), signal, ...rest } = broadcast
  const body = { ...rest, msg: { ...members, type } }
  const call = { method: 'POST', template: '/messages/chatrooms/broadcast', body, repeat: 'send' } as const
  const { id } = await ask<{ readonly id: number | string }>(
    client,
    { ...call, key: asKey(key), expects: ['data.id'] },
    { signal },
  )
  return String(id)
}

/** A message that was sent elsewhere. */
export type ImportedMessage = Omit<Message, 'sync_device' | 'key'> &
  MessageContent & {
    readonly to: { readonly user: string } | { readonly group: string }
    /** When it was sent, epoch ms; absent: now. */
    readonly msg_timestamp?: number
    /** It counts as read. */
    readonly is_ack_read?: boolean
    /** The server fetches the file that it names. */
    readonly need_download?: boolean
  }

/** Brings in a message that was sent elsewhere: into the history, to nobody's device. @returns its id */
export async function importMessage(
  client: EasemobClient,
  { to, signal, ...message }: ImportedMessage,
): Promise<string> {
  const [template, target] =
    'user' in to ? ['/messages/users/import', to.user] : ['/messages/chatgroups/import', to.group]
  const call = { method: 'POST', template, body: { ...message, target }, expects: ['data.msg_id'], ...once() }
  return (await ask<{ readonly msg_id: string }>(client, call, { signal })).msg_id
}
