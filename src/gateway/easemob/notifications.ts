// How users are notified while they are away (easemob.md §2.12): devices they are bound to, quiet times, language, texts.
import { Type } from 'typebox'
import { easemobLimits } from '../../contract/limits.ts'
import {
  type Notification,
  type PushTemplate,
  type Remind,
  reminds,
} from '../../contract/operations/notifications.ts'
import { Refusal } from '../../contract/refusal.ts'
import { lowerAscii } from '../../lib/ascii.ts'
import { fullEnvelope, messageEnvelope } from './envelope.ts'
import { readCount } from './paging.ts'
import type { EasemobCall, EasemobRoute, Members } from './route.ts'
import { toEntity } from './user-entity.ts'
import { appOnly, appOrSelf, userOf } from './user-need.ts'

const limits = easemobLimits

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const bindingText = text(limits.bindingTextCharsMax)

const quietInterval = '^(?:\\d{1,2}:\\d{1,2}-\\d{1,2}:\\d{1,2})?$'
const setting = Type.Object(
  {
    type: Type.Optional(Type.Union(reminds.map(name => Type.Literal(name)))),
    ignoreInterval: Type.Optional(Type.Union([Type.String({ pattern: quietInterval }), Type.Null()])),
    ignoreDuration: Type.Optional(
      Type.Union([Type.Integer({ minimum: 0, maximum: limits.quietMsMax }), Type.Null()]),
    ),
  },
  { minProperties: 1 },
)

const ofConversation = {
  need: appOrSelf,
  family: 'messages',
  raises: ['user_unknown', 'invalid_request'],
} as const satisfies Partial<EasemobRoute>

const language = {
  path: '/users/:user/notification/language',
  family: 'messages',
  need: appOrSelf,
  raises: ['user_unknown'],
} as const satisfies Partial<EasemobRoute>

const template = {
  family: 'messages',
  need: appOnly,
  bucket: 'push_templates',
} as const satisfies Partial<EasemobRoute>

export const notificationRoutes: readonly EasemobRoute[] = [
  {
    method: 'PUT',
    path: '/users/:user/push/binding',
    summary:
      'Bind a device to the user: {"device_id", "device_token", "notifier_name"}; an empty token unbinds',
    bucket: 'accounts',
    need: appOrSelf,
    body: 'json',
    schema: Type.Object({
      device_id: bindingText,
      device_token: Type.String({ maxLength: limits.bindingTextCharsMax }),
      notifier_name: Type.Optional(Type.String({ maxLength: limits.bindingTextCharsMax })),
    }),
    raises: ['user_unknown', 'binding_invalid', 'invalid_request'],
    handle: async call => changedBinding(call),
  },
  {
    ...ofConversation,
    method: 'PUT',
    path: '/users/:user/notification/:kind/:key',
    summary:
      'When to notify the user of messages of a "user" or "chatgroup", its own name = of all: {"type"?, "ignoreInterval"?, "ignoreDuration"?}',
    body: 'json',
    schema: setting,
    handle: async call => {
      const { type, ignoreInterval, ignoreDuration } = call.members as Readonly<{
        type?: Remind
        ignoreInterval?: string | null
        ignoreDuration?: number | null
      }>
      const resource = call.query('resource')
      const set = await call.run('notification.set', {
        user: userOf(call),
        target: targetOf(call),
        ...(type !== undefined && { remind: type }),
        ...(ignoreInterval !== undefined && { quietInterval: ignoreInterval ?? '' }),
        ...(ignoreDuration !== undefined && { quietMs: ignoreDuration ?? 0 }),
        ...(resource && { resource }),
      })
      return messageEnvelope(call, { path: '/users', data: toSetting(set) })
    },
  },
  {
    ...ofConversation,
    method: 'GET',
    path: '/users/:user/notification/:kind/:key',
    summary: 'When the user is notified of messages of a "user" or "chatgroup"',
    handle: async call => {
      const set = await call.run('notification.get', { user: userOf(call), target: targetOf(call) })
      return messageEnvelope(call, { path: '/users', data: toSetting(set) })
    },
  },
  {
    ...ofConversation,
    method: 'GET',
    path: '/users/:user/notification',
    summary: 'The same of several: ?user=a,b&group=1,2',
    handle: getMany,
  },
  {
    ...ofConversation,
    method: 'GET',
    path: '/users/:user/notification/mute/type',
    summary: 'Conversations that have a setting of their own: ?limit, ?cursor',
    handle: listOwn,
  },
  {
    ...language,
    method: 'PUT',
    summary: 'The language of notifications: {"translationLanguage"}',
    body: 'json',
    schema: Type.Object({ translationLanguage: text(limits.languageCharsMax) }),
    handle: async call => {
      const wanted = call.members.translationLanguage as string
      await call.run('notification.set_language', { user: userOf(call), language: wanted })
      return messageEnvelope(call, { path: '/users', data: { language: wanted } })
    },
  },
  {
    ...language,
    method: 'GET',
    summary: 'The language of notifications; "" = never set',
    handle: async call => {
      const data = await call.run('notification.get_language', { user: userOf(call) })
      return messageEnvelope(call, { path: '/users', data })
    },
  },
  {
    ...template,
    method: 'POST',
    path: '/notification/template',
    summary: 'A text for notifications: {"name", "title_pattern", "content_pattern"}',
    body: 'json',
    schema: Type.Object({
      name: text(limits.templateNameCharsMax),
      title_pattern: text(limits.templatePatternCharsMax),
      content_pattern: text(limits.templatePatternCharsMax),
    }),
    raises: ['invalid_request'],
    handle: async call => {
      const { name, title_pattern: title, content_pattern: content } = call.members as Record<string, string>
      const put = await call.run('template.put', { name: name!, title: title!, content: content! })
      return messageEnvelope(call, { path: '/notification/template', data: toTemplate(put) })
    },
  },
  {
    ...template,
    method: 'GET',
    path: '/notification/template/:name',
    summary: 'One of these texts',
    raises: ['template_unknown'],
    handle: async call => {
      const found = await call.run('template.get', { name: call.params.name! })
      return messageEnvelope(call, { path: '/notification/template', data: toTemplate(found) })
    },
  },
  {
    ...template,
    method: 'DELETE',
    path: '/notification/template/:name',
    summary: 'Delete one of these texts',
    raises: ['template_unknown'],
    handle: async call => {
      const gone = await call.run('template.delete', { name: call.params.name! })
      return messageEnvelope(call, { path: '/notification/template', data: toTemplate(gone) })
    },
  },
]

/** What the Web SDK sends to the user itself is the same as the call for it. */
export function isBinding({ device_id, device_token }: Members): boolean {
  return typeof device_id === 'string' && typeof device_token === 'string'
}

/** @throws Refusal `invalid_request` */
export async function changedBinding(call: EasemobCall): Promise<object> {
  const { device_id, device_token, notifier_name } = call.members as Record<string, string>
  const token = device_token!
  const notifier = notifier_name ?? ''
  if (token !== '' && notifier === '') throw new Refusal('invalid_request')
  const binding = { deviceName: device_id!, token, notifier }
  const user = await call.run('binding.set', { user: userOf(call), binding })
  return fullEnvelope(call, { path: '/users', uri: '/users', entities: [toEntity(user)] })
}

/** The vendor's SDKs name the user itself for what holds everywhere. @throws Refusal `invalid_request` */
function targetOf(call: EasemobCall): string {
  const { kind, key } = call.params as { kind: string; key: string }
  if (kind === 'chatgroup') return `g:${key}`
  if (kind !== 'user') throw new Refusal('invalid_request')
  return lowerAscii(key) === lowerAscii(userOf(call)) ? '' : `u:${lowerAscii(key)}`
}

/** Nothing that is not set; a user's own silence is told in the moment at which it ends. */
function toSetting({ remind, quietInterval, quietUntil }: Notification): object {
  return {
    ...(remind !== 'DEFAULT' && { type: remind }),
    ...(quietInterval !== '' && { ignoreInterval: quietInterval }),
    ...(quietUntil > 0 && { ignoreDuration: quietUntil }),
  }
}

async function getMany(call: EasemobCall): Promise<object> {
  const users = namesIn(call, 'user').map(lowerAscii)
  const groups = namesIn(call, 'group')
  if (users.length + groups.length > limits.notificationsAskedMax) throw new Refusal('invalid_request')
  const targets = [...users.map(name => `u:${name}`), ...groups.map(id => `g:${id}`)]
  const { notifications } = await call.run('notification.get_many', { user: userOf(call), targets })
  const settings = notifications.map(toSetting)
  const data = {
    user: Object.fromEntries(users.map((name, at) => [name, settings[at]])),
    group: Object.fromEntries(groups.map((id, at) => [id, settings[users.length + at]])),
  }
  return messageEnvelope(call, { path: '/users', data })
}

function namesIn(call: EasemobCall, param: string): string[] {
  return [...new Set((call.query(param) ?? '').split(',').filter(name => name !== ''))]
}

async function listOwn(call: EasemobCall): Promise<object> {
  const limit = Math.min(
    readCount(call, 'limit', 1) ?? limits.notificationsPageDefault,
    limits.notificationsPageMax,
  )
  const { notifications, next } = await call.run('notification.list', {
    user: userOf(call),
    after: readCursor(call.query('cursor')),
    limit,
  })
  const data = notifications.map(({ target, remind }) => ({
    [target.startsWith('g:') ? 'group' : 'user']: target.slice(2),
    value: remind,
  }))
  const cursor = next === undefined ? undefined : Buffer.from(next).toString('base64url')
  return { ...messageEnvelope(call, { path: '/users', data }), cursor }
}

function readCursor(cursor: string | undefined): string {
  return cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString()
}

function toTemplate({ name, title, content, createdAt, updatedAt }: PushTemplate): object {
  return { name, createAt: createdAt, updateAt: updatedAt, title_pattern: title, content_pattern: content }
}
