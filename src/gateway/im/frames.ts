// Frames to clients: a Status in every answer that has one, also where all is well (msync.md §6).

import type { Refusal } from '../../contract/refusal.ts'
import { renderMsync } from '../../contract/render.ts'
import {
  commands,
  frameCodec,
  type Int64Like,
  type Jid,
  logoutCodec,
  type Meta,
  noticeCodec,
  type Provision,
  provisionCodec,
  type Status,
  type SyncDown,
  syncDownCodec,
  type Unread,
  unreadCodec,
} from '../../msync/codec.ts'

const fine: Status = { errorCode: 0 }

function frame(command: number, payload: Uint8Array): Uint8Array {
  return frameCodec.encode({ version: 0, command, payload })
}

function statusOf(refusal: Refusal): Status {
  const { code, reason } = renderMsync(refusal)
  return { errorCode: code, reason }
}

export function provisionFrame(provision: Provision): Uint8Array {
  return frame(commands.provision, provisionCodec.encode({ status: fine, ...provision }))
}

export function provisionRefused(refusal: Refusal): Uint8Array {
  return provisionFrame({ status: statusOf(refusal) })
}

export function unreadFrame(unread: Unread['unread'], now: number): Uint8Array {
  const answer: Unread = { status: fine, timestamp: now, ...(unread && { unread }) }
  return frame(commands.unread, unreadCodec.encode(answer))
}

export function noticeFrame(queue: Jid): Uint8Array {
  return frame(commands.notice, noticeCodec.encode({ queue }))
}

function syncFrame(answer: SyncDown): Uint8Array {
  return frame(commands.sync, syncDownCodec.encode({ status: fine, ...answer }))
}

/** Some of a queue, or its end. Only an answer without metas ends it. */
export function batchFrame(queue: Jid, metas: readonly Meta[], now: number): Uint8Array {
  const last = metas.at(-1)?.id
  return syncFrame({
    queue,
    timestamp: now,
    ...(last === undefined ? { isLast: true } : { metas, nextKey: last }),
  })
}

/** Nothing of a queue, and yet not its end: the client pulls on with this key. */
export function keyFrame(queue: Jid, nextKey: number): Uint8Array {
  return syncFrame({ queue, nextKey })
}

/** What a client has sent is done. @param metas what clients look for in the acknowledgement of this kind */
export function doneFrame(
  metaId: Int64Like,
  { serverId, at, metas = [] }: { serverId: number; at: number; metas?: readonly Meta[] },
): Uint8Array {
  return syncFrame({ metaId, serverId, timestamp: at, metas })
}

export function refusedFrame(metaId: Int64Like, refusal: Refusal, now: number): Uint8Array {
  return syncFrame({ status: statusOf(refusal), metaId, timestamp: now })
}

export function logoutFrame(): Uint8Array {
  return frame(commands.logout, logoutCodec.encode({ status: fine }))
}
