// Threads of groups: easemob.md §2.12. For the app, or for members with their own tokens.
import type { CallOptions } from '../caller.ts'
import { settle } from '../settle.ts'
import { ask, once, type Page, type PageOf, toPage } from './ask.ts'
import type { EasemobCall, EasemobClient } from './client.ts'
import type { ChatType, SentMessage } from './history.ts'
import type { MemberChange } from './members.ts'

/** The thread to make. */
export interface NewThread extends CallOptions {
  readonly groupId: string
  /** The message that it is about; each has one thread at most. */
  readonly messageId: string
  /** Up to 64 characters. */
  readonly name: string
  readonly owner: string
}

/** @returns the thread's id. A repeat would be refused: at a Posthouse it is known, elsewhere it is not made */
export async function createThread(
  client: EasemobClient,
  { groupId, messageId, name, owner, ...options }: NewThread,
): Promise<string> {
  const body = { group_id: groupId, msg_id: messageId, name, owner }
  const call = { method: 'POST', template: '/thread', body, expects: ['data.thread_id'], ...once() }
  return (await ask<{ readonly thread_id: string }>(client, call, options)).thread_id
}

/** Which thread. */
export interface ThreadRequest extends CallOptions {
  readonly threadId: string
}

const one = '/thread/:thread'

function of({ threadId }: ThreadRequest, below = '', more = {}): Pick<EasemobCall, 'template' | 'params'> {
  return { template: one + below, params: { thread: threadId, ...more } }
}

/** What a thread is called now. */
export interface RenameThread extends ThreadRequest {
  /** Up to 64 characters. */
  readonly name: string
}

/** Calls a thread otherwise. */
export async function renameThread(client: EasemobClient, request: RenameThread): Promise<void> {
  await client.request({ method: 'PUT', ...of(request), body: { name: request.name } }, request)
}

/** Deletes a thread with what was said in it. */
export async function deleteThread(client: EasemobClient, request: ThreadRequest): Promise<void> {
  await settle(client.request({ method: 'DELETE', ...of(request) }, request), 'missing')
}

/** A thread as it is kept. */
export interface Thread {
  readonly id: string
  readonly name: string
  readonly owner: string
  readonly msgId: string
  readonly groupId: string
  /** Epoch ms. */
  readonly created: number
}

/** @throws PosthouseError of the class `missing` */
export function getThread(
  client: EasemobClient,
  request: ThreadRequest,
): Promise<Thread & { readonly affiliations_count: number }> {
  return ask(client, { method: 'GET', ...of(request), expects: ['data.id'] }, request)
}

interface ThreadsPage extends Page {
  /** By age, or by when the user joined. Default `desc`: the newest first. */
  readonly sort?: 'asc' | 'desc'
}

async function list<Item>(
  client: EasemobClient,
  call: Pick<EasemobCall, 'template' | 'params'>,
  { limit, cursor, sort, signal }: ThreadsPage,
): Promise<PageOf<Item>> {
  const { entities, properties } = await client.request<{
    readonly entities: readonly Item[]
    readonly properties?: { readonly cursor?: string }
  }>({ method: 'GET', ...call, query: { limit, cursor, sort }, expects: ['entities.length'] }, { signal })
  return toPage(entities, properties?.cursor)
}

/** The ids of all threads, for the app. `limit` up to 50, default 20. */
export function listThreads(
  client: EasemobClient,
  page: ThreadsPage = {},
): Promise<PageOf<{ readonly id: string }>> {
  return list(client, { template: '/thread' }, page)
}

/** Of which group. */
export interface ListGroupThreads extends ThreadsPage {
  readonly groupId: string
}

/** Those of a group. `limit` up to 50, default 20. */
export function listGroupThreads(
  client: EasemobClient,
  { groupId, ...page }: ListGroupThreads,
): Promise<PageOf<Thread>> {
  return list(client, { template: '/threads/chatgroups/:group', params: { group: groupId } }, page)
}

/** Of which user. */
export interface ListJoinedThreads extends ThreadsPage {
  readonly username: string
  /** Absent: of every group. */
  readonly groupId?: string
}

/** Those that a user is in. `limit` up to 50, default 20. */
export function listJoinedThreads(
  client: EasemobClient,
  { username, groupId, ...page }: ListJoinedThreads,
): Promise<PageOf<Thread>> {
  const call =
    groupId === undefined
      ? { template: '/threads/user/:username', params: { username } }
      : { template: '/threads/chatgroups/:group/user/:username', params: { group: groupId, username } }
  return list(client, call, page)
}

/** The names of its members. `limit` up to 50, default 20. */
export async function listThreadMembers(
  client: EasemobClient,
  { limit, cursor, ...request }: ThreadRequest & Page,
): Promise<PageOf<string>> {
  const call = { method: 'GET', ...of(request, '/users'), query: { limit, cursor } }
  const { data, properties } = await client.request<{
    readonly data: { readonly affiliations: readonly string[] }
    readonly properties?: { readonly cursor?: string }
  }>({ ...call, expects: ['data.affiliations.length'] }, request)
  return toPage(data.affiliations, properties?.cursor)
}

/** Which members of a thread. */
export interface ThreadMembers extends ThreadRequest {
  /** At most 10. */
  readonly usernames: readonly string[]
}

/** Puts members of the group into it. */
export async function addThreadMembers(client: EasemobClient, request: ThreadMembers): Promise<void> {
  const body = { usernames: request.usernames }
  await client.request({ method: 'POST', ...of(request, '/users'), body }, request)
}

/** Each is answered for itself. A repeat would find no members. */
export async function removeThreadMembers(
  client: EasemobClient,
  request: ThreadMembers,
): Promise<readonly MemberChange[]> {
  const body = { usernames: request.usernames }
  const call = { method: 'DELETE', ...of(request, '/users'), body, expects: ['entities.length'], ...once() }
  return (await client.request<{ readonly entities: readonly MemberChange[] }>(call, request)).entities
}

/** One member of a thread. */
export interface ThreadMember extends ThreadRequest {
  /** A member of the group. */
  readonly username: string
}

/** @throws PosthouseError `thread_member_already` */
export async function joinThread(client: EasemobClient, request: ThreadMember): Promise<void> {
  const call = of(request, '/user/:username/join', { username: request.username })
  await settle(client.request({ method: 'POST', ...call }, request), 'thread_member_already')
}

/** @throws PosthouseError `thread_member_absent` */
export async function leaveThread(client: EasemobClient, request: ThreadMember): Promise<void> {
  const call = of(request, '/user/:username/quit', { username: request.username })
  await settle(client.request({ method: 'DELETE', ...call }, request), 'thread_member_absent')
}

/** What was said last in one thread. */
export interface LastThreadMessage {
  readonly thread_id: string
  /** `{}`: nothing was said. */
  readonly last_message: ThreadMessage | Readonly<Record<string, never>>
}

/** A message of a thread. */
export interface ThreadMessage {
  readonly id: string
  /** As in `acme#chat_ann`. */
  readonly from: string
  readonly to: string
  /** Epoch ms. */
  readonly timestamp: number
  readonly payload: {
    readonly bodies: SentMessage['payload']['bodies']
    readonly ext: Readonly<Record<string, unknown>>
    readonly from: string
    readonly to: string
    readonly type: ChatType
  }
}

/** Of which threads. */
export interface GetLastThreadMessages extends CallOptions {
  /** At most 20. */
  readonly threadIds: readonly string[]
}

/** What was said last in threads. */
export async function getLastThreadMessages(
  client: EasemobClient,
  { threadIds, ...options }: GetLastThreadMessages,
): Promise<readonly LastThreadMessage[]> {
  const call = {
    method: 'POST',
    template: '/thread/message',
    body: { threadIds },
    expects: ['entities.length'],
  }
  return (await client.request<{ entities: readonly LastThreadMessage[] }>(call, options)).entities
}
