// Contacts: made by the app's server at once, or between users by invitation and answer. Both sides are told of what
// changes, each of the other.
import { easemobLimits } from '../contract/limits.ts'
import type { ContactOperations } from '../contract/operations/contacts.ts'
import type { ContactEvent } from '../contract/operations/notices.ts'
import { Refusal } from '../contract/refusal.ts'
import {
  countContacts,
  deleteContacts,
  deleteInvitation,
  insertContacts,
  isContact,
  isInvited,
  listContacts,
  putInvitation,
  setRemark,
} from '../store/contacts.ts'
import type { Sql } from '../store/db.ts'
import { isBlocked } from '../store/user-blocks.ts'
import type { UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { callBackOfContact } from './callback-events.ts'
import { lastPlace, readCursor, toCursor } from './group-places.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { tell } from './tell.ts'
import { getUser, toUser } from './user-record.ts'

type Named = Pick<UserRow, 'uid' | 'username'>

type ContactOperation = Extract<keyof ContactOperations, `contact.${string}`>

export const contactHandlers: Handlers<ContactOperation> = {
  'contact.add': writes(async (call, pair, sql) => {
    const { owner, user } = await getPair(call, sql, pair)
    if (!(await isContact(sql, owner.uid, user.uid))) {
      if (await needsConsent(call, sql, owner, user)) await checkInvited(sql, owner, user)
      await checkLimit(call, sql, owner, user)
      await befriend(call, sql, owner, user)
    }
    return { owner: toUser(owner), user: toUser(user) }
  }),

  'contact.remove': writes(async (call, pair, sql) => {
    const owner = await getUser(call, sql, pair.owner)
    const user = await getUser(call, sql, pair.user)
    if (await deleteContacts(sql, owner.uid, user.uid)) await tellBoth(call, sql, owner, user, 'removed')
    return { owner: toUser(owner), user: toUser(user) }
  }),

  'contact.list': reads(async (call, { owner, limit, cursor }, sql) => {
    const { uid } = await getUser(call, sql, owner)
    const [at, after] = readCursor(cursor) ?? lastPlace
    const rows = await listContacts(sql, uid, { at, uid: after }, limit + 1)
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return {
      contacts: shown.map(({ username, remark }) => ({ username, remark })),
      ...(last && { next: toCursor([last.addedAt, last.contactUid]) }),
    }
  }),

  'contact.set_remark': writes(async (call, { remark, ...pair }, sql) => {
    const owner = await getUser(call, sql, pair.owner)
    const user = await getUser(call, sql, pair.user)
    if (!(await setRemark(sql, owner.uid, user.uid, remark))) throw new Refusal('contact_absent')
    return {}
  }),

  'contact.invite': writes(async (call, { owner, users, reason }, sql) => {
    const inviter = await getUser(call, sql, owner)
    await checkLimit(call, sql, inviter)
    const invited: UserRow[] = []
    for (const name of new Set(users)) invited.push((await getPair(call, sql, { owner, user: name })).user)
    for (const user of invited) await invite(call, sql, inviter, user, reason)
    return {}
  }),

  'contact.accept': writes(async (call, pair, sql) => {
    const { owner, user: inviter } = await getPair(call, sql, pair)
    if (await isContact(sql, owner.uid, inviter.uid)) return {}
    await checkInvited(sql, owner, inviter)
    await checkLimit(call, sql, owner, inviter)
    await tellOfContact(call, sql, inviter, owner, 'remote_accepted')
    await befriend(call, sql, owner, inviter)
    return {}
  }),

  'contact.decline': writes(async (call, pair, sql) => {
    const { owner, user: inviter } = await getPair(call, sql, pair)
    await checkInvited(sql, owner, inviter)
    await deleteInvitation(sql, owner.uid, inviter.uid)
    await tellOfContact(call, sql, inviter, owner, 'remote_declined')
    return {}
  }),
}

/** @throws Refusal `user_unknown`, `invalid_request` when both are the same */
async function getPair(
  call: Call,
  sql: Sql,
  names: { readonly owner: string; readonly user: string },
): Promise<{ owner: UserRow; user: UserRow }> {
  const owner = await getUser(call, sql, names.owner)
  const user = await getUser(call, sql, names.user)
  if (owner.uid === user.uid) throw new Refusal('invalid_request')
  return { owner, user }
}

/**
 * The app's server makes contacts as it likes, and so may a user: but not to get past what keeps it from writing to the
 * other.
 */
async function needsConsent(call: Call, sql: Sql, owner: UserRow, user: UserRow): Promise<boolean> {
  if (call.principal.is !== 'user') return false
  return call.app.settings.messages_need_contact || (await isBlocked(sql, owner.uid, user.uid))
}

/** @throws Refusal `contact_absent` when the user has not invited the owner */
async function checkInvited(sql: Sql, owner: UserRow, inviter: UserRow): Promise<void> {
  if (!(await isInvited(sql, owner.uid, inviter.uid))) throw new Refusal('contact_absent')
}

async function befriend(call: Call, sql: Sql, one: UserRow, other: UserRow): Promise<void> {
  await insertContacts(sql, one.uid, other.uid, call.now)
  // Neither waits for an answer of the other any more.
  await deleteInvitation(sql, one.uid, other.uid)
  await deleteInvitation(sql, other.uid, one.uid)
  await tellBoth(call, sql, one, other, 'accepted')
}

/** @throws Refusal `contacts_too_many` */
async function checkLimit(call: Call, sql: Sql, ...users: readonly UserRow[]): Promise<void> {
  const most = call.world.config.core.contactsPerUserMax
  for (const { uid } of users)
    if ((await countContacts(sql, uid)) >= most) throw new Refusal('contacts_too_many')
}

async function invite(call: Call, sql: Sql, inviter: UserRow, user: UserRow, reason: string): Promise<void> {
  if (await isContact(sql, inviter.uid, user.uid)) return
  // Whoever has been blocked reaches nobody, and is not told so.
  if (await isBlocked(sql, inviter.uid, user.uid)) return
  await putInvitation(sql, user.uid, inviter.uid, call.now, easemobLimits.invitationsMax)
  await tellOfContact(call, sql, user, inviter, 'invited', reason)
}

async function tellBoth(
  call: Call,
  sql: Sql,
  one: UserRow,
  other: UserRow,
  event: ContactEvent['event'],
): Promise<void> {
  await tellOne(call, sql, one, other, event)
  // One thing has happened: the app's server hears of it once.
  await tellOfContact(call, sql, other, one, event)
}

export async function tellOfContact(
  call: Call,
  sql: Sql,
  to: Named,
  from: Pick<UserRow, 'username'>,
  event: ContactEvent['event'],
  reason = '',
): Promise<void> {
  await callBackOfContact(call, sql, from.username, to.username, event, reason)
  await tellOne(call, sql, to, from, event, reason)
}

async function tellOne(
  call: Call,
  sql: Sql,
  to: Named,
  from: Pick<UserRow, 'username'>,
  event: ContactEvent['event'],
  reason = '',
): Promise<void> {
  await tell(call, sql, [to.uid], {
    is: 'contact_event',
    event,
    from: from.username,
    to: to.username,
    reason,
  })
}
