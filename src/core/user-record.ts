// Finding the users that operations name, and user rows as the doors see them.
import type { PushSettings, User } from '../contract/operations/users.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { listBindings } from '../store/user-bindings.ts'
import { findUser, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'

/** @param text a username in any letter case, or a uuid. @throws Refusal `user_unknown` */
export async function getUser(call: Call, sql: Sql, text: string): Promise<UserRow> {
  const user = await findUser(sql, call.app.appId, text)
  if (!user) throw new Refusal('user_unknown')
  return user
}

/** A user as the doors get to see it: without what is secret. */
export function toUser(row: UserRow): User {
  const { uuid, username, nickname, activated, createdAt, modifiedAt } = row
  return {
    uuid,
    username,
    ...(nickname !== null && { nickname }),
    activated: activated === 1,
    createdAt,
    modifiedAt,
    pushSettings: readSettings(row),
  }
}

/** As `toUser`, with its bindings. */
export async function toBoundUser(sql: Sql, row: UserRow): Promise<User> {
  const rows = await listBindings(sql, row.uid)
  const bindings = rows.map(({ deviceName, notifier, token }) => ({ deviceName, notifier, token }))
  return { ...toUser(row), ...(bindings.length > 0 && { bindings }) }
}

export function readSettings({ pushSettings }: UserRow): PushSettings {
  return pushSettings === '{}' ? {} : JSON.parse(pushSettings)
}
