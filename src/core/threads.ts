// Threads of groups (easemob.md §2.12): making, renaming, showing and deleting them. Who is in them is thread-members.ts.
import { easemobLimits } from '../contract/limits.ts'
import type { ThreadOperations } from '../contract/operations/threads.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { insertMembers } from '../store/group-members.ts'
import { countGroups, type GroupRow } from '../store/groups.ts'
import { deleteThread, insertThread, isThreaded, renameThread, type ThreadRow } from '../store/threads.ts'
import type { UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { checkUserLimits } from './group-limits.ts'
import { getGroup } from './group-lookup.ts'
import { findMemberUser, hasRight } from './group-rights.ts'
import { nextGroupId } from './groups.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { findLiveMessage } from './message-signals.ts'
import { tellGroupOfThread, tellUserOfThread } from './thread-events.ts'
import { threadListHandlers } from './thread-lists.ts'
import { checkThreadsAreOn, getThread, getThreadFor, toThread } from './thread-lookup.ts'
import { threadMemberHandlers } from './thread-members.ts'

export const threadHandlers: Handlers<keyof ThreadOperations> = {
  'thread.create': writes(async (call, wanted, sql) => {
    checkThreadsAreOn(call)
    const parent = await getGroup(call, sql, { kind: 'group', group: wanted.group })
    const owner = await getOwner(call, sql, parent, wanted.owner)
    const message = await findLiveMessage(call, sql, wanted.msgId)
    if (message?.conversation !== `g:${parent.groupId}`) throw new Refusal('thread_message_unknown')
    if (await isThreaded(sql, wanted.msgId)) throw new Refusal('thread_exists')
    if ((await countGroups(sql, call.app.appId, 'thread')) >= call.world.config.core.threadsPerAppMax)
      throw new Refusal('threads_too_many')
    await checkUserLimits(call, sql, 'thread', [owner])
    const group = await makeGroup(call, sql, wanted.name, owner)
    await insertThread(sql, group, parent.groupId, wanted.msgId)
    await insertMembers(sql, group.groupId, 'thread', [owner.uid], call.now)
    const { thread } = await getThread(call, sql, String(group.groupId))
    const from = owner.username
    await tellGroupOfThread(call, sql, thread, 'create', from)
    await tellUserOfThread(call, sql, thread, owner, { event: 'created', from, resource: wanted.resource })
    return { threadId: String(group.groupId) }
  }),

  'thread.rename': writes(async (call, { thread: text, name, resource }, sql) => {
    const { thread, parent } = await getThread(call, sql, text)
    const { principal } = call
    const isOwn = principal.is === 'user' && principal.uid === thread.ownerUid
    if (!(await hasRight(call, sql, isOwn ? 'see' : 'run', parent))) throw new Refusal('thread_right_missing')
    await renameThread(sql, thread.threadId, name, call.now)
    await tellOfChange(call, sql, { ...thread, name }, 'renamed', resource)
    return {}
  }),

  'thread.delete': writes(async (call, { thread: text, resource }, sql) => {
    const { thread } = await getThreadFor(call, sql, 'run', text)
    await deleteThread(sql, thread)
    await tellOfChange(call, sql, thread, 'destroyed', resource)
    call.afterCommit(() => call.world.nudge('dissolve'))
    return {}
  }),

  'thread.get': reads(async (call, { thread: text }, sql) => {
    const { thread } = await getThreadFor(call, sql, 'see', text)
    return { ...toThread(thread), memberCount: thread.memberCount }
  }),

  ...threadMemberHandlers,
  ...threadListHandlers,
}

/** A member of the group; a user makes threads in its own name. @throws Refusal `thread_right_missing`, `thread_outsider` */
async function getOwner(call: Call, sql: Sql, parent: GroupRow, name: string): Promise<UserRow> {
  const owner = await findMemberUser(call, sql, parent, name)
  const { principal } = call
  if (principal.is === 'user' && principal.uid !== owner?.uid) throw new Refusal('thread_right_missing')
  if (!owner) throw new Refusal('thread_outsider', { username: name, group: String(parent.groupId) })
  return owner
}

async function makeGroup(call: Call, sql: Sql, name: string, owner: UserRow): Promise<GroupRow> {
  return {
    groupId: await nextGroupId(call, sql),
    appId: call.app.appId,
    kind: 'thread',
    name,
    description: '',
    isPublic: 0,
    maxUsers: easemobLimits.groupUsersMax,
    membersOnly: 0,
    allowInvites: 0,
    inviteNeedConfirm: 0,
    custom: '',
    avatar: null,
    scale: 'normal',
    isDisabled: 0,
    isMuted: 0,
    ownerUid: owner.uid,
    memberCount: 1,
    createdAt: call.now,
    modifiedAt: call.now,
  }
}

async function tellOfChange(
  call: Call,
  sql: Sql,
  thread: ThreadRow,
  event: 'renamed' | 'destroyed',
  resource: string | undefined,
): Promise<void> {
  const { principal } = call
  const from = principal.is === 'user' ? principal.username : ''
  await tellGroupOfThread(call, sql, thread, event === 'renamed' ? 'update' : 'delete', from)
  if (principal.is === 'user') await tellUserOfThread(call, sql, thread, principal, { event, from, resource })
}
