// Users on the wire: the entity that every answer shows, and what a registration may hold.
import type { AccountRequest, User } from '../../contract/operations/users.ts'
import { Refusal } from '../../contract/refusal.ts'
import { toIdText } from '../http/json.ts'
import type { Members } from './route.ts'

/** Without a nickname and settings that were never set, and never with a password (easemob.md §1.5). */
export function toEntity(user: User): object {
  return {
    uuid: user.uuid,
    type: 'user',
    created: user.createdAt,
    modified: user.modifiedAt,
    username: user.username,
    activated: user.activated,
    nickname: user.nickname,
    ...user.pushSettings,
    pushInfo: user.bindings?.map(({ deviceName, token, notifier }) => ({
      device_Id: deviceName,
      device_token: token,
      notifier_name: notifier,
    })),
  }
}

/** What is no object has no members, so that it fails for its missing username (usergrid.md §3.2). */
export function toAccount(value: unknown): AccountRequest {
  const members = (typeof value === 'object' && value !== null ? value : {}) as Members
  const { username } = members
  const password = toText(members.password ?? members.pin)
  const nickname = toNickname(members.nickname)
  return {
    ...(typeof username === 'string' && { username }),
    ...(password !== undefined && { password }),
    ...(nickname && { nickname }),
  }
}

/** A number counts as its decimal text (easemob.md S-4); anything else is no text. */
export function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : toIdText(value)
}

/** @returns null = none. @throws Refusal `invalid_request` for what is no text */
export function toNickname(value: unknown): string | null {
  if (value === undefined || value === null) return null
  const text = toText(value)
  if (text === undefined) throw new Refusal('invalid_request')
  return text
}
