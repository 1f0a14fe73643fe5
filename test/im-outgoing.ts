// What a client sends, as the vendor's Web SDK words it.
import {
  bodyTypes,
  type Content,
  commands,
  domains,
  type Frame,
  type Jid,
  type KeyValue,
  type MessageBody,
  type Meta,
  type MucBody,
  messageBodyCodec,
  mucBodyCodec,
  namespaces,
  type Provision,
  provisionCodec,
  routes,
} from '../src/msync/codec.ts'
import { fromJsonObject } from '../src/msync/key-values.ts'

/** Who sends. */
export interface Author {
  /** `org#app` */
  readonly appKey: string
  readonly username: string
  readonly resource: string
}

export interface SendOptions {
  readonly chatType?: 'chat' | 'groupchat' | 'chatroom'
  readonly ext?: object
  /** The client's own id: the same again means the same message. */
  readonly id?: string
  readonly isOnlineOnly?: boolean
  readonly only?: readonly string[]
  /** Members of the MessageBody beside the usual ones. */
  readonly body?: MessageBody
  readonly metaExt?: readonly KeyValue[]
}

export type SignalName = 'readAck' | 'deliverAck' | 'recall' | 'channelAck' | 'edit'

/** With the client's own id, by which its acknowledgement is known. */
export type OutgoingMeta = Meta & { readonly id: string }

let lastMetaId = BigInt(Date.now()) << 20n

/** As SDKs make them: past 2^53. */
export function nextMetaId(): string {
  return String(++lastMetaId)
}

export function userQueue({ appKey }: Pick<Author, 'appKey'>, peer: string): Jid {
  return { appKey, name: peer, domain: domains.users }
}

export function groupQueue({ appKey }: Pick<Author, 'appKey'>, group: string): Jid {
  return { appKey, name: group, domain: domains.groups }
}

/** @param more members of PROVISION beside the usual ones, or instead of them */
export function loginFrame(
  { appKey, username, resource }: Author,
  { token, password }: { readonly token?: string; readonly password?: string },
  more: Provision,
): Frame {
  const payload = provisionCodec.encode({
    osType: 16,
    version: '4.21.1',
    deviceUuid: `uuid_${resource}`,
    deviceName: 'webim',
    resource,
    sessionId: `${Date.now()}:`,
    ...(token !== undefined && { authToken: JSON.stringify({ token: `$t$${token}` }) }),
    ...(password !== undefined && { password }),
    ...more,
  })
  return {
    command: commands.provision,
    guid: { appKey, name: username, domain: domains.users, clientResource: resource },
    ...(token !== undefined && { auth: `$t$${token}` }),
    payload,
  }
}

export function messageBody(
  { username }: Author,
  to: string,
  content: Content,
  { chatType = 'chat', ext = {}, body }: SendOptions,
): MessageBody {
  return {
    type: bodyTypes[chatType],
    from: { name: username },
    to: { name: to },
    contents: [content],
    ext: fromJsonObject(JSON.stringify(ext)),
    ...body,
  }
}

/** @param about the server's id of the message it is about */
export function signalBody(
  { username }: Author,
  to: string,
  type: SignalName,
  about: string,
  contents: readonly Content[] = [{ type: 0 }],
): MessageBody {
  const id = type === 'edit' ? { editMessageId: about, editScope: 1 } : { ackMessageId: about }
  return {
    type: bodyTypes[type],
    from: { name: username },
    to: { name: to },
    contents,
    ...(type !== 'channelAck' && id),
  }
}

export function chatMeta(author: Author, to: string, body: MessageBody, options: SendOptions): OutgoingMeta {
  const { chatType = 'chat', isOnlineOnly, only, metaExt, id = nextMetaId() } = options
  return {
    id,
    to: chatType === 'chat' ? userQueue(author, to) : groupQueue(author, to),
    ns: namespaces.chat,
    routetype: only ? routes.directed : isOnlineOnly ? routes.onlineOnly : routes.all,
    payload: messageBodyCodec.encode(body),
    ...(only && { directedUsers: only }),
    ...(metaExt && { ext: metaExt }),
  }
}

/** Joining and leaving. */
export function roomMeta(author: Author, room: string, body: MucBody): OutgoingMeta {
  const { appKey, username } = author
  const mucId = groupQueue(author, room)
  return {
    id: nextMetaId(),
    from: { appKey, name: username, domain: domains.users },
    to: { domain: domains.users },
    ns: namespaces.muc,
    payload: mucBodyCodec.encode({ mucId, from: { name: username }, isChatroom: true, ...body }),
  }
}
