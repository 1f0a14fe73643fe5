// How users who are away are notified: what they are bound to, and their settings. What becomes of a message for them is
// offline-push.ts.
import { easemobLimits } from '../contract/limits.ts'
import {
  type Notification,
  type NotificationOperations,
  ownNotifier,
} from '../contract/operations/notifications.ts'
import type { Binding } from '../contract/operations/users.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import {
  countNotifications,
  deleteNotification,
  findLanguage,
  findNotification,
  listNotifications,
  putLanguage,
  putNotification,
} from '../store/notification-settings.ts'
import {
  countTemplates,
  deleteTemplate,
  findTemplate,
  putTemplate,
  type TemplateRow,
} from '../store/push-templates.ts'
import { nextInSequence } from '../store/sequences.ts'
import { deleteBinding, listBindings, putBinding } from '../store/user-bindings.ts'
import { isUserOnline } from '../store/user-devices.ts'
import type { Call } from './call.ts'
import { findOwnDevice } from './device-attributes.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { deliver, keepNotice, serverQueue } from './tell.ts'
import { getUser, toBoundUser } from './user-record.ts'

const { bindingsMax, notificationsMax, templatesMax } = easemobLimits

const unset: Notification = { remind: 'DEFAULT', quietInterval: '', quietUntil: 0 }

export const notificationHandlers: Handlers<keyof NotificationOperations> = {
  'binding.set': writes(async (call, { user: name, binding }, sql) => {
    const user = await getUser(call, sql, name)
    if (binding.token === '') await deleteBinding(sql, user.uid, binding.deviceName)
    else await bind(call, sql, user.uid, binding)
    return toBoundUser(sql, user)
  }),

  'notification.set': writes(
    async (call, { user, target, remind, quietInterval, quietMs, resource }, sql) => {
      const { uid } = await getUser(call, sql, user)
      const before = await find(call, sql, uid, target)
      const after: Notification = {
        remind: remind ?? before.remind,
        quietInterval: quietInterval ?? before.quietInterval,
        quietUntil: quietMs === undefined ? before.quietUntil : quietMs === 0 ? 0 : call.now + quietMs,
      }
      const saysNothing = after.remind === 'DEFAULT' && after.quietInterval === '' && after.quietUntil === 0
      if (!saysNothing) await checkLimit(sql, uid, target)
      if (saysNothing) await deleteNotification(sql, uid, target)
      else await putNotification(sql, uid, { target, ...after })
      await tellOtherDevices(call, sql, uid, target, after, resource)
      return after
    },
  ),

  'notification.get': reads(async (call, { user, target }, sql) => {
    const { uid } = await getUser(call, sql, user)
    return find(call, sql, uid, target)
  }),

  'notification.get_many': reads(async (call, { user, targets }, sql) => {
    const { uid } = await getUser(call, sql, user)
    const notifications: Notification[] = []
    for (const target of targets) notifications.push(await find(call, sql, uid, target))
    return { notifications }
  }),

  'notification.list': reads(async (call, { user, after, limit }, sql) => {
    const { uid } = await getUser(call, sql, user)
    const rows = await listNotifications(sql, uid, after, limit)
    const notifications = rows.map(({ target, remind }) => ({ target, remind }))
    return { notifications, ...(rows.length === limit && { next: rows.at(-1)!.target }) }
  }),

  'notification.set_language': writes(async (call, { user, language }, sql) => {
    const { uid } = await getUser(call, sql, user)
    await putLanguage(sql, uid, language)
    return {}
  }),

  'notification.get_language': reads(async (call, { user }, sql) => {
    const { uid } = await getUser(call, sql, user)
    return { language: (await findLanguage(sql, uid)) ?? '' }
  }),

  'template.put': writes(async (call, { name, title, content }, sql) => {
    const { appId } = call.app
    const before = await findTemplate(sql, appId, name)
    const createdAt = before?.createdAt ?? call.now
    if (!before && (await countTemplates(sql, appId)) >= templatesMax) throw new Refusal('invalid_request')
    const row = { appId, name, title, content, createdAt, updatedAt: call.now }
    await putTemplate(sql, row)
    return toTemplate(row)
  }),

  'template.get': reads(async (call, { name }, sql) => toTemplate(await getTemplate(call, sql, name))),

  'template.delete': writes(async (call, { name }, sql) => {
    const row = await getTemplate(call, sql, name)
    await deleteTemplate(sql, row.appId, name)
    return toTemplate(row)
  }),
}

/** @throws Refusal `invalid_request` when the user has settings for too many conversations to begin with another */
async function checkLimit(sql: Sql, uid: number, target: string): Promise<void> {
  if (await findNotification(sql, uid, target)) return
  if ((await countNotifications(sql, uid)) >= notificationsMax) throw new Refusal('invalid_request')
}

/** In the form in which the vendor's Web SDK reads it; it drops what its own device has done. */
async function tellOtherDevices(
  call: Call,
  sql: Sql,
  uid: number,
  target: string,
  { remind, quietInterval, quietUntil }: Notification,
  resource = '',
): Promise<void> {
  if (!(await isUserOnline(sql, uid))) return
  const data = {
    ...(remind !== 'DEFAULT' && { type: remind }),
    ...(quietUntil > 0 && { ignoreDuration: quietUntil }),
    // Its presence says that it is about everything.
    ...(target === '' && { ignoreInterval: quietInterval }),
  }
  const about = target === '' ? {} : { [target.startsWith('g:') ? 'group' : 'user']: target.slice(2) }
  const values = [{ operator_resource: resource, ...about, data }]
  const payload = JSON.stringify({ type: 'user_notification_mute', values })
  const entryId = await keepNotice(call, sql, { is: 'server_notice', payload })
  await deliver(call, sql, uid, serverQueue, { entryId, origin: 0, isTransient: true })
}

async function bind(call: Call, sql: Sql, uid: number, binding: Binding): Promise<void> {
  const { deviceName, notifier, token } = binding
  const isOwn = notifier === ownNotifier
  const device = isOwn ? await findOwnDevice(call, sql, token) : undefined
  if (isOwn && !device) throw new Refusal('binding_invalid')
  const { appId } = call.app
  const pushDevice = device?.deviceId ?? null
  const bindingId = await nextInSequence(sql, 'bindings')
  await putBinding(sql, { bindingId, uid, deviceName, appId, notifier, token, pushDevice, boundAt: call.now })
  call.world.boundApps.bound(call)
  for (const surplus of (await listBindings(sql, uid)).slice(bindingsMax))
    await deleteBinding(sql, uid, surplus.deviceName)
}

/** What has run out is not set any more. */
async function find(call: Call, sql: Sql, uid: number, target: string): Promise<Notification> {
  const row = await findNotification(sql, uid, target)
  if (!row) return unset
  const { remind, quietInterval, quietUntil } = row
  return { remind, quietInterval, quietUntil: quietUntil > call.now ? quietUntil : 0 }
}

/** @throws Refusal `template_unknown` */
async function getTemplate(call: Call, sql: Sql, name: string): Promise<TemplateRow> {
  const row = await findTemplate(sql, call.app.appId, name)
  if (!row) throw new Refusal('template_unknown')
  return row
}

function toTemplate({ name, title, content, createdAt, updatedAt }: TemplateRow) {
  return { name, title, content, createdAt, updatedAt }
}
