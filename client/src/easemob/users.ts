// Users: easemob.md §2.2 and §2.3.
import type { CallOptions } from '../caller.ts'
import { PosthouseError } from '../error.ts'
import { type EasemobClient, mayHaveSucceeded } from './client.ts'

export interface User {
  readonly uuid: string
  readonly username: string
  /** Epoch ms. */
  readonly created: number
  readonly modified: number
  readonly activated: boolean
  readonly nickname?: string
}

export interface NewUser {
  readonly username: string
  readonly password: string
  readonly nickname?: string
}

interface Entities {
  readonly entities: readonly User[]
  readonly cursor?: string
}

export interface Register extends CallOptions {
  readonly user: NewUser
}

/**
 * Registers a user. Where the answer of an attempt was lost and the next one hears that the name is taken, the user is
 * looked up: it is this one. @throws PosthouseError `user_exists`
 */
export async function registerUser(client: EasemobClient, { user, ...options }: Register): Promise<User> {
  try {
    const { entities } = await client.request<Entities>(
      { method: 'POST', template: '/users', body: user, expects: ['entities'] },
      options,
    )
    return entities[0]!
  } catch (error) {
    if (!(error instanceof PosthouseError) || error.code !== 'duplicate_unique_property_exists') throw error
    if (!mayHaveSucceeded(error)) throw error
    return getUser(client, { username: user.username, ...options })
  }
}

/** The vendor's limit, for one call. */
const registeredAtOnceMax = 60

export interface RegisterMany extends CallOptions {
  readonly users: readonly NewUser[]
}

export interface RegisteredUsers {
  readonly users: readonly User[]
  readonly failed: readonly { readonly username: string; readonly registerUserFailReason: string }[]
}

/** Registers users, 60 a call. @throws PosthouseError: those of earlier calls are registered, which `failed` of a repeat says */
export async function registerUsers(
  client: EasemobClient,
  { users, ...options }: RegisterMany,
): Promise<RegisteredUsers> {
  const registered: User[] = []
  const failed: RegisteredUsers['failed'][number][] = []
  for (let start = 0; start < users.length; start += registeredAtOnceMax) {
    const body = users.slice(start, start + registeredAtOnceMax)
    const { entities, data } = await client.request<Entities & { readonly data?: RegisteredUsers['failed'] }>(
      { method: 'POST', template: '/users', body, expects: ['entities'] },
      options,
    )
    registered.push(...entities)
    failed.push(...(data ?? []))
  }
  return { users: registered, failed }
}

export interface UserRequest extends CallOptions {
  readonly username: string
}

const one = '/users/:username'

/** @throws PosthouseError `user_unknown` */
export async function getUser(client: EasemobClient, { username, ...options }: UserRequest): Promise<User> {
  const call = { method: 'GET', template: one, params: { username }, expects: ['entities'] }
  return (await client.request<Entities>(call, options)).entities[0]!
}

export interface Page extends CallOptions {
  readonly limit?: number
  /** Of the page before. */
  readonly cursor?: string
}

export interface UserPage {
  readonly users: readonly User[]
  /** Absent: there are no more. */
  readonly cursor?: string
}

export async function listUsers(
  client: EasemobClient,
  { limit, cursor, ...options }: Page = {},
): Promise<UserPage> {
  const call = { method: 'GET', template: '/users', query: { limit, cursor }, expects: ['entities'] }
  const { entities, cursor: next } = await client.request<Entities>(call, options)
  return { users: entities, ...(next !== undefined && { cursor: next }) }
}

export async function deleteUser(
  client: EasemobClient,
  { username, ...options }: UserRequest,
): Promise<void> {
  await client.request({ method: 'DELETE', template: one, params: { username } }, options)
}

export interface PasswordChange extends UserRequest {
  readonly newPassword: string
}

/** The user's tokens die, and its devices are sent away. */
export async function changePassword(
  client: EasemobClient,
  { username, newPassword, ...options }: PasswordChange,
): Promise<void> {
  const body = { newpassword: newPassword }
  await client.request({ method: 'PUT', template: `${one}/password`, params: { username }, body }, options)
}

export interface UserChanges extends UserRequest {
  /** As the API names them: `nickname`, `notification_display_style`, `notification_no_disturbing`, … */
  readonly changes: Readonly<Record<string, unknown>>
}

export async function updateUser(
  client: EasemobClient,
  { username, changes, ...options }: UserChanges,
): Promise<void> {
  await client.request({ method: 'PUT', template: one, params: { username }, body: changes }, options)
}

interface Data<Value> {
  readonly data: Value
}

export async function isOnline(
  client: EasemobClient,
  { username, ...options }: UserRequest,
): Promise<boolean> {
  const call = { method: 'GET', template: `${one}/status`, params: { username }, expects: ['data'] }
  const { data } = await client.request<Data<Readonly<Record<string, string>>>>(call, options)
  return Object.values(data)[0] === 'online'
}

export interface UsersRequest extends CallOptions {
  /** At most 100. */
  readonly usernames: readonly string[]
}

/** @returns the names of those who are online */
export async function listOnline(
  client: EasemobClient,
  { usernames, ...options }: UsersRequest,
): Promise<readonly string[]> {
  const call = { method: 'POST', template: '/users/batch/status', body: { usernames }, expects: ['data'] }
  const { data } = await client.request<Data<readonly Readonly<Record<string, string>>[]>>(call, options)
  return data.flatMap(Object.entries).flatMap(([name, status]) => (status === 'online' ? [name] : []))
}

/** Messages that wait for the user. */
export async function countOfflineMessages(
  client: EasemobClient,
  { username, ...options }: UserRequest,
): Promise<number> {
  const call = {
    method: 'GET',
    template: `${one}/offline_msg_count`,
    params: { username },
    expects: ['data'],
  }
  const { data } = await client.request<Data<Readonly<Record<string, number>>>>(call, options)
  return Object.values(data)[0] ?? 0
}

export interface MessageOfUser extends UserRequest {
  readonly messageId: string
}

/** Has the user got the message, or does it wait? */
export async function isDelivered(
  client: EasemobClient,
  { username, messageId, ...options }: MessageOfUser,
): Promise<boolean> {
  const template = `${one}/offline_msg_status/:message`
  const params = { username, message: messageId }
  const call = { method: 'GET', template, params, expects: ['data'] }
  const { data } = await client.request<Data<Readonly<Record<string, string>>>>(call, options)
  return Object.values(data)[0] === 'delivered'
}

/** The user can no longer log in, and is sent away. */
export async function deactivateUser(
  client: EasemobClient,
  { username, ...options }: UserRequest,
): Promise<void> {
  await client.request({ method: 'POST', template: `${one}/deactivate`, params: { username } }, options)
}

export async function activateUser(
  client: EasemobClient,
  { username, ...options }: UserRequest,
): Promise<void> {
  await client.request({ method: 'POST', template: `${one}/activate`, params: { username } }, options)
}

export interface Disconnect extends UserRequest {
  /** One device; absent: all. */
  readonly resource?: string
}

/** Sends the user's devices away; they may log in again. */
export async function disconnectUser(
  client: EasemobClient,
  { username, resource, ...options }: Disconnect,
): Promise<void> {
  const [template, params] = resource
    ? [`${one}/disconnect/:resource`, { username, resource }]
    : [`${one}/disconnect`, { username }]
  await client.request({ method: 'GET', template, params }, options)
}
