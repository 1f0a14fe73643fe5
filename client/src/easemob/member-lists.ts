// Whom groups and chat rooms bar, and who may speak while all others are silent: easemob.md §2.10.4. Each call takes
// `groupId` or `roomId`; for the app, and for those who have the right to with their own tokens.
import { ask, askList, askPage, asList, once, type Page, type PageOf } from './ask.ts'
import type { EasemobClient } from './client.ts'
import type { MemberChange, MemberRequest, MembersRequest, PlaceRequest } from './members.ts'
import { at } from './place.ts'

const blocked = '/blocks/users'
const allowed = '/white/users'

function add(
  client: EasemobClient,
  list: string,
  request: MembersRequest,
  repeat?: ReturnType<typeof once>,
): Promise<readonly MemberChange[]> {
  const body = { usernames: request.usernames }
  return askList(client, { method: 'POST', ...at(request, list), body, ...repeat }, request)
}

async function remove(
  client: EasemobClient,
  list: string,
  request: MembersRequest,
): Promise<readonly MemberChange[]> {
  const call = at(request, `${list}/:username`, { username: request.usernames.join() })
  return asList(await ask(client, { method: 'DELETE', ...call }, request))
}

function list(client: EasemobClient, path: string, request: PlaceRequest & Page): Promise<PageOf<string>> {
  const query = { pageSize: request.limit, cursor: request.cursor }
  return askPage(client, { ...at(request, path), query }, request)
}

/** They are members no more, and cannot come back. Each is answered for itself. A repeat would find no members. */
export function blockMembers(
  client: EasemobClient,
  request: MembersRequest,
): Promise<readonly MemberChange[]> {
  return add(client, blocked, request, once())
}

/** They may come back; they are not put back. */
export function unblockMembers(
  client: EasemobClient,
  request: MembersRequest,
): Promise<readonly MemberChange[]> {
  return remove(client, blocked, request)
}

/** Their names, the newest first. `limit` up to 1 000; with neither limit nor cursor all. */
export function listBlockedMembers(
  client: EasemobClient,
  request: PlaceRequest & Page,
): Promise<PageOf<string>> {
  return list(client, blocked, request)
}

/** They may speak while all are muted. Each is answered for itself. */
export function allowMembers(
  client: EasemobClient,
  request: MembersRequest,
): Promise<readonly MemberChange[]> {
  return add(client, allowed, request)
}

/** They are as the others again. */
export function disallowMembers(
  client: EasemobClient,
  request: MembersRequest,
): Promise<readonly MemberChange[]> {
  return remove(client, allowed, request)
}

/** Their names, the newest first. `limit` up to 1 000; with neither limit nor cursor all. */
export function listAllowedMembers(
  client: EasemobClient,
  request: PlaceRequest & Page,
): Promise<PageOf<string>> {
  return list(client, allowed, request)
}

/** May a member speak while all are muted? */
export async function isAllowedMember(client: EasemobClient, request: MemberRequest): Promise<boolean> {
  const call = at(request, `${allowed}/:username`, { username: request.username })
  const { white } = await ask<{ readonly white: boolean }>(
    client,
    { method: 'GET', ...call, expects: ['data.white'] },
    request,
  )
  return white
}
