// Callbacks about what is no message: who logs in and out (easemob.md §5.4), what happens in groups and rooms and between
// contacts (§5.3), in the members that the vendor's documents give them. Only rules that name such an event hear of it.
import type { ContactEvent, GroupEvent, GroupEventName } from '../contract/operations/notices.ts'
import type { Sql } from '../store/db.ts'
import type { GroupRow } from '../store/groups.ts'
import { findUserDevice, type UserDeviceRow } from '../store/user-devices.ts'
import { findUserById } from '../store/users.ts'
import type { App } from './apps.ts'
import type { Call } from './call.ts'
import { rulesForEvent } from './callback-rules.ts'
import { type CallbackKeeper, keepCallbacks } from './callbacks.ts'
import type { World } from './world.ts'

/** Who speaks when the app's own server does. */
const appServer = '@ppAdmin'

type GroupDetails = Partial<Pick<GroupEvent, 'from' | 'text' | 'settings' | 'until' | 'memberCount'>>

interface Operation {
  readonly operation: string
  /** What kind of it; absent where there is one only. */
  readonly type?: string
  /** Members of the payload beside those concerned. */
  readonly more?: (details: GroupDetails) => object
  /** It is about the group, and not about members of it. */
  readonly isOfGroup?: true
}

const changed = (type: string, more: Operation['more']): Operation => ({
  operation: 'UPDATE',
  type,
  isOfGroup: true,
  ...(more && { more }),
})

/** `undefined`: told under another name, once for all whom it concerns. */
const operations: Readonly<Record<GroupEventName, Operation | undefined>> = {
  created: { operation: 'CREATE' },
  destroyed: { operation: 'DELETE', isOfGroup: true },
  join_requested: { operation: 'JOIN', type: 'APPLY' },
  join_accepted: { operation: 'JOIN', type: 'APPLY_ACCEPT' },
  join_declined: { operation: 'JOIN', type: 'APPLY_DECLINE' },
  invited: { operation: 'JOIN', type: 'INVITE' },
  invite_accepted: { operation: 'JOIN', type: 'INVITE_ACCEPT' },
  invite_declined: { operation: 'JOIN', type: 'INVITE_DECLINE' },
  added: undefined,
  removed: { operation: 'LEAVE', type: 'KICK' },
  joined: { operation: 'JOIN', type: 'DIRECT' },
  left: { operation: 'LEAVE', type: 'QUIT' },
  blocked: { operation: 'BLOCK', type: 'ADD' },
  unblocked: { operation: 'BLOCK', type: 'REMOVE' },
  allowed: { operation: 'ALLOW', type: 'ADD' },
  disallowed: { operation: 'ALLOW', type: 'REMOVE' },
  admin_added: { operation: 'ADMIN', type: 'ADD' },
  admin_removed: { operation: 'ADMIN', type: 'REMOVE' },
  muted: { operation: 'MUTE', type: 'ADD', more: ({ until }) => ({ expire_timestamp: until ?? -1 }) },
  unmuted: { operation: 'MUTE', type: 'REMOVE' },
  owner_changed: { operation: 'OWNER' },
  updated: changed('INFO', ({ settings }) => ({
    info: settings && {
      title: settings.name,
      description: settings.description,
      max_users: String(settings.maxUsers),
    },
  })),
  announcement_changed: changed('ANNOUNCEMENT', ({ text }) => ({ announcement: text })),
  announcement_deleted: changed('ANNOUNCEMENT', () => ({ announcement: '' })),
  all_muted: changed('MUTE', () => ({ mute: true })),
  all_unmuted: changed('MUTE', () => ({ mute: false })),
  disabled: changed('DISABLE', () => ({ disable: true })),
  enabled: changed('DISABLE', () => ({ disable: false })),
  file_uploaded: { operation: 'FILE', type: 'ADD', isOfGroup: true, more: fileOf },
  file_deleted: { operation: 'FILE', type: 'REMOVE', isOfGroup: true, more: fileOf },
  attributes_set: { operation: 'ATTRIBUTES', type: 'SET', isOfGroup: true, more: attributesOf },
  attributes_removed: { operation: 'ATTRIBUTES', type: 'REMOVE', isOfGroup: true, more: attributesOf },
  member_attributes_set: { operation: 'MEMBER_ATTRIBUTES', type: 'SET', more: attributesOf },
}

function fileOf({ text = '' }: GroupDetails): object {
  return { file: text }
}

function attributesOf({ text = '' }: GroupDetails): object {
  return { attributes: text }
}

/** @param to usernames it concerns */
export async function callBackOfGroup(
  call: Call,
  sql: Sql,
  group: Pick<GroupRow, 'groupId' | 'kind'>,
  event: GroupEventName,
  to: readonly string[],
  details: GroupDetails = {},
): Promise<void> {
  const isRoom = group.kind === 'room'
  const rules = rulesForEvent(call.app, 'group', isRoom ? 'chatroom' : 'groupchat')
  const told = operations[event]
  if (rules.length === 0 || !told) return
  const { principal } = call
  const operator = details.from || (principal.is === 'user' ? principal.username : appServer)
  // Who asks for a place is whom it concerns; the event goes to those who decide.
  const member = event === 'join_requested' ? [operator] : to
  const content = {
    eventType: 'group_op_event',
    event: 'group_op_event',
    id: String(group.groupId),
    type: isRoom ? 'CHATROOM' : 'GROUP',
    operation: told.operation,
    operator,
    ...(details.memberCount !== undefined && { member_count: details.memberCount }),
    payload: {
      ...(!told.isOfGroup && { member }),
      ...(told.type !== undefined && { type: told.type }),
      ...told.more?.(details),
    },
  }
  await keep(call, sql, call.app, rules, 'group', content)
}

type ContactOperation = ContactEvent['event'] | 'blocked' | 'unblocked'

const contactOperations: Readonly<Record<ContactOperation, string>> = {
  invited: 'add',
  removed: 'remove',
  accepted: 'accept',
  declined: 'decline',
  remote_accepted: 'remote_accept',
  remote_declined: 'remote_decline',
  blocked: 'ban',
  unblocked: 'allow',
}

export async function callBackOfContact(
  call: Call,
  sql: Sql,
  from: string,
  to: string,
  event: ContactOperation,
  reason = '',
): Promise<void> {
  const rules = rulesForEvent(call.app, 'contact')
  if (rules.length === 0) return
  const content = {
    eventType: 'roster',
    chat_type: 'roster',
    from: addressOf(call.app, from),
    to,
    msg_id: String(call.world.ids.next()),
    payload: { operation: contactOperations[event], ...(reason !== '' && { reason }) },
  }
  await keep(call, sql, call.app, rules, 'contact', content)
}

/** What telling of a session needs: a Call, or a job's own. */
export interface SessionTeller extends CallbackKeeper {
  readonly world: CallbackKeeper['world'] & Pick<World, 'apps'>
}

type Reason = 'login' | 'logout' | 'replaced'

/** A session has begun or ended. @param ip known when it begins */
export async function callBackOfSession(
  teller: SessionTeller,
  sql: Sql,
  { appId, uid, resource, os }: Pick<UserDeviceRow, 'appId' | 'uid' | 'resource' | 'os'>,
  reason: Reason,
  ip = '',
): Promise<void> {
  const app = teller.world.apps.findById(appId)
  const rules = app ? rulesForEvent(app, 'user_status') : []
  const user = rules.length > 0 ? await findUserById(sql, uid) : undefined
  if (!app || !user) return
  const content = {
    eventType: 'userStatus',
    reason,
    status: reason === 'login' ? 'online' : 'offline',
    os,
    ip,
    user: `${addressOf(app, user.username)}/${resource}`,
  }
  await keep(teller, sql, app, rules, 'user_status', content)
}

/** As `callBackOfSession`, for a device by its id. */
export async function callBackOfDevice(
  teller: SessionTeller,
  sql: Sql,
  deviceId: number,
  reason: Reason,
): Promise<void> {
  const device = await findUserDevice(sql, deviceId)
  if (device) await callBackOfSession(teller, sql, device, reason)
}

function addressOf({ org, app }: App, username: string): string {
  return `${org}#${app}_${username}@easemob.com`
}

function keep(
  keeper: CallbackKeeper,
  sql: Sql,
  app: App,
  rules: ReturnType<typeof rulesForEvent>,
  event: 'user_status' | 'group' | 'contact',
  content: object,
): Promise<void> {
  return keepCallbacks(keeper, sql, app, rules, {
    event,
    receiver: '',
    msgId: 0,
    content: JSON.stringify(content),
  })
}
