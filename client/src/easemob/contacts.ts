// Contacts, and whom a user has blocked: easemob.md §2.4 and §2.5. For the app, or for the user itself.
import { settle } from '../settle.ts'
import { ask, askList, askPage, askUser, once, type Page, type PageOf, toPage } from './ask.ts'
import type { EasemobClient } from './client.ts'
import { ofUser } from './place.ts'
import type { User, UserRequest, UsersRequest } from './users.ts'

/** A user and another one. */
export interface ContactRequest extends UserRequest {
  /** The other user. */
  readonly contact: string
}

const one = '/contacts/users/:contact'

function change(client: EasemobClient, method: string, request: ContactRequest): Promise<User> {
  return askUser(client, { method, ...ofUser(request, one, { contact: request.contact }) }, request)
}

/** Makes two users contacts of each other; those who are stay so. @returns the contact */
export function addContact(client: EasemobClient, request: ContactRequest): Promise<User> {
  return change(client, 'POST', request)
}

/** Makes two users contacts no more; those who are none stay so. @returns the other one */
export function removeContact(client: EasemobClient, request: ContactRequest): Promise<User> {
  return change(client, 'DELETE', request)
}

/** A contact of a user. */
export interface Contact {
  readonly username: string
  /** What the user calls it; null: nothing. */
  readonly remark: string | null
}

/** The newest first. `limit` up to 50, default 10. */
export async function listContacts(
  client: EasemobClient,
  { username, limit, cursor, ...options }: UserRequest & Page,
): Promise<PageOf<Contact>> {
  const { contacts, cursor: next } = await ask<{ contacts: readonly Contact[]; cursor?: string }>(
    client,
    {
      method: 'GET',
      template: '/user/:username/contacts',
      params: { username },
      query: { limit, cursor, needReturnRemark: true },
      expects: ['data.contacts.length'],
    },
    options,
  )
  return toPage(contacts, next)
}

/** The names of all contacts, the newest first. */
export function getContactNames(client: EasemobClient, request: UserRequest): Promise<readonly string[]> {
  return askList(client, { method: 'GET', ...ofUser(request, '/contacts/users') }, request)
}

/** What a user calls a contact. */
export interface ContactRemark extends ContactRequest {
  /** Up to 100 characters; `''`: none. */
  readonly remark: string
}

/** What the user calls a contact. @throws PosthouseError of the class `missing` for who is none */
export async function setContactRemark(client: EasemobClient, request: ContactRemark): Promise<void> {
  const { username, contact, remark } = request
  const params = { username, contact }
  const call = { method: 'PUT', template: '/user/:username/contacts/users/:contact', params }
  await client.request({ ...call, body: { remark } }, request)
}

/** Whom a user asks to be contacts. */
export interface ContactInvitation extends UserRequest {
  /** At most 60. */
  readonly usernames: readonly string[]
  readonly reason?: string
}

/** Asks users to become contacts. A repeat would ask again. */
export async function inviteContacts(client: EasemobClient, request: ContactInvitation): Promise<void> {
  const body = { usernames: request.usernames, reason: request.reason }
  const call = { method: 'POST', ...ofUser(request, '/contacts/apply'), body }
  await client.request({ ...call, ...once() }, request)
}

/** Both are contacts then. */
export async function acceptContact(client: EasemobClient, request: ContactRequest): Promise<void> {
  const call = ofUser(request, '/contacts/accept/users/:contact', { contact: request.contact })
  await client.request({ method: 'POST', ...call }, request)
}

/** They do not become contacts; who has asked is told. */
export async function declineContact(client: EasemobClient, request: ContactRequest): Promise<void> {
  const call = ofUser(request, '/contacts/decline/users/:contact', { contact: request.contact })
  await settle(client.request({ method: 'POST', ...call }, request), 'missing')
}

const blocks = '/blocks/users'

/** They cannot write to the user; 500 in all. @returns those of this call @throws PosthouseError where one does not exist: none is blocked */
export function blockUsers(
  client: EasemobClient,
  request: UserRequest & UsersRequest,
): Promise<readonly string[]> {
  const call = { method: 'POST', ...ofUser(request, blocks), body: { usernames: request.usernames } }
  return askList(client, call, request)
}

/** A user and one whom it has blocked. */
export interface Unblock extends UserRequest {
  /** Who is blocked no more; who was not stays so. */
  readonly blocked: string
}

/** The other may write to the user again. */
export async function unblockUser(client: EasemobClient, request: Unblock): Promise<void> {
  const call = ofUser(request, `${blocks}/:blocked`, { blocked: request.blocked })
  await client.request({ method: 'DELETE', ...call }, request)
}

/** The newest first. `limit` up to 50; with neither limit nor cursor all. */
export function listBlockedUsers(
  client: EasemobClient,
  { limit, cursor, ...request }: UserRequest & Page,
): Promise<PageOf<string>> {
  return askPage(client, { ...ofUser(request, blocks), query: { pageSize: limit, cursor } }, request)
}
