// The list of a user's conversations, and what the user does with one. For the app, or for the user itself.
import type { CallOptions } from '../caller.ts'
import { ask, type Page, type PageOf, toPage } from './ask.ts'
import type { EasemobClient } from './client.ts'
import { ofUser } from './place.ts'
import type { ConversationRequest, UserRequest } from './users.ts'

/** A conversation as its user sees it in a list. */
export interface Conversation {
  /** The other user, or the group's id. */
  readonly session_to: string
  readonly session_type: 'chat' | 'groupchat'
  readonly is_top: boolean
  /** When it was pinned, epoch ms; 0: it is not. */
  readonly update_top_status_time: number
  readonly unread_num: number
  /** Its newest message; `{}`: none. */
  readonly meta: LastMessage | Readonly<Record<string, never>>
  /** `mark_0` … `mark_19`. */
  readonly marks: readonly string[]
}

/** The newest message of a conversation. */
export interface LastMessage {
  readonly id: string
  /** Addresses, such as `acme#chat_ann@easemob.com/android`. */
  readonly from: string
  readonly to: string
  /** Epoch ms. */
  readonly timestamp: number
  /** JSON: `bodies` and `ext`. */
  readonly payload: string
}

/** Which conversations of a user. */
export interface ListConversations extends UserRequest, Page {
  /** Default false: all. */
  readonly onlyPinned?: boolean
  /** Those without a message too. Default false. */
  readonly withEmpty?: boolean
}

const channel = '/sdk/user/:username/user_channel'

async function list(
  client: EasemobClient,
  below: string,
  { username, signal }: UserRequest,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): Promise<PageOf<Conversation>> {
  const call = { method: 'GET', template: `${channel}s${below}`, params: { username }, query }
  const { channel_infos, cursor } = await ask<{ channel_infos: readonly Conversation[]; cursor?: string }>(
    client,
    { ...call, expects: ['data.channel_infos.length'] },
    { signal },
  )
  return toPage(channel_infos, cursor)
}

/** The last active first. `limit` up to 50, default 20. */
export function listConversations(
  client: EasemobClient,
  { limit, cursor, onlyPinned, withEmpty, ...request }: ListConversations,
): Promise<PageOf<Conversation>> {
  return list(client, '/list', request, { limit, cursor, is_top: onlyPinned, needEmptySession: withEmpty })
}

/** Which mark. */
export interface ListMarked extends UserRequest, Page {
  /** 0–19. */
  readonly mark: number
}

/** Those that carry a mark. `limit` up to 50, default 20. */
export function listMarkedConversations(
  client: EasemobClient,
  { mark, limit, cursor, ...request }: ListMarked,
): Promise<PageOf<Conversation>> {
  return list(client, '/mark/search', request, { mark: `mark_${mark}`, limit, cursor })
}

function nameOf({ groupId, with: peer }: ConversationName): { to: string; type: 'chat' | 'groupchat' } {
  return groupId === undefined ? { to: peer, type: 'chat' } : { to: groupId, type: 'groupchat' }
}

/** A pinned one stands before the others. */
export async function pinConversation(client: EasemobClient, request: ConversationRequest): Promise<void> {
  const params = { username: request.username }
  const call = { method: 'POST', template: `${channel}/top`, params, body: nameOf(request) }
  await ask(client, call, request)
}

/** It stands where its newest message puts it again. */
export async function unpinConversation(client: EasemobClient, request: ConversationRequest): Promise<void> {
  const params = { username: request.username }
  const call = { method: 'DELETE', template: `${channel}/top`, params, query: nameOf(request) }
  await ask(client, call, request)
}

/** One conversation: with another user, or in a group. */
export type ConversationName =
  | { readonly with: string; readonly groupId?: undefined }
  | { readonly groupId: string; readonly with?: undefined }

/** Which conversations get a mark, or lose it. */
export interface MarkConversations extends UserRequest {
  /** 0–19, of the app's own meaning. */
  readonly mark: number
  /** At most 20. */
  readonly conversations: readonly ConversationName[]
}

async function setMark(client: EasemobClient, method: string, request: MarkConversations): Promise<void> {
  const { username, mark, conversations, signal } = request
  const body = { mark: `mark_${mark}`, targets: conversations.map(nameOf) }
  const options: CallOptions = { signal }
  await ask(client, { method, template: `${channel}s/mark`, params: { username }, body }, options)
}

/** Puts a mark on conversations of a user; what carries it keeps it. */
export function markConversations(client: EasemobClient, request: MarkConversations): Promise<void> {
  return setMark(client, 'POST', request)
}

/** Takes a mark off conversations of a user. */
export function unmarkConversations(client: EasemobClient, request: MarkConversations): Promise<void> {
  return setMark(client, 'DELETE', request)
}

/** Which conversation goes, and with what. */
export type RemoveConversation = ConversationRequest & {
  /** The user finds its messages no more either. Default false. */
  readonly withMessages?: boolean
}

/** Takes a conversation off the user's list. */
export async function removeConversation(client: EasemobClient, request: RemoveConversation): Promise<void> {
  const { to, type } = nameOf(request)
  const body = { channel: to, type, delete_roam: request.withMessages ?? false }
  await ask(client, { method: 'DELETE', ...ofUser(request, '/user_channel'), body }, request)
}
