// The list of a user's conversations: which there are, what waits to be read in each, what the user pins, marks and takes
// off the list. Its other devices are told of that.
import { easemobLimits } from '../contract/limits.ts'
import type { Conversation, ConversationOperations } from '../contract/operations/conversations.ts'
import type { ConversationName } from '../contract/operations/history.ts'
import type { InboxOperations } from '../contract/operations/inbox.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import { messageIdAt } from '../lib/message-id.ts'
import {
  type ConversationRow,
  countUnread,
  findConversation,
  listConversations,
  markConversation,
  pinConversation,
  readConversation,
  removeConversation,
} from '../store/conversations.ts'
import type { Sql } from '../store/db.ts'
import { isMember } from '../store/group-members.ts'
import { findGroup } from '../store/groups.ts'
import { listRoaming, startHistory } from '../store/roaming.ts'
import { isUserOnline } from '../store/user-devices.ts'
import type { UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { messageEntry } from './entries.ts'
import { toGroupId } from './group-lookup.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { oldestMessageId } from './message-pages.ts'
import { conversationOf } from './send.ts'
import { deliver, keepNotice, serverQueue } from './tell.ts'
import { getUser } from './user-record.ts'

const { conversationGroupsMax, conversationMarks, unreadMax } = easemobLimits

const allMarks: readonly number[] = Array.from({ length: conversationMarks }, (_, mark) => mark)

export const conversationHandlers: Handlers<keyof ConversationOperations> = {
  'conversation.list': reads(async (call, args, sql) => {
    const user = await getUser(call, sql, args.user)
    const listed = (await listAll(call, sql, user)).filter(isWanted(args)).toSorted(inOrder(args))
    const after = readCursor(args.cursor)
    const found = after ? listed.findIndex(row => isAfter(row, after, args)) : (args.offset ?? 0)
    const start = found < 0 ? listed.length : found
    const page = listed.slice(start, start + args.limit)
    const conversations: Conversation[] = []
    for (const row of page) conversations.push(await toConversation(call, sql, user, row))
    const hasMore = page.length > 0 && start + args.limit < listed.length
    const next = hasMore ? toCursor(placeOf(page.at(-1)!, args)) : undefined
    return { conversations, ...(next !== undefined && { next }) }
  }),

  'conversation.pin': writes(async (call, { conversation: wanted, isPinned, ...change }, sql) => {
    const user = await getUser(call, sql, change.user)
    const name = await getName(call, sql, user, wanted)
    await call.world.keptConversations.keep(call, sql, user.uid, name, 0)
    const before = (await findConversation(sql, user.uid, name))?.pinnedAt ?? 0
    const pinnedAt = isPinned ? before || call.now : 0
    await pinConversation(sql, user.uid, name, pinnedAt)
    await tellDevices(call, sql, user, { ...change, op: isPinned ? 'top' : 'not_top', conversation: wanted })
    return { pinnedAt }
  }),

  'conversation.mark': writes(async (call, { conversations, mark, isMarked, ...change }, sql) => {
    const user = await getUser(call, sql, change.user)
    const ignored: ConversationName[] = []
    for (const conversation of conversations) {
      const name = await findName(call, sql, user, conversation)
      if (name === undefined) {
        ignored.push(conversation)
        continue
      }
      await call.world.keptConversations.keep(call, sql, user.uid, name, 0)
      const { marks = 0 } = (await findConversation(sql, user.uid, name)) ?? {}
      await markConversation(sql, user.uid, name, isMarked ? marks | (1 << mark) : marks & ~(1 << mark))
      const op = isMarked ? 'mark' : 'mark_delete'
      await tellDevices(call, sql, user, { ...change, op, conversation, ext: `mark_${mark}` })
    }
    return { ignored }
  }),

  'conversation.remove': writes(async (call, { conversation, withMessages, ...change }, sql) => {
    const user = await getUser(call, sql, change.user)
    const { isGroup } = conversation
    const name = isGroup ? await getName(call, sql, user, conversation) : nameOf(user, conversation)
    const through = call.world.ids.last
    if (withMessages) await startHistory(sql, user.uid, name, through)
    // Users without a row are not listed; groups are.
    if (isGroup) await call.world.keptConversations.keep(call, sql, user.uid, name, 0)
    await removeConversation(sql, user.uid, name, through)
    await tellDevices(call, sql, user, { ...change, op: 'del', conversation })
    return {}
  }),

  'conversation.remove_all': writes(async (call, { user: text }, sql) => {
    const { uid } = await getUser(call, sql, text)
    const through = call.world.ids.last
    const rows = await listConversations(sql, call.app.appId, uid, conversationGroupsMax)
    for (const { conversation } of rows) {
      await startHistory(sql, uid, conversation, through)
      if (conversation.startsWith('g:'))
        await call.world.keptConversations.keep(call, sql, uid, conversation, 0)
      await removeConversation(sql, uid, conversation, through)
    }
    return {}
  }),
}

type ClientSignal = InboxOperations['inbox.signal']['args']

/** Whoever says that it has read a message, or all of a conversation, has nothing left to read up to there. */
export async function noteRead(call: Call, sql: Sql, message: ClientSignal): Promise<void> {
  const { signal, chatType, uid, from, about } = message
  if (chatType === 'chatroom' || (signal !== 'read' && signal !== 'channel_read')) return
  const { last } = call.world.ids
  const through = signal === 'channel_read' ? last : about
  if (!(through > 0 && through <= last)) return
  const name = conversationOf(chatType, from, lowerAscii(message.to))
  if (chatType === 'groupchat') await call.world.keptConversations.keep(call, sql, uid, name, 0)
  await readConversation(sql, uid, name, through)
}

type Listed = ConversationRow & { readonly isEmpty: boolean }
type Wish = ConversationOperations['conversation.list']['args']

async function listAll(call: Call, sql: Sql, { uid }: UserRow): Promise<Listed[]> {
  const rows = await listConversations(sql, call.app.appId, uid, conversationGroupsMax)
  const oldest = oldestMessageId(call.world)
  return rows
    .filter(({ removedThrough, last }) => removedThrough === 0 || last > removedThrough)
    .map(row => ({ ...row, isEmpty: row.last < oldest || row.last <= row.startsAfter }))
}

function isWanted({ only, withEmpty }: Wish): (row: Listed) => boolean {
  return ({ isEmpty, pinnedAt, marks }) => {
    if (isEmpty && !withEmpty) return false
    if (only === 'pinned') return pinnedAt > 0
    return only === undefined || (marks & (1 << only.mark)) !== 0
  }
}

/** Where a conversation stands in the list: by a moment or an id, then by name. */
type Place = readonly [at: number, name: string]

function placeOf(row: Listed, { only }: Wish): Place {
  return [only === 'pinned' ? row.pinnedAt : row.last, row.conversation]
}

function inOrder(wish: Wish): (one: Listed, other: Listed) => number {
  return (one, other) => comparePlaces(placeOf(one, wish), placeOf(other, wish))
}

function isAfter(row: Listed, place: Place, wish: Wish): boolean {
  return comparePlaces(placeOf(row, wish), place) > 0
}

function comparePlaces([at, name]: Place, [otherAt, otherName]: Place): number {
  return otherAt - at || (name < otherName ? -1 : name > otherName ? 1 : 0)
}

function toCursor([at, name]: Place): string {
  return Buffer.from(`${at} ${name}`).toString('base64url')
}

/** Undefined for what is no cursor: such a page begins at the start (easemob.md §1.11). */
function readCursor(cursor: string | undefined): Place | undefined {
  const found = cursor && /^(\d{1,16}) (.+)$/.exec(Buffer.from(cursor, 'base64url').toString())
  return found ? [Number(found[1]), found[2]!] : undefined
}

async function toConversation(
  call: Call,
  sql: Sql,
  { uid, username }: UserRow,
  row: Listed,
): Promise<Conversation> {
  const { conversation, startsAfter, removedThrough, readThrough, joinedAt, pinnedAt, marks } = row
  const place = { appId: call.app.appId, uid, conversation }
  const oldest = oldestMessageId(call.world) - 1
  const after = Math.max(startsAfter, oldest)
  // What was said before one came is nothing one has missed.
  const unreadAfter = Math.max(
    after,
    removedThrough,
    readThrough,
    joinedAt > 0 ? messageIdAt(joinedAt) - 1 : 0,
  )
  const newest = { ...place, after, before: Number.MAX_SAFE_INTEGER, order: 'newest_first' } as const
  // Where nobody reads earlier messages again, not even the newest of them.
  const isRead = call.app.settings.message_roaming && !row.isEmpty
  const [last] = isRead ? await listRoaming(sql, newest, 1) : []
  return {
    ...otherSideOf(conversation, username),
    pinnedAt,
    marks: allMarks.filter(mark => (marks & (1 << mark)) !== 0),
    unread: await countUnread(sql, place, username, unreadAfter, unreadMax),
    ...(last && { last: messageEntry(last) }),
  }
}

function otherSideOf(conversation: string, username: string): ConversationName {
  if (conversation.startsWith('g:')) return { with: conversation.slice(2), isGroup: true }
  const [one, other] = conversation.slice(2).split(' ') as [string, string]
  return { with: one === username ? other : one, isGroup: false }
}

function nameOf({ username }: UserRow, { with: other, isGroup }: ConversationName): string {
  return conversationOf(isGroup ? 'groupchat' : 'chat', username, lowerAscii(other))
}

/** The name of a conversation that the user can have; undefined = the other side is not there, or closed to it. */
async function findName(
  call: Call,
  sql: Sql,
  user: UserRow,
  wanted: ConversationName,
): Promise<string | undefined> {
  if (wanted.isGroup) {
    const groupId = toGroupId(wanted.with)
    const group = groupId === undefined ? undefined : await findGroup(sql, call.app.appId, 'group', groupId)
    return group && (await isMember(sql, group.groupId, user.uid)) ? `g:${group.groupId}` : undefined
  }
  const name = nameOf(user, wanted)
  if (await findConversation(sql, user.uid, name)) return name
  const other = await call.world.userIds.find(call, sql, lowerAscii(wanted.with))
  return other === undefined ? undefined : name
}

/** @throws Refusal `roaming_no_member`, `user_unknown` */
async function getName(call: Call, sql: Sql, user: UserRow, wanted: ConversationName): Promise<string> {
  const name = await findName(call, sql, user, wanted)
  if (name === undefined) throw new Refusal(wanted.isGroup ? 'roaming_no_member' : 'user_unknown')
  return name
}

interface Told {
  readonly op: 'del' | 'top' | 'not_top' | 'mark' | 'mark_delete'
  readonly conversation: ConversationName
  readonly resource: string
  readonly ext?: string
}

/** What a user does on one device shows on the others that are online; who comes later asks for the list. */
async function tellDevices(call: Call, sql: Sql, user: UserRow, told: Told): Promise<void> {
  if (!(await isUserOnline(sql, user.uid))) return
  const { op, conversation, resource, ext } = told
  const data = {
    op,
    id: conversation.with,
    type: conversation.isGroup ? 'groupchat' : 'chat',
    from: user.username,
    res: resource,
    ts: call.now,
    ...(ext !== undefined && { ext }),
  }
  const payload = JSON.stringify({ type: 'conv', data })
  const entryId = await keepNotice(call, sql, { is: 'server_notice', payload })
  await deliver(call, sql, user.uid, serverQueue, { entryId, origin: 0, isTransient: true })
}
