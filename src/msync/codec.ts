// The messages of msync.proto, to bytes and back. What is decoded is read through typed fields: one that was not sent
// reads as its default ('' and 0, null for a message), and `has` tells the difference, which proto2 minds.
import { readFileSync } from 'node:fs'
import protobuf from 'protobufjs'

/** A 64-bit integer as it is decoded. It may pass 2^53: read it with `toDecimal` or, where it is one of our ids, `toId`. */
export interface Int64 {
  readonly low: number
  readonly high: number
  readonly unsigned: boolean
}

/** What may be given for one: a number only up to 2^53; text is decimal. */
export type Int64Like = Int64 | number | string

export interface Jid {
  readonly appKey?: string
  readonly name?: string
  readonly domain?: string
  readonly clientResource?: string
}

export interface Status {
  readonly errorCode?: number
  readonly reason?: string
}

export const commands = { sync: 0, unread: 1, notice: 2, provision: 3, logout: 4 } as const
export const namespaces = { statistic: 0, chat: 1, muc: 2, roster: 3, notify: 5 } as const
export const routes = { all: 0, onlineOnly: 1, directed: 2 } as const
export const bodyTypes = {
  normal: 0,
  chat: 1,
  groupchat: 2,
  chatroom: 3,
  readAck: 4,
  deliverAck: 5,
  recall: 6,
  channelAck: 7,
  edit: 8,
} as const
export const editScopes = { body: 1, bodyAndExt: 2 } as const
export const mucOperations = { join: 2, leave: 3 } as const
export const domains = { users: 'easemob.com', groups: 'conference.easemob.com' } as const

export interface Frame {
  readonly version?: number
  readonly guid?: Jid | null
  readonly auth?: string
  readonly compressAlgorimth?: number
  readonly command?: number
  readonly payload?: Uint8Array
  readonly encryptType?: readonly number[]
}

export interface Provision {
  readonly osType?: number
  readonly version?: string
  readonly status?: Status | null
  readonly deviceUuid?: string
  readonly password?: string
  readonly deviceName?: string
  readonly resource?: string
  readonly auth?: string
  readonly authToken?: string
  readonly sessionId?: string
  readonly reason?: string
}

export interface SyncUp {
  readonly meta?: Meta | null
  readonly key?: Int64Like
  readonly queue?: Jid | null
}

export interface SyncDown {
  readonly status?: Status | null
  readonly metaId?: Int64Like
  readonly serverId?: Int64Like
  readonly metas?: readonly Meta[]
  readonly nextKey?: Int64Like
  readonly queue?: Jid | null
  readonly isLast?: boolean
  readonly timestamp?: Int64Like
}

export interface Notice {
  readonly queue?: Jid | null
}

export interface Unread {
  readonly status?: Status | null
  readonly unread?: readonly { readonly queue?: Jid | null; readonly n?: number }[]
  readonly timestamp?: Int64Like
}

export interface Logout {
  readonly sessionId?: string
  readonly reason?: string
  readonly status?: Status | null
}

export interface Meta {
  readonly id?: Int64Like
  readonly from?: Jid | null
  readonly to?: Jid | null
  readonly timestamp?: Int64Like
  readonly ns?: number
  readonly payload?: Uint8Array
  readonly routetype?: number
  readonly ext?: readonly KeyValue[]
  readonly meta?: Uint8Array
  readonly directedUsers?: readonly string[]
}

export interface KeyValue {
  readonly key?: string
  readonly type?: number
  readonly varintValue?: Int64Like
  readonly floatValue?: number
  readonly doubleValue?: number
  readonly stringValue?: string
}

export interface Size {
  readonly width?: number
  readonly height?: number
}

export interface Content {
  readonly type?: number
  readonly text?: string
  readonly latitude?: number
  readonly longitude?: number
  readonly address?: string
  readonly displayName?: string
  readonly remotePath?: string
  readonly secretKey?: string
  readonly fileLength?: number
  readonly action?: string
  readonly params?: readonly KeyValue[]
  readonly duration?: number
  readonly size?: Size | null
  readonly thumbnailRemotePath?: string
  readonly thumbnailSecretKey?: string
  readonly thumbnailDisplayName?: string
  readonly thumbnailFileLength?: number
  readonly thumbnailSize?: Size | null
  readonly customEvent?: string
  readonly customExts?: readonly KeyValue[]
  readonly buildingName?: string
  readonly subType?: number
  readonly title?: string
  readonly summary?: string
  readonly combineLevel?: number
  readonly imageType?: number
}

export interface MessageBody {
  readonly type?: number
  readonly from?: Jid | null
  readonly to?: Jid | null
  readonly contents?: readonly Content[]
  readonly ext?: readonly KeyValue[]
  readonly ackMessageId?: Int64Like
  readonly msgConfig?: { readonly allowGroupAck?: boolean } | null
  readonly ackContent?: string
  /** JSON. */
  readonly meta?: string
  readonly editMessageId?: Int64Like
  readonly editScope?: number
}

export interface MucBody {
  readonly mucId?: Jid | null
  readonly operation?: number
  readonly from?: Jid | null
  readonly to?: readonly Jid[]
  readonly setting?: {
    readonly name?: string
    readonly desc?: string
    readonly maxUsers?: number
    readonly owner?: string
  } | null
  readonly reason?: string
  readonly isChatroom?: boolean
  readonly status?: {
    readonly errorCode?: number
    readonly description?: string
    readonly chatroomInfo?: string
  } | null
  readonly isThread?: boolean
  readonly mucParentId?: Jid | null
  readonly mucName?: string
  readonly eventInfo?: { readonly eventType?: number; readonly ext?: string } | null
  readonly mucMemberCount?: number
  readonly ext?: string
  readonly leaveOtherRooms?: boolean
  readonly members?: readonly string[]
}

export interface RosterBody {
  readonly operation?: number
  readonly from?: Jid | null
  readonly to?: readonly Jid[]
  readonly reason?: string
}

export interface StatisticsBody {
  readonly operation?: number
  readonly reason?: string
}

/** Of a decoded message: fields that were not sent read as their defaults, lists as empty, messages as null. */
export type Decoded<Message> = {
  readonly [Name in keyof Message]-?: DecodedField<Exclude<Message[Name], undefined>>
}

type DecodedField<Field> = [Int64] extends [Field]
  ? Int64
  : Field extends Uint8Array
    ? Uint8Array
    : Field extends readonly (infer Item)[]
      ? readonly DecodedField<Item>[]
      : Field extends object
        ? Decoded<Field>
        : Field

/** Bytes that are not the message they ought to be. */
export class MalformedBytes extends Error {
  constructor(cause: unknown) {
    super('the bytes are not such a message', { cause })
    this.name = 'MalformedBytes'
  }
}

/** One kind of message. */
export interface Codec<Message> {
  encode(message: Message): Uint8Array
  /** @throws MalformedBytes */
  decode(bytes: Uint8Array): Decoded<Message>
}

const { root } = protobuf.parse(readFileSync(new URL('./msync.proto', import.meta.url), 'utf8'))
root.resolveAll()

const noBytes = new Uint8Array(0)

function codecOf<Message extends object>(name: string): Codec<Message> {
  const type = root.lookupType(`easemob.pb.${name}`)
  // The library's default for bytes that were not sent is no Uint8Array.
  for (const field of type.fieldsArray)
    if (field.type === 'bytes') Object.assign(type.ctor.prototype, { [field.name]: noBytes })
  return {
    encode: message => type.encode(message).finish(),
    decode(bytes) {
      try {
        return type.decode(bytes) as unknown as Decoded<Message>
      } catch (error) {
        throw new MalformedBytes(error)
      }
    },
  }
}

export const frameCodec = codecOf<Frame>('MSync')
export const provisionCodec = codecOf<Provision>('Provision')
export const syncUpCodec = codecOf<SyncUp>('CommSyncUL')
export const syncDownCodec = codecOf<SyncDown>('CommSyncDL')
export const noticeCodec = codecOf<Notice>('CommNotice')
export const unreadCodec = codecOf<Unread>('CommUnreadDL')
export const logoutCodec = codecOf<Logout>('Logout')
export const metaCodec = codecOf<Meta>('Meta')
export const messageBodyCodec = codecOf<MessageBody>('MessageBody')
export const mucBodyCodec = codecOf<MucBody>('MUCBody')
export const rosterBodyCodec = codecOf<RosterBody>('RosterBody')
export const statisticsBodyCodec = codecOf<StatisticsBody>('StatisticsBody')

/** Was the field sent? */
export function has<Message extends object>(message: Message, field: keyof Message & string): boolean {
  return Object.hasOwn(message, field)
}

export function toBigInt({ low, high, unsigned }: Int64): bigint {
  const value = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
  return unsigned ? value : BigInt.asIntN(64, value)
}

export function toDecimal(value: Int64): string {
  const number = toId(value)
  return number === undefined ? String(toBigInt(value)) : String(number)
}

/** As a number; undefined when it is past 2^53, and so none of ours. */
export function toId({ low, high, unsigned }: Int64): number | undefined {
  const number = (unsigned ? high >>> 0 : high) * 2 ** 32 + (low >>> 0)
  return Number.isSafeInteger(number) ? number : undefined
}
