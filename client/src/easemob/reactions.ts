// Reactions to messages (easemob.md §2.12), and who has read one. For the app, or for the user itself.
import { settle } from '../settle.ts'
import { ask, askList, once, type Page, type PageOf, toPage } from './ask.ts'
import type { EasemobClient } from './client.ts'
import type { UserRequest } from './users.ts'

/** Whose reaction, and to what. */
export interface ReactionRequest extends UserRequest {
  readonly messageId: string
  /** Up to 128 characters, such as an emoji. */
  readonly reaction: string
}

const template = '/reaction/user/:username'

/** Puts a user's reaction on a message of a conversation that it is in; 20 different ones to a message. */
export async function addReaction(client: EasemobClient, request: ReactionRequest): Promise<void> {
  const { username, messageId, reaction } = request
  const call = {
    method: 'POST',
    template,
    params: { username },
    body: { msgId: messageId, message: reaction },
  }
  await settle(ask(client, call, request), 'reaction_exists')
}

/** Takes a user's reaction away. A repeat would be refused. @throws PosthouseError `reaction_forbidden` where there is none of this user */
export async function removeReaction(client: EasemobClient, request: ReactionRequest): Promise<void> {
  const { username, messageId, reaction } = request
  const call = {
    method: 'DELETE',
    template,
    params: { username },
    query: { msgId: messageId, message: reaction },
  }
  await client.request({ ...call, ...once() }, request)
}

/** A reaction to a message, and who is behind it. */
export interface Reaction {
  readonly reactionId: string
  readonly reaction: string
  /** Users behind it. */
  readonly count: number
  /** It is the asking user's too. */
  readonly state: boolean
  /** The first three of them. */
  readonly userList: readonly string[]
}

/** Of which messages reactions are wanted, and who asks. */
export interface GetReactions extends UserRequest {
  /** At most 20, of one conversation. */
  readonly messageIds: readonly string[]
  /** Of messages in a group; absent: between two users. */
  readonly groupId?: string
}

/** The reactions to one message. */
export interface MessageReactions {
  readonly msgId: string
  readonly reactionList: readonly Reaction[]
}

/** @returns for those of the messages that have any */
export function getReactions(
  client: EasemobClient,
  { username, messageIds, groupId, ...options }: GetReactions,
): Promise<readonly MessageReactions[]> {
  const query = { msgIdList: messageIds, msgType: groupId === undefined ? 'chat' : 'groupchat', groupId }
  return askList(client, { method: 'GET', template, params: { username }, query }, options)
}

/** The names of the users behind a reaction, the earliest first. `limit` up to 100, default 50. */
export async function listReactionUsers(
  client: EasemobClient,
  { username, messageId, reaction, limit, cursor, ...options }: ReactionRequest & Page,
): Promise<PageOf<string>> {
  const query = { msgId: messageId, message: reaction, limit, cursor }
  const call = { method: 'GET', template: `${template}/detail`, params: { username }, query }
  const { userList, cursor: next } = await ask<Reaction & { readonly cursor: string }>(
    client,
    { ...call, expects: ['data.userList.length'] },
    options,
  )
  return toPage(userList, next)
}

/** Of which message of a group readers are wanted. */
export interface ListReaders extends Page {
  readonly groupId: string
  readonly messageId: string
}

/** The names of the members who have read a message of a group. `limit` up to 500, default 50. */
export async function listReaders(
  client: EasemobClient,
  { groupId, messageId, limit, cursor, ...options }: ListReaders,
): Promise<PageOf<string> & { readonly total: number }> {
  const params = { group: groupId, message: messageId }
  const query = { limit, key: cursor }
  const call = { method: 'GET', template: '/chatgroups/:group/acks/:message', params, query }
  const { userlist, next_key, total } = await ask<{
    readonly userlist: readonly string[]
    readonly next_key: string
    readonly total: number
  }>(client, { ...call, expects: ['data.userlist.length'] }, options)
  return { ...toPage(userlist, next_key), total }
}
