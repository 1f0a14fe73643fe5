// The app's rules for callbacks: what an operator may set, and which of them a message, or another event, meets.
import { easemobLimits } from '../contract/limits.ts'
import type { CallbackEvent, CallbackRule } from '../contract/operations/apps.ts'
import type { ChatType } from '../contract/operations/messages.ts'
import { Refusal } from '../contract/refusal.ts'
import type { App } from './apps.ts'

const chatTypes: readonly ChatType[] = ['chat', 'groupchat', 'chatroom']
const messageTypes = ['txt', 'img', 'loc', 'audio', 'video', 'file', 'cmd', 'custom', 'combine']
const events: readonly CallbackEvent[] = ['chat', 'chat_offline', 'user_status', 'group', 'contact']
const { callbackRulesMax, callbackTimeoutMsMax, callbackTimeoutMsDefault } = easemobLimits

/** @throws Refusal `setting_invalid` */
export function checkCallbacks(wanted: readonly unknown[]): CallbackRule[] {
  if (wanted.length > callbackRulesMax) invalid(`an app has at most ${callbackRulesMax} rules`)
  const rules = wanted.map(checkRule)
  if (new Set(rules.map(({ name }) => name)).size < rules.length) invalid('each name is there once')
  return rules
}

/** Rules that are to hear of a message. */
export function rulesFor(
  { settings }: App,
  phase: CallbackRule['phase'],
  chatType: ChatType,
  payload: string,
): CallbackRule[] {
  const { callbacks } = settings
  if (callbacks.length === 0) return []
  const open = callbacks.filter(
    rule =>
      rule.enabled &&
      rule.phase === phase &&
      (rule.chat_types.length === 0 || rule.chat_types.includes(chatType)),
  )
  if (open.every(rule => rule.message_types.length === 0)) return open
  const type = typeOf(payload)
  return open.filter(rule => rule.message_types.length === 0 || rule.message_types.includes(type))
}

/** Rules that are to hear of what is no message. @param chatType where it happens; absent = nowhere in particular */
export function rulesForEvent(
  { settings }: Pick<App, 'settings'>,
  event: Exclude<CallbackEvent, 'chat' | 'chat_offline'>,
  chatType?: ChatType,
): CallbackRule[] {
  return settings.callbacks.filter(
    rule =>
      rule.enabled &&
      rule.phase === 'after' &&
      rule.events.includes(event) &&
      (chatType === undefined || rule.chat_types.length === 0 || rule.chat_types.includes(chatType)),
  )
}

function typeOf(payload: string): string {
  const { bodies } = JSON.parse(payload) as { bodies?: { type?: string }[] }
  return bodies?.[0]?.type ?? ''
}

function checkRule(entry: unknown): CallbackRule {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) invalid('each rule is an object')
  const rule = entry as Record<string, unknown>
  const { name, url, secret, phase = 'after', enabled = true, on_failure = 'deliver' } = rule
  const { timeout_ms = callbackTimeoutMsDefault } = rule
  if (typeof name !== 'string' || !/^[\w-]{1,32}$/.test(name))
    invalid('each rule has a name of letters, digits, - and _')
  if (phase !== 'before' && phase !== 'after') invalid('phase is before or after')
  if (!isHttpUrl(url)) invalid('url is an address with http: or https:')
  if (typeof secret !== 'string' || secret.length > 128) invalid('secret is a text of at most 128 characters')
  if (typeof enabled !== 'boolean') invalid('enabled is true or false')
  if (on_failure !== 'deliver' && on_failure !== 'refuse') invalid('on_failure is deliver or refuse')
  const isTime = Number.isInteger(timeout_ms) && Number(timeout_ms) >= 1
  if (!isTime || Number(timeout_ms) > callbackTimeoutMsMax)
    invalid(`timeout_ms is a whole number up to ${callbackTimeoutMsMax}`)
  const unknown = Object.keys(rule).find(key => !members.has(key))
  if (unknown !== undefined) invalid(`a rule has no ${unknown}`)
  return {
    name,
    phase,
    url,
    secret,
    enabled,
    chat_types: some('chat_types', rule.chat_types ?? [], chatTypes),
    message_types: some('message_types', rule.message_types ?? [], messageTypes),
    events: some('events', rule.events ?? ['chat'], events),
    timeout_ms: Number(timeout_ms),
    on_failure,
  }
}

const members: ReadonlySet<string> = new Set(
  'name phase url secret enabled chat_types message_types events timeout_ms on_failure'.split(' '),
)

function some<Choice extends string>(name: string, value: unknown, choices: readonly Choice[]): Choice[] {
  const isList = Array.isArray(value) && value.every(entry => choices.includes(entry))
  return isList ? [...new Set(value as Choice[])] : invalid(`${name} is a list of ${choices.join(', ')}`)
}

function isHttpUrl(value: unknown): value is string {
  const url = typeof value === 'string' && value.length <= 2_048 ? URL.parse(value) : null
  // What is written before the host is a secret in the wrong place, and no request would go there.
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
}

function invalid(reason: string): never {
  throw new Refusal('setting_invalid', { setting: 'callbacks', reason })
}
