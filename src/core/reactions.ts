// Reactions to messages (easemob.md §2.12): whoever is in the conversation of a message can put some on it, and all who
// are in it are told. Messages of rooms, and those for some members of a group only, take none.
import { easemobLimits } from '../contract/limits.ts'
import type { ServerNotice } from '../contract/operations/notices.ts'
import type { Reaction, ReactionOperations } from '../contract/operations/reactions.ts'
import { type ReactionChange, toSharedReactionJson } from '../contract/reaction-json.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { isMember } from '../store/group-members.ts'
import type { MessageRow } from '../store/messages.ts'
import {
  addReactionUser,
  findReaction,
  hasReacted,
  insertReaction,
  listReactions,
  listReactionUsers,
  type ReactionRow,
  removeReactionUser,
} from '../store/reactions.ts'
import { isBlocked } from '../store/user-blocks.ts'
import { findUserByName, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { toGroupId } from './group-lookup.ts'
import { firstPlace, readCursor, toCursor } from './group-places.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { findLiveMessage } from './message-signals.ts'
import { tell, tellGroup } from './tell.ts'
import { getUser } from './user-record.ts'

const { reactionsPerMessageMax, reactionUsersShown } = easemobLimits

export const reactionHandlers: Handlers<keyof ReactionOperations> = {
  'reaction.add': writes(async (call, { user: name, msgId, reaction }, sql) => {
    checkIsOn(call)
    const user = await getUser(call, sql, name)
    const message = await getMessage(call, sql, user, msgId)
    const { ids } = call.world
    let row = await findReaction(sql, msgId, reaction)
    if (row && (await hasReacted(sql, row.reactionId, user.uid))) throw new Refusal('reaction_exists')
    if (!row) {
      if ((await listReactions(sql, msgId)).length >= reactionsPerMessageMax)
        throw new Refusal('reactions_too_many')
      row = {
        reactionId: ids.next(),
        msgId,
        reaction,
        userCount: 0,
        createdAt: call.now,
        modifiedAt: call.now,
      }
      await insertReaction(sql, row)
    }
    await addReactionUser(sql, row.reactionId, user.uid, ids.next(), call.now)
    await tellOfChange(call, sql, message, row, { reactionType: 'create', operator: user.username })
    const { chatType, target } = message
    return {
      reactionId: String(row.reactionId),
      chatType,
      groupId: chatType === 'chat' ? null : target,
      createdAt: row.createdAt,
      modifiedAt: call.now,
    }
  }),

  'reaction.remove': writes(async (call, { user: name, msgId, reaction }, sql) => {
    checkIsOn(call)
    const user = await getUser(call, sql, name)
    const message = await getMessage(call, sql, user, msgId)
    const row = await findReaction(sql, msgId, reaction)
    if (!row || !(await removeReactionUser(sql, row.reactionId, user.uid)))
      throw new Refusal('reaction_forbidden')
    await tellOfChange(call, sql, message, row, { reactionType: 'delete', operator: user.username })
    return {}
  }),

  'reaction.list': reads(async (call, { user: name, msgIds, group }, sql) => {
    checkIsOn(call)
    const user = await getUser(call, sql, name)
    const groupId = group === undefined ? undefined : (toGroupId(group) ?? 0)
    if (groupId !== undefined && !(await isMember(sql, groupId, user.uid)))
      throw new Refusal('reaction_no_member')
    const messages: { msgId: number; reactions: Reaction[] }[] = []
    for (const msgId of new Set(msgIds)) {
      const row = await findLiveMessage(call, sql, msgId)
      const isShown = row && (groupId === undefined ? isBetween(row, user) : isOf(row, groupId))
      const reactions = isShown ? await readReactions(sql, msgId, user.uid) : []
      if (reactions.length > 0) messages.push({ msgId, reactions })
    }
    return { messages }
  }),

  'reaction.get': reads(async (call, { user: name, msgId, reaction, limit, cursor }, sql) => {
    checkIsOn(call)
    const user = await getUser(call, sql, name)
    await getMessage(call, sql, user, msgId)
    const row = await findReaction(sql, msgId, reaction)
    if (!row) return {}
    const [after] = readCursor(cursor) ?? firstPlace
    const users = await listReactionUsers(sql, row.reactionId, after, limit + 1)
    const page = users.slice(0, limit)
    const last = users.length > limit ? page.at(-1) : undefined
    const names = page.map(({ username }) => username)
    return {
      reaction: await toReaction(sql, row, user.uid, names),
      ...(last && { next: toCursor([last.place, row.reactionId]) }),
    }
  }),
}

/** @throws Refusal `reactions_off` */
function checkIsOn({ app }: Call): void {
  if (!app.settings.reactions) throw new Refusal('reactions_off')
}

/** A message that takes reactions of this user. @throws Refusal `reaction_message_unknown`, `reaction_forbidden`, `reaction_no_member` */
async function getMessage(call: Call, sql: Sql, user: UserRow, msgId: number): Promise<MessageRow> {
  const row = await findLiveMessage(call, sql, msgId)
  if (row?.chatType === 'groupchat' && isOf(row, Number(row.target))) {
    if (await isMember(sql, Number(row.target), user.uid)) return row
    throw new Refusal('reaction_no_member')
  }
  if (row?.chatType !== 'chat') throw new Refusal('reaction_message_unknown')
  if (!isBetween(row, user) || (await isShutOut(call, sql, row, user)))
    throw new Refusal('reaction_forbidden')
  return row
}

function isBetween({ chatType, sender, target }: MessageRow, { username }: UserRow): boolean {
  return chatType === 'chat' && (sender === username || target === username)
}

/** Is it for all members of this group? */
function isOf({ conversation }: MessageRow, groupId: number): boolean {
  return conversation === `g:${groupId}`
}

/** The other one has blocked this user, who is not to reach it this way either. */
async function isShutOut(
  call: Call,
  sql: Sql,
  row: MessageRow,
  { uid, username }: UserRow,
): Promise<boolean> {
  const other = await findUserByName(sql, call.app.appId, otherOf(row, username))
  return other !== undefined && (await isBlocked(sql, uid, other.uid))
}

function otherOf({ sender, target }: MessageRow, username: string): string {
  return sender === username ? target : sender
}

/** All of a message, the earliest first, as one user sees them. */
export async function readReactions(sql: Sql, msgId: number, uid: number): Promise<Reaction[]> {
  const reactions: Reaction[] = []
  for (const row of await listReactions(sql, msgId)) {
    const users = await listReactionUsers(sql, row.reactionId, 0, reactionUsersShown)
    const names = users.map(({ username }) => username)
    reactions.push(await toReaction(sql, row, uid, names))
  }
  return reactions
}

async function toReaction(
  sql: Sql,
  { reactionId, reaction, userCount }: ReactionRow,
  uid: number,
  users: readonly string[],
): Promise<Reaction> {
  const isOwn = await hasReacted(sql, reactionId, uid)
  return { reactionId: String(reactionId), reaction, count: userCount, isOwn, users }
}

/** Everybody in the conversation, whoever has done it too: clients show what the server says. */
async function tellOfChange(
  call: Call,
  sql: Sql,
  message: MessageRow,
  { reaction }: ReactionRow,
  change: ReactionChange,
): Promise<void> {
  const { msgId, chatType, target } = message
  const left = await readReactions(sql, msgId, 0)
  const reactions = left.map(row => toSharedReactionJson(row, row.reaction === reaction ? change : undefined))
  if (!left.some(row => row.reaction === reaction)) {
    const none = { reactionId: '', reaction, count: 0, isOwn: false, users: [] }
    reactions.push(toSharedReactionJson(none, change))
  }
  const to = chatType === 'chat' ? otherOf(message, change.operator) : target
  const entry = { messageId: String(msgId), from: change.operator, to, channel_type: chatType, reactions }
  const data = [{ ...entry, ts: call.now }]
  const payload = JSON.stringify({ type: 'reaction', channel_type: chatType, num: 1, data })
  const notice: ServerNotice = { is: 'server_notice', payload }
  if (chatType !== 'chat') return tellGroup(call, sql, { groupId: Number(target) }, notice)
  const uids: number[] = []
  for (const name of [message.sender, target]) {
    const user = await findUserByName(sql, call.app.appId, name)
    if (user) uids.push(user.uid)
  }
  await tell(call, sql, uids, notice)
}
