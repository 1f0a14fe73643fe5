// What a message says as a notification: who it is from, a summary of it or only that there is one, or what the sender
// wants shown instead (`em_…` members of its ext).
import { easemobLimits } from '../contract/limits.ts'
import { lowerAscii } from '../lib/ascii.ts'
import type { Wishes } from './quiet-rules.ts'

const { alertCharsMax } = easemobLimits

type Members = Readonly<Record<string, unknown>>

/** Of a message's payload, what its notification is made of. */
export interface Notable extends Wishes {
  readonly type: string
  readonly text: string
  readonly title: string | undefined
  readonly content: string | undefined
  /** What the sender hands to the receiver's app. */
  readonly custom: unknown
  readonly template: TemplateUse | undefined
  /** What the sender wants of the notification on an iPhone, as such a notification has it. */
  readonly ios: Members
  /** What is for single vendors, as the options of a push have it (jpush.md §3.1.1.6). */
  readonly vendors: Members
  readonly filter: Filter
}

/** By name of the device or of what it is pushed through; an empty list of what is accepted accepts all. */
export interface Filter {
  readonly accepted: Names
  readonly ignored: Names
}

interface Names {
  readonly devices: readonly string[]
  readonly notifiers: readonly string[]
}

export interface TemplateUse {
  readonly name: string
  readonly titleArgs: readonly string[]
  readonly contentArgs: readonly string[]
}

/** @param payload as in SendArgs */
export function readNotable(payload: string): Notable {
  const { bodies, ext: sent } = JSON.parse(payload) as Members
  const body = asMembers(Array.isArray(bodies) ? bodies[0] : undefined)
  const ext = asMembers(sent)
  const apns = asMembers(ext.em_apns_ext)
  const push = asMembers(ext.em_push_ext)
  return {
    type: textOf(body.type) ?? '',
    text: textOf(body.msg) ?? '',
    isSilent: isYes(ext.em_ignore_notification),
    isForced: isYes(ext.em_force_notification),
    mentioned: readMentioned(ext.em_at_list),
    title: textOf(push.title) ?? textOf(apns.em_push_title) ?? textOf(apns.em_push_name),
    content: textOf(push.content) ?? textOf(apns.em_push_content),
    custom: push.custom ?? apns.extern,
    template: readTemplate(asMembers(ext.em_push_template)),
    ios: readIos(apns),
    vendors: readVendors(asMembers(ext.em_android_push_ext), asMembers(ext.em_harmony_push_ext)),
    filter: readFilter(asMembers(ext.em_push_filter)),
  }
}

function readIos(apns: Members): Members {
  const { em_push_badge: badge } = apns
  const wished = {
    sound: textOf(apns.em_push_sound),
    badge: Number.isInteger(badge) && Number(badge) >= 0 ? badge : undefined,
    category: textOf(apns.em_push_category),
    'thread-id': textOf(apns.thread_id),
    'mutable-content': isYes(apns.em_push_mutable_content) ? true : undefined,
  }
  return Object.fromEntries(Object.entries(wished).filter(([, value]) => value !== undefined))
}

/** Android's notification channel; what a message is to HarmonyOS, which takes it for advertising if nothing is said. */
function readVendors(android: Members, harmony: Members): Members {
  const channelId = textOf(android.fcm_channel_id)
  return {
    ...(channelId !== undefined && { fcm: { channel_id: channelId } }),
    hmos: { category: textOf(harmony.category) ?? 'IM' },
  }
}

/** An object, or one that was sent as the text of one. */
function asMembers(value: unknown): Members {
  const parsed = typeof value === 'string' ? parse(value) : value
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Members) : {}
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The vendor's SDKs write it in three ways. */
function isYes(value: unknown): boolean {
  return value === true || value === 'true' || value === 'YES'
}

function readMentioned(value: unknown): Wishes['mentioned'] {
  if (typeof value === 'string' && lowerAscii(value) === 'all') return 'all'
  const names = Array.isArray(value) ? value : []
  return new Set(names.filter(name => typeof name === 'string').map(lowerAscii))
}

function readTemplate({ name, title_args, content_args }: Members): TemplateUse | undefined {
  if (typeof name !== 'string' || name === '') return undefined
  return { name, titleArgs: toTexts(title_args), contentArgs: toTexts(content_args) }
}

function readFilter(filter: Members): Filter {
  const namesOf = (kind: string) => ({
    devices: toTexts(filter[`${kind}_device_id`]),
    notifiers: toTexts(filter[`${kind}_notifier_name`]),
  })
  return { accepted: namesOf('accept'), ignored: namesOf('ignore') }
}

function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

interface Words {
  readonly news: string
  readonly kinds: Readonly<Record<string, string>>
}

const english: Words = {
  news: 'You have a new message',
  kinds: {
    img: '[image]',
    audio: '[voice]',
    video: '[video]',
    loc: '[location]',
    file: '[file]',
    custom: '[custom message]',
    combine: '[chat history]',
  },
}

const chinese: Words = {
  news: '您有一条新消息',
  kinds: {
    img: '[图片]',
    audio: '[语音]',
    video: '[视频]',
    loc: '[位置]',
    file: '[文件]',
    custom: '[自定义消息]',
    combine: '[聊天记录]',
  },
}

/** @param language as the user has set it; anything but Chinese is read as English */
export function wordsFor(language: string | null): Words {
  return language !== null && /^zh/i.test(language) ? chinese : english
}

export function summaryOf({ type, text }: Notable, words: Words): string {
  return type === 'txt' ? text : (words.kinds[type] ?? words.news)
}

/** As much as a notification shows. */
export function clip(text: string): string {
  const chars = [...text]
  return chars.length > alertCharsMax ? `${chars.slice(0, alertCharsMax - 1).join('')}…` : text
}

/** `{0}` is the first argument; arguments may be what only the server knows. */
export function fill(
  pattern: string,
  args: readonly string[],
  known: { sender: string; msg: string },
): string {
  const words = args.map(arg =>
    arg === '{$fromNickname}' ? known.sender : arg === '{$msg}' ? known.msg : arg,
  )
  return pattern.replace(/\{(\d{1,2})\}/g, (place, at) => words[Number(at)] ?? place)
}
