// Attributes of users: easemob.md §2.12. Texts of any name; clients show `nickname`, `avatarurl`, `phone`, `mail`, `gender`,
// `sign`, `birth` and `ext`.
import type { CallOptions } from '../caller.ts'
import { ask } from './ask.ts'
import type { EasemobClient } from './client.ts'
import type { UserRequest } from './users.ts'

/** What an app keeps of a user, a member or a room, by name. */
export type Attributes = Readonly<Record<string, string>>

const template = '/metadata/user/:username'

/** What is set of a user. */
export interface SetUserAttributes extends UserRequest {
  /** `''` takes one away; those not named stay. 2 KB a user, names and texts. */
  readonly attributes: Attributes
}

/** @returns all that the user has now */
export function setUserAttributes(client: EasemobClient, request: SetUserAttributes): Promise<Attributes> {
  // The one call of the API that takes a form.
  const call = { method: 'PUT', template, body: new URLSearchParams(request.attributes) }
  return ask(client, { ...call, params: { username: request.username } }, request)
}

/** All that is set of a user; `{}`: nothing. */
export function getUserAttributes(client: EasemobClient, request: UserRequest): Promise<Attributes> {
  return ask(client, { method: 'GET', template, params: { username: request.username } }, request)
}

/** Of which users. */
export interface GetAttributesOfUsers extends CallOptions {
  /** At most 100. */
  readonly usernames: readonly string[]
  /** Which attributes. */
  readonly names: readonly string[]
}

/** @returns by username; `{}` for a user that has none of them */
export function getAttributesOfUsers(
  client: EasemobClient,
  { usernames, names, ...options }: GetAttributesOfUsers,
): Promise<Readonly<Record<string, Attributes>>> {
  const body = { targets: usernames, properties: names }
  return ask(client, { method: 'POST', template: '/metadata/user/get', body }, options)
}

/** Deletes all attributes of a user. */
export async function deleteUserAttributes(client: EasemobClient, request: UserRequest): Promise<void> {
  await client.request({ method: 'DELETE', template, params: { username: request.username } }, request)
}

/** What the attributes of all users take, in bytes. */
export function countAttributeBytes(client: EasemobClient, options: CallOptions = {}): Promise<number> {
  return ask(client, { method: 'GET', template: '/metadata/user/capacity' }, options)
}
