// Users: easemob.md §2.2 and §2.3.
import type { CallOptions } from '../caller.ts'
import { PosthouseError } from '../error.ts'
import { mayHaveSucceeded, settle } from '../settle.ts'
import { ask, askList, askUser, once, type Page, type PageOf, piecesOf, toPage } from './ask.ts'
import type { EasemobClient } from './client.ts'
import { ofUser } from './place.ts'

/** A user as it is kept. */
export interface User extends PushSettings {
  readonly uuid: string
  readonly username: string
  /** Epoch ms. */
  readonly created: number
  readonly modified: number
  readonly activated: boolean
  readonly nickname?: string
  /** The devices that it is bound to. */
  readonly pushInfo?: readonly {
    readonly device_Id: string
    readonly device_token: string
    readonly notifier_name: string
  }[]
}

/** How a user is notified, in the older way; see also notifications.ts. */
export interface PushSettings {
  /** 0: "you have a message"; 1: the message itself. */
  readonly notification_display_style?: 0 | 1
  /** Quiet hours are kept. */
  readonly notification_no_disturbing?: boolean
  /** The hours that they begin and end in, 0–23. */
  readonly notification_no_disturbing_start?: number
  readonly notification_no_disturbing_end?: number
  /** Nothing is told of this group's messages. */
  readonly [ignored: `notification_ignore_${string}`]: boolean
}

/** The user to make. */
export interface NewUser {
  /** Up to 64 of `a-z 0-9 _ - .`; capital letters become small ones. */
  readonly username: string
  /** Up to 64 characters. */
  readonly password: string
  /** Up to 100 characters. */
  readonly nickname?: string
}

interface Entities {
  readonly entities: readonly User[]
  readonly cursor?: string
}

/** Which user is registered. */
export interface Register extends CallOptions {
  readonly user: NewUser
}

/**
 * Registers a user. Where the answer of an attempt was lost and the next one hears that the name is taken, the user is
 * looked up: it is this one. @throws PosthouseError `user_exists`
 */
export async function registerUser(client: EasemobClient, { user, ...options }: Register): Promise<User> {
  try {
    return await askUser(client, { method: 'POST', template: '/users', body: user }, options)
  } catch (error) {
    if (!(error instanceof PosthouseError) || !isTaken(error)) throw error
    return getUser(client, { username: user.username, ...options })
  }
}

/** The vendor's limit, for one call. */
const registeredAtOnceMax = 60

/** Which users are registered. */
export interface RegisterMany extends CallOptions {
  readonly users: readonly NewUser[]
}

/** Those who are registered, and those who are not. */
export interface RegisteredUsers {
  readonly users: readonly User[]
  readonly failed: readonly { readonly username: string; readonly registerUserFailReason: string }[]
}

/**
 * Registers users, 60 a call, and fewer where the server calls that too much. Where the answer of an attempt was lost and the
 * next one hears that names are taken, the users are looked up: where all are there, they are these.
 * @throws PosthouseError: those of earlier calls are registered, which `failed` of a repeat says
 */
export async function registerUsers(
  client: EasemobClient,
  { users, ...options }: RegisterMany,
): Promise<RegisteredUsers> {
  const registered: User[] = []
  const failed: RegisteredUsers['failed'][number][] = []
  const waiting = piecesOf(users, registeredAtOnceMax)
  for (let piece = waiting.shift(); piece; piece = waiting.shift()) {
    try {
      const { entities, data = [] } = await registerPiece(client, piece, options)
      registered.push(...entities)
      failed.push(...data)
    } catch (error) {
      if (!(error instanceof PosthouseError) || error.class !== 'too_large' || piece.length === 1) throw error
      waiting.unshift(...piecesOf(piece, Math.ceil(piece.length / 2)))
    }
  }
  return { users: registered, failed }
}

async function registerPiece(
  client: EasemobClient,
  users: readonly NewUser[],
  options: CallOptions,
): Promise<Entities & { readonly data?: RegisteredUsers['failed'] }> {
  try {
    const call = { method: 'POST', template: '/users', body: users, expects: ['entities.length'] }
    return await client.request(call, options)
  } catch (error) {
    if (!(error instanceof PosthouseError) || !isTaken(error)) throw error
    const found = users.map(({ username }) => getUser(client, { username, ...options }))
    const entities = await Promise.all(found).catch(() => undefined)
    if (!entities) throw error
    return { entities }
  }
}

/** An attempt whose answer was lost may have been the one that took the name. */
function isTaken(error: PosthouseError): boolean {
  return error.code === 'duplicate_unique_property_exists' && mayHaveSucceeded(error)
}

/** Which user. */
export interface UserRequest extends CallOptions {
  /** Or the user's uuid. */
  readonly username: string
}

/** One conversation of a user: with another one, or in a group. */
export type ConversationRequest = UserRequest &
  (
    | { readonly with: string; readonly groupId?: undefined }
    | { readonly groupId: string; readonly with?: undefined }
  )

/** @throws PosthouseError `user_unknown` */
export function getUser(client: EasemobClient, request: UserRequest): Promise<User> {
  return askUser(client, { method: 'GET', ...ofUser(request) }, request)
}

/** Which users. */
export interface ListUsers extends Page {
  /** In the vendor's query language, such as `select * where username='ann'`. */
  readonly ql?: string
}

/** The oldest first. `limit` up to 1 000 (`live` edition: 100), default 10. */
export async function listUsers(
  client: EasemobClient,
  { limit, cursor, ql, ...options }: ListUsers = {},
): Promise<PageOf<User>> {
  const call = {
    method: 'GET',
    template: '/users',
    query: { limit, cursor, ql },
    expects: ['entities.length'],
  }
  const page = await client.request<Entities>(call, options)
  return toPage(page.entities, page.cursor)
}

/** With the groups and rooms that it owns. */
export async function deleteUser(client: EasemobClient, request: UserRequest): Promise<void> {
  await settle(client.request({ method: 'DELETE', ...ofUser(request) }, request), 'missing')
}

/** How many users go. */
export interface DeleteUsers extends ListUsers {
  /** How many, up to 1 000 (`live` edition: 100). */
  readonly limit: number
}

/** Deletes users, whichever come first. A repeat would delete others. @returns those that are deleted */
export async function deleteUsers(
  client: EasemobClient,
  { limit, cursor, ql, ...options }: DeleteUsers,
): Promise<PageOf<User>> {
  const call = {
    method: 'DELETE',
    template: '/users',
    query: { limit, cursor, ql },
    expects: ['entities.length'],
  }
  const page = await client.request<Entities>({ ...call, ...once() }, options)
  return toPage(page.entities, page.cursor)
}

/** The user’s new password. */
export interface PasswordChange extends UserRequest {
  readonly newPassword: string
  /** For a user that calls it itself. */
  readonly oldPassword?: string
}

/** The user's tokens die, and its devices are sent away. */
export async function changePassword(client: EasemobClient, request: PasswordChange): Promise<void> {
  const body = { newpassword: request.newPassword, oldpassword: request.oldPassword }
  await client.request({ method: 'PUT', ...ofUser(request, '/password'), body }, request)
}

/** What is changed of a user; what is not named stays. */
export interface UserChanges extends UserRequest {
  /** The nickname, up to 100 characters, and how the user is notified. */
  readonly changes: PushSettings & { readonly nickname?: string }
}

/** @returns the user as it is now */
export function updateUser(client: EasemobClient, request: UserChanges): Promise<User> {
  return askUser(client, { method: 'PUT', ...ofUser(request), body: request.changes }, request)
}

/** A user and what it is called in notifications. */
export interface Nickname {
  readonly username: string
  readonly nickname: string
}

/** Whose nicknames are set. */
export interface SetNicknames extends CallOptions {
  /** At most 100. */
  readonly nicknames: readonly Nickname[]
}

/** @returns what is set */
export function setNicknames(client: EasemobClient, request: SetNicknames): Promise<readonly Nickname[]> {
  return askList(client, { method: 'PUT', template: '/push/nickname', body: request.nicknames }, request)
}

/** Is the user logged in on any device? */
export async function isOnline(client: EasemobClient, request: UserRequest): Promise<boolean> {
  const status = await ask<Readonly<Record<string, string>>>(
    client,
    { method: 'GET', ...ofUser(request, '/status') },
    request,
  )
  return Object.values(status)[0] === 'online'
}

/** Which users. */
export interface UsersRequest extends CallOptions {
  /** At most 100. */
  readonly usernames: readonly string[]
}

/** @returns the names of those who are online */
export async function getOnlineUsers(
  client: EasemobClient,
  { usernames, ...options }: UsersRequest,
): Promise<readonly string[]> {
  const call = { method: 'POST', template: '/users/batch/status', body: { usernames } }
  const statuses = await askList<Readonly<Record<string, string>>>(client, call, options)
  return statuses.flatMap(Object.entries).flatMap(([name, status]) => (status === 'online' ? [name] : []))
}

/** A device on which a user is logged in. */
export interface Session {
  /** The device's name in messages and presence. */
  readonly res: string
  readonly device_uuid: string
  readonly device_name: string
}

/** Where the user is logged in. */
export function getSessions(client: EasemobClient, request: UserRequest): Promise<readonly Session[]> {
  return askList(client, { method: 'GET', ...ofUser(request, '/resources') }, request)
}

/** Messages that wait for the user. */
export async function countOfflineMessages(client: EasemobClient, request: UserRequest): Promise<number> {
  const counts = await ask<Readonly<Record<string, number>>>(
    client,
    { method: 'GET', ...ofUser(request, '/offline_msg_count') },
    request,
  )
  return Object.values(counts)[0] ?? 0
}

/** A message, and whom it was sent to. */
export interface MessageOfUser extends UserRequest {
  readonly messageId: string
}

/** Has the user got the message, or does it wait? One that was never sent to the user counts as delivered. */
export async function isDelivered(client: EasemobClient, request: MessageOfUser): Promise<boolean> {
  const status = await ask<Readonly<Record<string, string>>>(
    client,
    { method: 'GET', ...ofUser(request, '/offline_msg_status/:message', { message: request.messageId }) },
    request,
  )
  return Object.values(status)[0] === 'delivered'
}

/** The user can no longer log in, and is sent away. */
export async function deactivateUser(client: EasemobClient, request: UserRequest): Promise<void> {
  await client.request({ method: 'POST', ...ofUser(request, '/deactivate') }, request)
}

/** A user who was deactivated can log in again. */
export async function activateUser(client: EasemobClient, request: UserRequest): Promise<void> {
  await client.request({ method: 'POST', ...ofUser(request, '/activate') }, request)
}

/** Which user is sent away, from which device. */
export interface Disconnect extends UserRequest {
  /** One device; absent: all. */
  readonly resource?: string
}

/** Sends the user's devices away; they may log in again. */
export async function disconnectUser(
  client: EasemobClient,
  { resource, ...request }: Disconnect,
): Promise<void> {
  const call = resource
    ? ofUser(request, '/disconnect/:resource', { resource })
    : ofUser(request, '/disconnect')
  await client.request({ method: 'GET', ...call }, request)
}
