// Users who may not send: easemob.md §2.12, global mute. For the app.
import type { CallOptions } from '../caller.ts'
import { ask } from './ask.ts'
import type { EasemobClient } from './client.ts'
import type { UserRequest } from './users.ts'

/** Seconds; 0: not muted; -1: for ever. */
export interface MuteSeconds {
  readonly chat?: number
  readonly groupchat?: number
  readonly chatroom?: number
}

const template = '/mutes'

/** Mutes a user for so many seconds from now on in each kind of chat that is named, one at least; at most 2 147 483 647. */
export async function muteUser(
  client: EasemobClient,
  { signal, ...body }: UserRequest & MuteSeconds,
): Promise<void> {
  await client.request({ method: 'POST', template, body }, { signal })
}

/** How long the user is still muted. */
export async function getMutes(client: EasemobClient, request: UserRequest): Promise<Required<MuteSeconds>> {
  const { chat, groupchat, chatroom } = await ask<Required<MuteSeconds>>(
    client,
    { method: 'GET', template: `${template}/:username`, params: { username: request.username } },
    request,
  )
  return { chat, groupchat, chatroom }
}

/** Which page. */
export interface ListMuted extends CallOptions {
  /** From 1. */
  readonly page?: number
  /** Up to 50, default 10. */
  readonly pageSize?: number
}

/** Who is muted, once for each kind of chat. */
export async function listMutedUsers(
  client: EasemobClient,
  { page, pageSize, ...options }: ListMuted = {},
): Promise<readonly (MuteSeconds & { readonly username: string })[]> {
  const call = { method: 'GET', template, query: { pageNum: page, pageSize }, expects: ['data.data.length'] }
  return (
    await ask<{ readonly data: readonly (MuteSeconds & { readonly username: string })[] }>(
      client,
      call,
      options,
    )
  ).data
}
