import type { PushSettings, User } from '../contract/operations/users.ts'
import type { UserRow } from '../store/users.ts'

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

export function readSettings({ pushSettings }: UserRow): PushSettings {
  return pushSettings === '{}' ? {} : JSON.parse(pushSettings)
}
