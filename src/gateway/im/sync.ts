// SYNC: a client pulls a queue, or sends something (msync.md §5 steps 6, 7 and 14).
import { Refusal } from '../../contract/refusal.ts'
import {
  type Decoded,
  MalformedBytes,
  type Meta,
  type MucBody,
  mucBodyCodec,
  mucOperations,
  namespaces,
  syncUpCodec,
  toId,
} from '../../msync/codec.ts'
import { editMeta, groupJid, userJid } from '../../msync/meta.ts'
import { readOutgoing } from './client-message.ts'
import { queueOf } from './queue-names.ts'
import type { Session } from './session.ts'

/** @throws MalformedBytes */
export function synchronise(session: Session, payload: Uint8Array): void {
  const { meta, key, queue } = syncUpCodec.decode(payload)
  // What a client tells of itself is not kept, and it waits for no answer.
  if (meta)
    return meta.ns === namespaces.statistic
      ? undefined
      : session.send(meta, until => perform(session, meta, until))
  if (queue) session.connection.run(() => session.pull(queueOf(queue), toId(key) || undefined))
}

/** What the acknowledgement says beside the id. */
export interface Performed {
  readonly serverId: number
  readonly at: number
  readonly metas?: readonly Meta[]
}

/** @param until epoch ms; longer nobody waits for it @throws Refusal */
function perform(session: Session, meta: Decoded<Meta>, until: number): Promise<Performed> {
  if (meta.ns === namespaces.chat) return send(session, meta, until)
  if (meta.ns === namespaces.muc) return changeRoom(session, meta, until)
  // Groups and contacts are changed through REST; no client of ours has other operations.
  throw new Refusal('client_operation_unknown')
}

async function send(session: Session, meta: Decoded<Meta>, until: number): Promise<Performed> {
  const outgoing = readOutgoing(session, meta)
  if (outgoing.op === 'inbox.send') {
    const { msgId, at } = await session.ask(outgoing.op, outgoing.args, until)
    return { serverId: msgId, at }
  }
  const { msgId, at, edit } = await session.ask(outgoing.op, outgoing.args, until)
  if (!edit) return { serverId: msgId, at }
  const payload = Buffer.from(editMeta(outgoing.args.chatType, edit))
  return { serverId: msgId, at, metas: [{ id: msgId, timestamp: at, ns: namespaces.notify, payload }] }
}

async function changeRoom(session: Session, { payload }: Decoded<Meta>, until: number): Promise<Performed> {
  const body = readMucBody(payload)
  const room = body.mucId?.name ?? ''
  if (room === '') throw new Refusal('client_message_invalid', { what: 'the operation names no room' })
  if (!body.isChatroom) throw new Refusal('client_operation_unknown')
  if (body.operation === mucOperations.join) return enterRoom(session, room, body, until)
  if (body.operation === mucOperations.leave) return leaveRoom(session, room, until)
  throw new Refusal('client_operation_unknown')
}

async function enterRoom(
  session: Session,
  room: string,
  { leaveOtherRooms, ext }: Decoded<MucBody>,
  until: number,
): Promise<Performed> {
  const { books, appKey, username } = session
  const args = { ...books, room, leavesOthers: leaveOtherRooms, text: ext }
  const entered = await session.ask('inbox.enter_room', args, until)
  if (!session.isClosed) session.enterRoom(room, entered.from)
  const at = Date.now()
  const info = {
    is_all_mute: entered.isAllMuted,
    create_timestamp: entered.createdAt,
    is_in_white_list: entered.isAllowed,
    member_count: entered.memberCount,
    mute_duration: entered.mutedUntil || -1,
  }
  const muc = groupJid(appKey, room)
  const payload = mucBodyCodec.encode({
    mucId: muc,
    operation: mucOperations.join,
    from: userJid(appKey, username),
    isChatroom: true,
    status: { errorCode: 0, chatroomInfo: JSON.stringify({ [username]: info }) },
  })
  return {
    serverId: entered.from,
    at,
    metas: [{ id: entered.from, from: muc, timestamp: at, ns: namespaces.muc, payload }],
  }
}

async function leaveRoom(session: Session, room: string, until: number): Promise<Performed> {
  await session.ask('inbox.leave_room', { ...session.books, room }, until)
  session.leaveRoom(room)
  return { serverId: 0, at: Date.now() }
}

/** @throws Refusal `client_message_invalid` */
function readMucBody(bytes: Uint8Array): Decoded<MucBody> {
  try {
    return mucBodyCodec.decode(bytes)
  } catch (error) {
    if (error instanceof MalformedBytes)
      throw new Refusal('client_message_invalid', { what: 'the operation cannot be read' })
    throw error
  }
}
