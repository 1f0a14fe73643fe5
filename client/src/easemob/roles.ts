// Admins of groups and chat rooms, who is what, and the announcement: easemob.md §2.10.4. Each call takes `groupId` or
// `roomId`; for the app, and for those who have the right to with their own tokens.
import { settle } from '../settle.ts'
import { ask, askList, type NumberedPage } from './ask.ts'
import type { EasemobClient } from './client.ts'
import type { Member, MemberRequest, PlaceRequest } from './members.ts'
import { at } from './place.ts'

/** Makes a member an admin, 99 in all; one who is stays so. */
export async function addAdmin(client: EasemobClient, request: MemberRequest): Promise<void> {
  const body = { newadmin: request.username }
  await client.request({ method: 'POST', ...at(request, '/admin'), body }, request)
}

/** Makes an admin a plain member. */
export async function removeAdmin(client: EasemobClient, request: MemberRequest): Promise<void> {
  const call = at(request, '/admin/:username', { username: request.username })
  await settle(client.request({ method: 'DELETE', ...call }, request), 'admin_absent')
}

/** Their names. */
export function getAdmins(client: EasemobClient, request: PlaceRequest): Promise<readonly string[]> {
  return askList(client, { method: 'GET', ...at(request, '/admin') }, request)
}

/** A member, and whether it is online. */
export interface RoleHolder extends Member {
  readonly online: boolean
}

/** Who is what, and online; the one who joined first first. `pageSize` up to 1 000, default 10; with neither page nor size all. */
export function listRoles(
  client: EasemobClient,
  request: PlaceRequest & NumberedPage,
): Promise<readonly RoleHolder[]> {
  const query = { pagenum: request.page, pagesize: request.pageSize }
  return askList(client, { method: 'GET', ...at(request, '/roles'), query }, request)
}

/** `''`: there is none. */
export async function getAnnouncement(client: EasemobClient, request: PlaceRequest): Promise<string> {
  const call = { method: 'GET', ...at(request, '/announcement'), expects: ['data.announcement'] }
  return (await ask<{ readonly announcement: string }>(client, call, request)).announcement
}

/** What is announced in a group or room. */
export type SetAnnouncement = PlaceRequest & {
  /** Up to 512 characters; `''`: none. */
  readonly announcement: string
}

/** Puts up an announcement, in the place of the one before. */
export async function setAnnouncement(client: EasemobClient, request: SetAnnouncement): Promise<void> {
  const body = { announcement: request.announcement }
  await client.request({ method: 'POST', ...at(request, '/announcement'), body }, request)
}
