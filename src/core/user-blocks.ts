// Whom users have blocked: it keeps the blocked one's messages and invitations from them, and nothing else.
import { easemobLimits } from '../contract/limits.ts'
import type { ContactOperations } from '../contract/operations/contacts.ts'
import { Refusal } from '../contract/refusal.ts'
import { deleteInvitation } from '../store/contacts.ts'
import type { Sql } from '../store/db.ts'
import { countBlocks, deleteBlock, insertBlock, isBlocked, listBlocks } from '../store/user-blocks.ts'
import { findUser, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { callBackOfContact } from './callback-events.ts'
import { lastPlace, readCursor, toCursor } from './group-places.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { getUser, toUser } from './user-record.ts'

type BlockOperation = Extract<keyof ContactOperations, `block.${string}`>

export const blockHandlers: Handlers<BlockOperation> = {
  'block.add': writes(async (call, { owner: text, users }, sql) => {
    const owner = await getUser(call, sql, text)
    const blocked = await getBlocked(call, sql, owner, users)
    await checkLimit(sql, owner, blocked)
    for (const { uid, username } of blocked) {
      await callBackOfContact(call, sql, owner.username, username, 'blocked')
      await insertBlock(sql, owner.uid, uid, call.now)
      await deleteInvitation(sql, owner.uid, uid)
      await deleteInvitation(sql, uid, owner.uid)
    }
    return { usernames: blocked.map(({ username }) => username) }
  }),

  'block.list': reads(async (call, { owner, limit, cursor }, sql) => {
    const { uid } = await getUser(call, sql, owner)
    const [at, after] = readCursor(cursor) ?? lastPlace
    const rows = await listBlocks(sql, uid, { at, uid: after }, limit + 1)
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return {
      usernames: shown.map(({ username }) => username),
      ...(last && { next: toCursor([last.blockedAt, last.blockedUid]) }),
    }
  }),

  'block.remove': writes(async (call, pair, sql) => {
    const owner = await getUser(call, sql, pair.owner)
    const user = await getUser(call, sql, pair.user)
    await unblock(call, sql, owner, user)
    return { owner: toUser(owner), user: toUser(user) }
  }),

  'block.remove_many': writes(async (call, { owner: text, users }, sql) => {
    const owner = await getUser(call, sql, text)
    const usernames = new Set<string>()
    for (const name of users) {
      const user = await findUser(sql, call.app.appId, name)
      if (!user) continue
      await unblock(call, sql, owner, user)
      usernames.add(user.username)
    }
    return { usernames: [...usernames] }
  }),
}

async function unblock(call: Call, sql: Sql, owner: UserRow, user: UserRow): Promise<void> {
  await deleteBlock(sql, owner.uid, user.uid)
  await callBackOfContact(call, sql, owner.username, user.username, 'unblocked')
}

/** @throws Refusal `blocks_too_many` */
async function checkLimit(sql: Sql, owner: UserRow, users: readonly UserRow[]): Promise<void> {
  let count = await countBlocks(sql, owner.uid)
  for (const { uid } of users) if (!(await isBlocked(sql, uid, owner.uid))) count++
  if (count > easemobLimits.blocksMax) throw new Refusal('blocks_too_many')
}

/** Each once. @throws Refusal `block_user_unknown`, `invalid_request` for the owner itself */
async function getBlocked(
  call: Call,
  sql: Sql,
  owner: UserRow,
  names: readonly string[],
): Promise<UserRow[]> {
  const users = new Map<number, UserRow>()
  for (const name of names) {
    const user = await findUser(sql, call.app.appId, name)
    if (!user) throw new Refusal('block_user_unknown', { username: name, owner: owner.username })
    if (user.uid === owner.uid) throw new Refusal('invalid_request')
    users.set(user.uid, user)
  }
  return [...users.values()]
}
