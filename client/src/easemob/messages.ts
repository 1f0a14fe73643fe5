// Sending messages: easemob.md §2.6.2. Against Easemob's own cloud a send is made at least once, not exactly once: see
// `onUnknown`. Every message carries `ext.em_dedupe`, the same in each attempt, by which a receiver can drop a repeat.
import type { CallOptions } from '../caller.ts'
import { PosthouseError } from '../error.ts'
import { makeUuid } from '../uuid.ts'
import type { EasemobClient } from './client.ts'

export type MessageType = 'txt' | 'img' | 'loc' | 'audio' | 'video' | 'file' | 'cmd' | 'custom'

export interface OutgoingMessage extends CallOptions {
  readonly to:
    | { readonly users: readonly string[] }
    | { readonly groups: readonly string[] }
    | { readonly rooms: readonly string[] }
  /** Default `admin`. */
  readonly from?: string
  readonly type: MessageType
  /** By type, such as `{ msg: 'hello' }` for `txt`. */
  readonly body: Readonly<Record<string, unknown>>
  readonly ext?: Readonly<Record<string, unknown>>
  /** Only to those who are online. */
  readonly routetype?: 'ROUTE_ONLINE'
  /** To the sender's devices as well. */
  readonly sync_device?: boolean
  readonly chatroom_msg_level?: 'high' | 'normal' | 'low'
  /** Receivers of one request. Default 600 users, 3 groups, 10 rooms, as the vendor allows. */
  readonly receiversMax?: number
  /** Repeating a send under the key it had is the same send, at a Posthouse. Absent: one is made. */
  readonly key?: string
}

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
 * of a request that the server calls too large. @throws PosthouseError where none of the requests succeeded
 */
export async function sendMessage(client: EasemobClient, message: OutgoingMessage): Promise<SentMessages> {
  const { to, from, type, body, ext, routetype, sync_device, chatroom_msg_level, signal } = message
  const [kind, receivers] = Object.entries(to)[0] as [keyof typeof kinds, readonly string[]]
  const { path, atOnceMax } = kinds[kind]
  const size = message.receiversMax ?? atOnceMax
  const key = message.key ?? makeUuid()
  const ids: Record<string, string> = {}
  const failed: { receivers: readonly string[]; error: PosthouseError }[] = []
  const waiting = piecesOf(receivers, size)
  for (let piece = waiting.shift(); piece; piece = waiting.shift()) {
    // A part has its own key: it is another request than the whole, and than the other parts.
    const own = asKey(piece.length === receivers.length ? key : `${key}-${piece[0]}-${piece.length}`)
    const request = {
      from,
      to: piece,
      type,
      body,
      ext: { ...ext, em_dedupe: ext?.em_dedupe ?? own },
      routetype,
      sync_device,
      chatroom_msg_level,
    }
    try {
      const { data } = await client.request<{ readonly data: Readonly<Record<string, string>> }>(
        { method: 'POST', template: path, body: request, repeat: 'send', key: own, expects: ['data'] },
        { signal },
      )
      Object.assign(ids, data)
    } catch (error) {
      if (!(error instanceof PosthouseError)) throw error
      if (error.class === 'too_large' && piece.length > 1)
        waiting.unshift(...piecesOf(piece, Math.ceil(piece.length / 2)))
      else failed.push({ receivers: piece, error })
    }
  }
  if (failed.length > 0 && Object.keys(ids).length === 0) throw failed[0]!.error
  return { ids, failed }
}

function piecesOf(receivers: readonly string[], size: number): (readonly string[])[] {
  const count = Math.ceil(receivers.length / size)
  return Array.from({ length: count }, (_, index) => receivers.slice(index * size, (index + 1) * size))
}

/** What a header can carry (at a Posthouse 255 visible ASCII characters). */
function asKey(text: string): string {
  return encodeURIComponent(text).slice(0, 255)
}
