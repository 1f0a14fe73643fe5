// Callbacks to the app's own server (easemob.md §5): it is asked before a client's message passes, and told of every
// message afterwards. What it is to be told is committed with the message.
import { createHash, randomUUID } from 'node:crypto'
import type { CallbackEvent, CallbackRule } from '../contract/operations/apps.ts'
import type { ClientMessage, InboxOperations } from '../contract/operations/inbox.ts'
import { Refusal } from '../contract/refusal.ts'
import { parseExactly } from '../lib/exact-json.ts'
import { type CallbackRow, insertCallback } from '../store/callbacks.ts'
import type { Sql } from '../store/db.ts'
import { findMessage, type MessageRow } from '../store/messages.ts'
import { findSentMessage } from '../store/user-devices.ts'
import type { App } from './apps.ts'
import type { Call } from './call.ts'
import { rulesFor } from './callback-rules.ts'
import { contentBytesMax, readVerdict, type Verdict } from './callback-verdict.ts'
import type { World } from './world.ts'

type ClientSignal = InboxOperations['inbox.signal']['args']

/** What a callback says of a message, apart from what changes with each attempt. */
interface Content {
  readonly chat_type: string
  readonly group_id?: string
  readonly from: string
  readonly to: string
  readonly msg_id: string
  readonly payload: unknown
}

/** Names one call of an app's server. */
export function callIdOf({ org, app }: App, id: number | string): string {
  return `${org}#${app}_${id}`
}

/** The body of one attempt: the signature holds the moment, so each is made anew. */
export function bodyOf(
  { org, app }: App,
  rule: CallbackRule,
  callId: string,
  now: number,
  more: object,
): string {
  return JSON.stringify({
    callId,
    timestamp: now,
    ...more,
    appkey: `${org}#${app}`,
    securityVersion: '1.0.0',
    security: createHash('md5').update(`${callId}${rule.secret}${now}`).digest('hex'),
  })
}

/** What the app's server has to say before a client's message is stored: the message as it is to be. */
export async function askBefore(call: Call, message: ClientMessage): Promise<ClientMessage> {
  const rules = rulesFor(call.app, 'before', message.chatType, message.payload)
  if (rules.length === 0 || (await isSent(call, message))) return message
  const until = call.world.clock.now() + call.world.config.core.callbacks.awaitedMs
  let asked = message
  for (const rule of rules) {
    const verdict = await ask(call, rule, asked, until)
    if (verdict.refused !== undefined) throw new Refusal('callback_refused', { reason: verdict.refused })
    // The sender's own bytes say something else by then.
    if (verdict.payload !== undefined) asked = { ...asked, payload: verdict.payload, body: '' }
    if (verdict.priority !== undefined) asked = { ...asked, priority: verdict.priority }
  }
  return asked
}

/** An edit says something new: it is shown as a message is. */
export async function askBeforeEdit(call: Call, message: ClientSignal): Promise<ClientSignal> {
  if (message.signal !== 'edit' || message.payload === undefined) return message
  const { payload, body } = await askBefore(call, { ...message, payload: message.payload })
  return { ...message, payload, body }
}

/** What the device sends again was asked for when it came first. */
async function isSent(call: Call, { deviceId, clientId }: ClientMessage): Promise<boolean> {
  return (await call.world.db.read(sql => findSentMessage(sql, deviceId, clientId))) !== undefined
}

/** With less time left nobody is asked. */
const askedMsMin = 10

async function ask(call: Call, rule: CallbackRule, message: ClientMessage, until: number): Promise<Verdict> {
  const { world } = call
  const now = world.clock.now()
  // Others have used the time up: that this one does not answer is no fault of its server.
  if (until - now < askedMsMin) return readVerdict(undefined, '', rule, message)
  const content = contentOf({
    chatType: message.chatType,
    sender: message.from,
    target: message.to,
    // Not stored yet: the client's own id names it.
    msgId: message.clientId,
    payload: message.payload,
  })
  const callId = callIdOf(call.app, randomUUID())
  const body = bodyOf(call.app, rule, callId, now, content)
  const answer = await world.callbackGate.askNow(`${call.app.appId} ${rule.name}`, {
    url: rule.url,
    body,
    timeoutMs: Math.min(rule.timeout_ms, until - now),
    answerBytesMax: contentBytesMax,
  })
  return readVerdict(answer, callId, rule, message)
}

function contentOf(message: {
  readonly chatType: string
  readonly sender: string
  readonly target: string
  readonly msgId: number | string
  readonly payload: string
}): Content {
  const { chatType, sender, target, msgId, payload } = message
  return {
    chat_type: chatType,
    ...(chatType !== 'chat' && { group_id: target }),
    from: sender,
    to: target,
    msg_id: String(msgId),
    payload: parseExactly(payload),
  }
}

/** In the transaction of the message. */
export async function tellAfter(call: Call, sql: Sql, row: MessageRow): Promise<void> {
  const rules = rulesAfter(call, row, 'chat')
  if (rules.length === 0) return
  const content = JSON.stringify(contentOf(row))
  await keepCallbacks(call, sql, call.app, rules, { event: 'chat', receiver: '', msgId: row.msgId, content })
}

/**
 * As `tellAfter`, for receivers who are away (usernames). The payload stays in the log until they are told of (see
 * `readContent`): a group may have thousands of them.
 */
export async function tellOfAbsent(
  call: Call,
  sql: Sql,
  row: MessageRow,
  usernames: readonly string[],
): Promise<void> {
  const rules = rulesAfter(call, row, 'chat_offline')
  if (rules.length === 0) return
  const { payload: _, ...content } = contentOf(row)
  for (const receiver of usernames)
    await keepCallbacks(call, sql, call.app, rules, {
      event: 'chat_offline',
      receiver,
      msgId: row.msgId,
      content: JSON.stringify({ ...content, to: receiver }),
    })
}

/** What a callback says; undefined = of a message that was taken back since, or has had its time: nobody is told. */
export async function readContent(sql: Sql, { event, msgId, content: kept }: CallbackRow) {
  const content = parseExactly(kept) as Record<string, unknown>
  if (event !== 'chat_offline' || 'payload' in content) return content
  const message = await findMessage(sql, msgId)
  return message && { ...content, payload: parseExactly(message.payload) }
}

/** Does anybody want to hear of receivers who are away? */
export function wantsAbsent(call: Call, row: MessageRow): boolean {
  return rulesAfter(call, row, 'chat_offline').length > 0
}

function rulesAfter(call: Call, { chatType, payload }: MessageRow, event: CallbackEvent): CallbackRule[] {
  return rulesFor(call.app, 'after', chatType, payload).filter(({ events }) => events.includes(event))
}

/** What keeping a callback needs: a Call, or a job's own. */
export interface CallbackKeeper {
  readonly now: number
  readonly world: Pick<World, 'ids' | 'nudge'>
  afterCommit(effect: () => void): void
}

/** One for each rule, in the transaction of what is told. */
export async function keepCallbacks(
  keeper: CallbackKeeper,
  sql: Sql,
  { appId }: Pick<App, 'appId'>,
  rules: readonly CallbackRule[],
  told: Pick<CallbackRow, 'event' | 'receiver' | 'msgId' | 'content'>,
): Promise<void> {
  const { now, world } = keeper
  for (const rule of rules)
    await insertCallback(sql, {
      callbackId: world.ids.next(),
      appId,
      rule: rule.name,
      ...told,
      createdAt: now,
      attempts: 0,
      dueAt: now,
    })
  if (rules.length > 0) keeper.afterCommit(() => world.nudge('callbacks'))
}
