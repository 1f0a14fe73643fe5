// An hour of an app's messages, for whoever has the address that the app's server was given (easemob.md §2.9). The
// address is signed with a secret of this deployment; nothing about it is kept.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { easemobLimits } from '../contract/limits.ts'
import type { HistoryOperations } from '../contract/operations/history.ts'
import { Refusal } from '../contract/refusal.ts'
import { messageIdAt } from '../lib/message-id.ts'
import type { Sql } from '../store/db.ts'
import { listMessages } from '../store/messages.ts'
import { findSecret, keepSecret } from '../store/secrets.ts'
import type { Call } from './call.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { oldestMessageId, readRange } from './message-pages.ts'

const hourMs = 3_600_000
const rowsPerPage = 500
const secretName = 'exports'

interface Range {
  readonly from: number
  readonly until: number
}

export const exportHandlers: Handlers<'history.offer_hour' | 'history.read_hour'> = {
  'history.offer_hour': writes(async (call, { hour }, sql) => {
    const range = rangeOf(call, hour)
    const { org, app, appId } = call.app
    if (!range) throw new Refusal('export_unstored', { org, app, hour })
    const [first] = await listMessages(sql, appId, range.from, range.until, 1)
    if (!first) throw new Refusal('export_empty', { org, app, hour })
    const expiresAt = call.now + easemobLimits.exportLinkMs
    const secret = await keepSecret(sql, secretName, () => randomBytes(32).toString('base64url'))
    return { expiresAt, signature: sign(secret, call, hour, expiresAt) }
  }),

  'history.read_hour': reads(async (call, args, sql) => {
    await checkPermission(call, sql, args)
    const range = rangeOf(call, args.hour)
    if (!range) throw new Refusal('export_link_invalid')
    const from = Math.max(range.from, args.after + 1)
    const { messages, next } = await readRange(sql, call.app.appId, { ...range, from }, rowsPerPage)
    return { messages, isLast: next === undefined }
  }),
}

/** Undefined when the hour is not over, or its messages have had their time. */
function rangeOf(call: Call, hour: string): Range | undefined {
  const at = (start: number, end: number) => Number(hour.slice(start, end))
  const startMs = Date.UTC(at(0, 4), at(4, 6) - 1, at(6, 8), at(8, 10))
  const until = messageIdAt(startMs + hourMs)
  const oldest = oldestMessageId(call.world)
  if (startMs + hourMs > call.now || until <= oldest) return undefined
  return { from: Math.max(messageIdAt(startMs), oldest), until }
}

type Permission = Pick<HistoryOperations['history.read_hour']['args'], 'hour' | 'expiresAt' | 'signature'>

/** @throws Refusal `export_link_invalid` */
async function checkPermission(
  call: Call,
  sql: Sql,
  { hour, expiresAt, signature }: Permission,
): Promise<void> {
  const secret = await findSecret(sql, secretName)
  if (secret === undefined || !(call.now < expiresAt)) throw new Refusal('export_link_invalid')
  const [given, right] = [Buffer.from(signature), Buffer.from(sign(secret, call, hour, expiresAt))]
  if (given.length !== right.length || !timingSafeEqual(given, right))
    throw new Refusal('export_link_invalid')
}

function sign(secret: string, { app }: Call, hour: string, expiresAt: number): string {
  return createHmac('sha256', Buffer.from(secret, 'base64url'))
    .update(`export ${app.appId} ${hour} ${expiresAt}`)
    .digest('base64url')
}
