// What a client sends in the chat namespace: a message, or a signal about one (msync.md §5 steps 7, 10, 15, 16).
//
// A receiver's client believes the names and the type inside the MessageBody, so they are made to say who has sent it
// and where to, and what only the server says of a message is taken out; everything else of it stays as it came.
import { easemobLimits } from '../../contract/limits.ts'
import type { ClientMessage, UserSessionName } from '../../contract/operations/inbox.ts'
import type { ChatType } from '../../contract/operations/messages.ts'
import type { Args } from '../../contract/operations.ts'
import { Refusal } from '../../contract/refusal.ts'
import { lowerAscii } from '../../lib/ascii.ts'
import {
  bodyTypes,
  type Decoded,
  type Int64,
  MalformedBytes,
  type MessageBody,
  type Meta,
  messageBodyCodec,
  routes,
  toDecimal,
  toId,
} from '../../msync/codec.ts'
import { toPayload } from '../../msync/message-body.ts'
import { amend, pack, withoutServerFacts } from '../../msync/meta.ts'
import { isGroupDomain } from './queue-names.ts'

export interface Sender {
  readonly books: UserSessionName
  readonly username: string
  readonly resource: string
  readonly isInRoom: (room: string) => boolean
}

export type Outgoing =
  | { readonly op: 'inbox.send'; readonly args: Args<'inbox.send'> }
  | { readonly op: 'inbox.signal'; readonly args: Args<'inbox.signal'> }

type SignalName = Args<'inbox.signal'>['signal']

const signals: Readonly<Record<number, SignalName>> = {
  [bodyTypes.readAck]: 'read',
  [bodyTypes.deliverAck]: 'delivered',
  [bodyTypes.recall]: 'recall',
  [bodyTypes.channelAck]: 'channel_read',
  [bodyTypes.edit]: 'edit',
}
const chatBodyTypes: Readonly<Record<ChatType, number>> = {
  chat: bodyTypes.chat,
  groupchat: bodyTypes.groupchat,
  chatroom: bodyTypes.chatroom,
}

/** @throws Refusal `client_message_invalid`, `client_operation_unknown`, `receivers_too_many`, `message_too_large` */
export function readOutgoing(sender: Sender, meta: Decoded<Meta>): Outgoing {
  const name = meta.to?.name ?? ''
  if (name === '') throw invalid('the message has no receiver')
  const body = readBody(meta.payload)
  const to = isGroupDomain(meta.to!.domain) ? name : lowerAscii(name)
  const chatType = chatTypeOf(sender, meta, body)
  const signal = signals[body.type]
  const common = { ...addressOf(sender, meta, chatType, to), body: seal(sender, meta, body, chatType, to) }
  if (signal === undefined) return { op: 'inbox.send', args: { ...common, payload: readPayload(body) } }
  return { op: 'inbox.signal', args: { ...common, ...aboutOf(signal, body) } }
}

function readBody(bytes: Uint8Array): Decoded<MessageBody> {
  try {
    return messageBodyCodec.decode(bytes)
  } catch (error) {
    if (error instanceof MalformedBytes) throw invalid('the message body cannot be read')
    throw error
  }
}

function chatTypeOf(sender: Sender, { to }: Decoded<Meta>, { type }: Decoded<MessageBody>): ChatType {
  if (!isGroupDomain(to!.domain)) return 'chat'
  if (type === bodyTypes.chatroom) return 'chatroom'
  // Signals do not say which of the two it is.
  return type !== bodyTypes.groupchat && sender.isInRoom(to!.name) ? 'chatroom' : 'groupchat'
}

function addressOf(
  { books, username, resource }: Sender,
  { id, routetype, directedUsers }: Decoded<Meta>,
  chatType: ChatType,
  to: string,
): Omit<ClientMessage, 'payload' | 'body'> {
  const isDirected = routetype === routes.directed
  if (isDirected && chatType === 'chat') throw new Refusal('client_operation_unknown')
  if (isDirected && directedUsers.length > easemobLimits.messageMembersMax)
    throw new Refusal('receivers_too_many')
  return {
    ...books,
    from: username,
    resource,
    clientId: toDecimal(id),
    chatType,
    to,
    ...(routetype === routes.onlineOnly && { isOnlineOnly: true }),
    ...(isDirected && { only: directedUsers }),
  }
}

function seal(
  { username }: Sender,
  { payload, ext }: Decoded<Meta>,
  body: Decoded<MessageBody>,
  chatType: ChatType,
  to: string,
): string {
  const type = signals[body.type] === undefined ? chatBodyTypes[chatType] : body.type
  const meta = withoutServerFacts(body.meta)
  const isNamed = body.from?.name === username && body.to?.name === to
  const isTrue = isNamed && body.type === type && body.meta === meta
  const bytes = isTrue ? payload : amend(payload, { type, from: { name: username }, to: { name: to }, meta })
  return pack(bytes, ext)
}

function readPayload(body: Decoded<MessageBody>): string {
  // Receivers' clients look at the first content without asking whether there is one.
  if (body.contents.length === 0) throw invalid('the message has no content')
  const payload = toPayload(body)
  const { messageBytesMax } = easemobLimits
  if (payload.length * 3 > messageBytesMax && Buffer.byteLength(payload) > messageBytesMax)
    throw new Refusal('message_too_large')
  return payload
}

function aboutOf(signal: SignalName, body: Decoded<MessageBody>) {
  const { ackMessageId, editMessageId, msgConfig, ackContent } = body
  return {
    signal,
    about: signal === 'channel_read' ? 0 : readId(signal === 'edit' ? editMessageId : ackMessageId),
    ...(signal === 'edit' && { payload: readPayload(body) }),
    ...(msgConfig?.allowGroupAck === true && { groupAck: { content: ackContent } }),
  }
}

/** The id of a message; 0 stands for one that this server cannot have given. */
function readId(id: Int64): number {
  return toId(id) ?? 0
}

function invalid(what: string): Refusal {
  return new Refusal('client_message_invalid', { what })
}
