// Pages of an app's messages, oldest first. What may be asked is one comparison of the moment of sending (easemob.md
// §2.9): a range of message ids.
import type { MessageOperations, StoredMessage } from '../contract/operations/messages.ts'
import { messageIdAt, timeOfMessageId } from '../lib/message-id.ts'
import { QueryFault } from '../lib/query.ts'
import { cutQuery, type Token } from '../lib/query-tokens.ts'
import type { Sql } from '../store/db.ts'
import { listMessages, type MessageRow } from '../store/messages.ts'
import type { Call } from './call.ts'
import { readQuery } from './query-faults.ts'
import type { World } from './world.ts'

/** A page is read in pieces, and ends early once it holds this much. */
const pieceRows = 100
const pageCharsMax = 2_097_152

/** Message ids: `from` included, `until` not. */
interface Range {
  readonly from: number
  readonly until: number
}

const everything: Range = { from: 0, until: Number.MAX_SAFE_INTEGER }

/** Messages below it have expired, whether they are still stored or not. */
export function oldestMessageId({ clock, config }: Pick<World, 'clock' | 'config'>): number {
  return messageIdAt(clock.now() - config.core.messageRetentionMs)
}

/** @throws Refusal `query_…` */
export async function readPage(
  call: Call,
  sql: Sql,
  { query, cursor, limit }: MessageOperations['message.list']['args'],
): Promise<MessageOperations['message.list']['result']> {
  const range = query ? readQuery(() => parseRange(query)) : everything
  const from = Math.max(range.from, readCursor(cursor), oldestMessageId(call.world))
  const { messages, next } = await readRange(sql, call.app.appId, { ...range, from }, limit)
  return { messages, ...(next !== undefined && { next: toCursor(next) }) }
}

/** `next`: where the next page begins; absent when nothing is left. */
export async function readRange(
  sql: Sql,
  appId: number,
  range: Range,
  limit: number,
): Promise<{ messages: StoredMessage[]; next?: number }> {
  const messages: StoredMessage[] = []
  let { from } = range
  for (let chars = 0; messages.length < limit && chars < pageCharsMax; ) {
    const wanted = Math.min(pieceRows, limit - messages.length)
    const rows = await listMessages(sql, appId, from, range.until, wanted)
    for (const row of rows) {
      messages.push(toStored(row))
      chars += row.payload.length
      from = row.msgId + 1
    }
    if (rows.length < wanted) return { messages }
  }
  return { messages, next: from }
}

/** `[select *] [[where] timestamp > {ms}]`, and nothing after it. @throws QueryFault */
function parseRange(query: string): Range {
  const tokens = cutQuery(query).values()
  let token = next(tokens)
  if (token.text === 'select') {
    token = next(tokens)
    if (token.text !== '*') throw unexpected(token)
    token = next(tokens)
  }
  if (token.kind === 'end') return everything
  if (token.text === 'where') token = next(tokens)
  if (token.text !== 'timestamp') throw unexpected(token)
  const comparator = next(tokens)
  const compare = comparisons.get(spelledOut.get(comparator.text) ?? comparator.text)
  if (!compare) throw unexpected(comparator)
  const value = next(tokens)
  if (!/^\d{1,15}$/.test(value.text)) throw unexpected(value)
  const end = next(tokens)
  if (end.kind !== 'end') throw unexpected(end)
  return compare(Number(value.text))
}

const comparisons: ReadonlyMap<string, (ms: number) => Range> = new Map(
  Object.entries({
    '>': ms => between(ms + 1, Number.POSITIVE_INFINITY),
    '>=': ms => between(ms, Number.POSITIVE_INFINITY),
    '<': ms => between(0, ms),
    '<=': ms => between(0, ms + 1),
    '=': ms => between(ms, ms + 1),
  } satisfies Record<string, (ms: number) => Range>),
)
const spelledOut: ReadonlyMap<string, string> = new Map(
  Object.entries({ gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=' }),
)

/** Sent at `startMs` or later, and before `endMs`. */
function between(startMs: number, endMs: number): Range {
  const idAt = (ms: number) => Math.min(messageIdAt(ms), everything.until)
  return { from: idAt(startMs), until: idAt(endMs) }
}

/** Each list of tokens ends with one of kind `end`, which no rule lets pass. */
function next(tokens: Iterator<Token>): Token {
  return tokens.next().value as Token
}

function unexpected({ text, column, line }: Token): QueryFault {
  return new QueryFault('unexpected', text, column, line)
}

function toCursor(from: number): string {
  return Buffer.from(String(from)).toString('base64url')
}

/** 0, the beginning, for what is no cursor. */
function readCursor(cursor = ''): number {
  const text = Buffer.from(cursor, 'base64url').toString('latin1')
  return /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : 0
}

function toStored({ msgId, chatType, sender, target, payload }: MessageRow): StoredMessage {
  return { msgId, sentAt: timeOfMessageId(msgId), chatType, from: sender, to: target, payload }
}
