// Who may not speak in groups and chat rooms: easemob.md §2.10.4. Each call takes `groupId` or `roomId`; for the app, and
// for those who have the right to with their own tokens.
import { ask, askList } from './ask.ts'
import type { EasemobClient } from './client.ts'
import type { MemberChange, MemberRequest, MembersRequest, PlaceRequest } from './members.ts'
import { at } from './place.ts'

/** Who may not speak, and how long. */
export type MuteMembers = MembersRequest & {
  /** ms from now on; -1: for ever; 0: no more. */
  readonly ms: number
}

/** A member that may not speak. */
export interface MutedMember {
  readonly user: string
  /** Epoch ms; of one for ever a moment in 2117. */
  readonly expire: number
}

/** All or none. @throws PosthouseError where one is no member, or the owner */
export function muteMembers(
  client: EasemobClient,
  request: MuteMembers,
): Promise<readonly (MutedMember & MemberChange)[]> {
  const body = { usernames: request.usernames, mute_duration: request.ms }
  return askList(client, { method: 'POST', ...at(request, '/mute'), body }, request)
}

/** They may speak again. */
export function unmuteMembers(
  client: EasemobClient,
  request: MembersRequest,
): Promise<readonly MemberChange[]> {
  const call = at(request, '/mute/:username', { username: request.usernames.join() })
  return askList(client, { method: 'DELETE', ...call }, request)
}

/** All of them; without those who are muted as all are. */
export function getMutedMembers(
  client: EasemobClient,
  request: PlaceRequest,
): Promise<readonly MutedMember[]> {
  return askList(client, { method: 'GET', ...at(request, '/mute') }, request)
}

/** May a member not speak? */
export function isMutedMember(client: EasemobClient, request: MemberRequest): Promise<boolean> {
  const { template, params } = at(request, '/mute/:username', { username: request.username })
  return ask(client, { method: 'GET', template: `/sdk${template}`, params: params! }, request)
}

/** Only the owner, the admins and those who are allowed to may speak. */
export async function muteAll(client: EasemobClient, request: PlaceRequest): Promise<void> {
  await client.request({ method: 'POST', ...at(request, '/ban') }, request)
}

/** All may speak again but those who are muted themselves. */
export async function unmuteAll(client: EasemobClient, request: PlaceRequest): Promise<void> {
  await client.request({ method: 'DELETE', ...at(request, '/ban') }, request)
}
