// Who is in which thread: members of its group who have come or were put there.
import type { ThreadOperations } from '../contract/operations/threads.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { addMembers, isMember, listMembers, removeMembers } from '../store/group-members.ts'
import { findGroup } from '../store/groups.ts'
import type { ThreadRow } from '../store/threads.ts'
import { findUser, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { checkUserLimits } from './group-limits.ts'
import { firstPlace, readCursor, toCursor } from './group-places.ts'
import { hasRight } from './group-rights.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { tellUserOfThread } from './thread-events.ts'
import { getThread, getThreadFor, type HousedThread, toThread } from './thread-lookup.ts'
import { getUser } from './user-record.ts'

type MemberOperation =
  | 'thread.join'
  | 'thread.leave'
  | 'thread.add_members'
  | 'thread.remove_members'
  | 'thread.members'

export const threadMemberHandlers: Handlers<Extract<keyof ThreadOperations, MemberOperation>> = {
  'thread.join': writes(async (call, { thread: text, user: name, resource }, sql) => {
    const housed = await getThread(call, sql, text)
    const { thread } = housed
    const user = await getUser(call, sql, name)
    await checkIsInGroup(sql, housed, user)
    if (await isMember(sql, thread.threadId, user.uid))
      throw new Refusal('thread_member_already', { username: user.username })
    await join(call, sql, thread, [user])
    await tellUserOfThread(call, sql, thread, user, { event: 'joined', from: user.username, resource })
    return toThread(thread)
  }),

  'thread.leave': writes(async (call, { thread: text, user: name, resource }, sql) => {
    const { thread } = await getThread(call, sql, text)
    const user = await getUser(call, sql, name)
    if (!(await isMember(sql, thread.threadId, user.uid)))
      throw new Refusal('thread_member_absent', { username: user.username })
    await removeMembers(sql, thread.threadId, [user.uid])
    await tellUserOfThread(call, sql, thread, user, { event: 'left', from: user.username, resource })
    return {}
  }),

  'thread.add_members': writes(async (call, { thread: text, users: names }, sql) => {
    const housed = await getThreadFor(call, sql, 'run', text)
    const { thread } = housed
    const newcomers = new Map<number, UserRow>()
    for (const name of names) {
      const user = await getUser(call, sql, name)
      await checkIsInGroup(sql, housed, user)
      if (!(await isMember(sql, thread.threadId, user.uid))) newcomers.set(user.uid, user)
    }
    const users = [...newcomers.values()]
    await join(call, sql, thread, users)
    for (const user of users)
      await tellUserOfThread(call, sql, thread, user, {
        event: 'joined',
        from: actorOf(call) || user.username,
      })
    return {}
  }),

  'thread.remove_members': writes(async (call, { thread: text, users: names }, sql) => {
    const { thread, parent } = await getThreadFor(call, sql, 'run', text)
    const removals = new Map<string, { user: string; isRemoved: boolean }>()
    for (const name of names) {
      const user = await findUser(sql, call.app.appId, name)
      // The group's owner goes by its own will, or the app's.
      if (user?.uid === parent.ownerUid && !(await hasRight(call, sql, 'own', parent)))
        throw new Refusal('thread_right_missing')
      const isRemoved = user !== undefined && (await isMember(sql, thread.threadId, user.uid))
      if (isRemoved) {
        await removeMembers(sql, thread.threadId, [user.uid])
        await tellUserOfThread(call, sql, thread, user, { event: 'removed', from: actorOf(call) })
      }
      const shown = user?.username ?? name
      if (!removals.has(shown)) removals.set(shown, { user: shown, isRemoved })
    }
    return { removals: [...removals.values()] }
  }),

  'thread.members': reads(async (call, { thread: text, limit, cursor }, sql) => {
    const { thread } = await getThreadFor(call, sql, 'see', text)
    const [joinedAt, uid] = readCursor(cursor) ?? firstPlace
    const page = { order: 'oldest_first', after: { joinedAt, uid }, offset: 0, except: 0 } as const
    const rows = await listMembers(sql, thread.threadId, { ...page, limit: limit + 1 })
    const members = rows.slice(0, limit)
    const last = rows.length > limit ? members.at(-1) : undefined
    return {
      usernames: members.map(({ username }) => username),
      ...(last && { next: toCursor([last.joinedAt, last.uid]) }),
    }
  }),
}

/** @throws Refusal `thread_outsider` */
async function checkIsInGroup(sql: Sql, { parent }: HousedThread, { uid, username }: UserRow): Promise<void> {
  if (!(await isMember(sql, parent.groupId, uid)))
    throw new Refusal('thread_outsider', { username, group: String(parent.groupId) })
}

/** Users of whom none is in it. @throws Refusal `user_groups_too_many` */
async function join(
  call: Call,
  sql: Sql,
  { threadId, appId }: ThreadRow,
  users: readonly UserRow[],
): Promise<void> {
  await checkUserLimits(call, sql, 'thread', users)
  const group = await findGroup(sql, appId, 'thread', threadId)
  // It holds as many as the largest group, so all of its own find room in it.
  if (group)
    await addMembers(
      sql,
      group,
      users.map(({ uid }) => uid),
      call.now,
    )
}

function actorOf({ principal }: Call): string {
  return principal.is === 'user' ? principal.username : ''
}
