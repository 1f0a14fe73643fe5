// What an operator can set for an app, each with its default and its check.
import { isIP } from 'node:net'
import type { Config } from '../config.ts'
import type { AppSettings } from '../contract/operations/apps.ts'
import { Refusal } from '../contract/refusal.ts'
import { checkCallbacks } from './callback-rules.ts'

type Limits = AppSettings['limits']

const listMax = 1_000
const wordCharsMax = 64
const rateMax = 1_000_000_000

/** Calls per minute as documented for the vendor's free tier (jpush.md §1.8). How much is too much for one device, it does not say. */
const defaultLimits: Limits = {
  easemob_calls_per_second: null,
  messages_per_minute: null,
  // As documented: each is written into every room (easemob.md §1.12).
  room_broadcasts_per_minute: 10,
  push_per_minute: 600,
  report_per_minute: 2_400,
  device_per_minute: 600,
  schedule_per_minute: 100,
  file_per_minute: 20,
  pushes_per_device_per_day: null,
}

/**
 * @param wanted settings as sent; members that are missing take their default, `limits` its members from `before`
 * @throws Refusal `setting_invalid`
 */
export function checkSettings(
  wanted: Partial<AppSettings>,
  config: Config,
  before?: AppSettings,
): AppSettings {
  const settings: AppSettings = {
    registration: oneOf('registration', wanted.registration ?? 'open', ['open', 'authorised']),
    edition: oneOf('edition', wanted.edition ?? 'seed', ['seed', 'live']),
    token_ttl_seconds: whole(
      'token_ttl_seconds',
      wanted.token_ttl_seconds ?? config.core.tokenTtlSeconds,
      0,
      2_147_483_647,
    ),
    vip: flag('vip', wanted.vip ?? true),
    blacklisted: flag('blacklisted', wanted.blacklisted ?? false),
    messages_need_contact: flag('messages_need_contact', wanted.messages_need_contact ?? false),
    message_recall: flag('message_recall', wanted.message_recall ?? true),
    message_edit: flag('message_edit', wanted.message_edit ?? true),
    message_roaming: flag('message_roaming', wanted.message_roaming ?? true),
    user_attributes: flag('user_attributes', wanted.user_attributes ?? true),
    presence: flag('presence', wanted.presence ?? true),
    reactions: flag('reactions', wanted.reactions ?? true),
    threads: flag('threads', wanted.threads ?? true),
    room_broadcast: flag('room_broadcast', wanted.room_broadcast ?? true),
    blocked_words: list('blocked_words', wanted.blocked_words ?? []).map(checkWord),
    ip_allowlist: list('ip_allowlist', wanted.ip_allowlist ?? []).map(checkAddress),
    limits: checkLimits({ ...defaultLimits, ...before?.limits, ...object('limits', wanted.limits ?? {}) }),
    retired: list('retired', wanted.retired ?? []).map(checkRetired),
    // Its members are checked by who knows vendors (channel-settings.ts).
    channels: object('channels', wanted.channels ?? {}),
    callbacks: checkCallbacks(list('callbacks', wanted.callbacks ?? [])),
  }
  const unknown = Object.keys(wanted).find(name => !Object.hasOwn(settings, name))
  if (unknown !== undefined) invalid(unknown, 'there is no such setting')
  return settings
}

function checkLimits(limits: Limits): Limits {
  const unknown = Object.keys(limits).find(name => !Object.hasOwn(defaultLimits, name))
  if (unknown !== undefined) invalid(`limits.${unknown}`, 'there is no such limit')
  for (const [name, value] of Object.entries(limits)) {
    const mayBeNull = defaultLimits[name as keyof Limits] === null
    if (value === null && mayBeNull) continue
    whole(`limits.${name}`, value, 0, rateMax)
  }
  return limits
}

function checkWord(entry: unknown): string {
  if (typeof entry !== 'string' || entry.trim() === '' || entry.length > wordCharsMax)
    invalid('blocked_words', `each entry is a text of at most ${wordCharsMax} characters, not blank`)
  return entry
}

function checkAddress(entry: unknown): string {
  const [address, bits, rest] = String(entry).split('/')
  const family = isIP(address ?? '')
  const isBlock = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32))
  if (typeof entry !== 'string' || family === 0 || !isBlock || rest !== undefined)
    invalid('ip_allowlist', 'each entry is an address or a block such as 10.0.0.0/8')
  return entry
}

function checkRetired(entry: unknown): AppSettings['retired'][number] {
  const { method, path, notice } = object('retired', entry)
  const isComplete = [method, path, notice].every(part => typeof part === 'string' && part !== '')
  if (!isComplete || !String(path).startsWith('/'))
    invalid('retired', 'each entry is {"method", "path", "notice"}, the path with its leading slash')
  return { method: String(method).toUpperCase(), path: String(path), notice: String(notice) }
}

function oneOf<Choice extends string>(name: string, value: unknown, choices: readonly Choice[]): Choice {
  const found = choices.find(choice => choice === value)
  return found ?? invalid(name, `it is one of ${choices.join(', ')}`)
}

function whole(name: string, value: unknown, least: number, most: number): number {
  if (!Number.isInteger(value) || Number(value) < least || Number(value) > most)
    invalid(name, `it is a whole number from ${least} to ${most}`)
  return Number(value)
}

function flag(name: string, value: unknown): boolean {
  return typeof value === 'boolean' ? value : invalid(name, 'it is true or false')
}

function list(name: string, value: unknown): unknown[] {
  if (!Array.isArray(value) || value.length > listMax)
    invalid(name, `it is a list of at most ${listMax} entries`)
  return value
}

function object(name: string, value: unknown): Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Record<string, unknown>) : invalid(name, 'it is an object')
}

function invalid(setting: string, reason: string): never {
  throw new Refusal('setting_invalid', { setting, reason })
}
