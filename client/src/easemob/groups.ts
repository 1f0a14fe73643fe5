// Groups: easemob.md §2.10. What groups and chat rooms have alike is in members.ts and the files beside it.
import type { CallOptions } from '../caller.ts'
import { settle } from '../settle.ts'
import { ask, askList, askPage, type NumberedPage, once, type Page, type PageOf } from './ask.ts'
import type { EasemobClient } from './client.ts'
import { ofUser } from './place.ts'
import type { UserRequest } from './users.ts'

/** What is set of a group. */
export interface GroupSettings {
  /** Up to 128 characters. */
  readonly groupname: string
  /** Up to 512. */
  readonly description?: string
  /** Found and joined by those who are no members. */
  readonly public: boolean
  /** With the owner, up to 8 000; default 200. */
  readonly maxusers?: number
  /** Joining needs approval. */
  readonly membersonly?: boolean
  /** Members may invite. */
  readonly allowinvites?: boolean
  /** Who is invited is asked first. */
  readonly invite_need_confirm?: boolean
  /** Of the app's own use, up to 8 192 characters. */
  readonly custom?: string
  /** An address, up to 1 024 characters. */
  readonly avatar?: string
}

/** The group to make. */
export interface NewGroup extends CallOptions, GroupSettings {
  readonly owner: string
  /** At most 100, without the owner. */
  readonly members?: readonly string[]
  readonly scale?: 'normal' | 'large'
  /** Of the caller's choice, 2–18 digits; with it, a repeat cannot make a second group. */
  readonly groupid?: string
}

/** @returns the group's id. A repeat would be a second group: at a Posthouse it is not, elsewhere it is not made */
export async function createGroup(client: EasemobClient, { signal, ...body }: NewGroup): Promise<string> {
  const call = { method: 'POST', template: '/chatgroups', body, expects: ['data.groupid'], ...once() }
  return (await ask<{ readonly groupid: string }>(client, call, { signal })).groupid
}

/** One member as `affiliations` list it. */
export type Affiliation =
  | { readonly owner: string; readonly joined_time?: number }
  | { readonly admin: string; readonly joined_time?: number }
  | { readonly member: string; readonly joined_time?: number }

/** What groups and rooms say of themselves. */
export interface GroupDetails {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly owner: string
  readonly public: boolean
  readonly maxusers: number
  readonly affiliations_count: number
  readonly membersonly: boolean
  readonly allowinvites: boolean
  /** All members are muted. */
  readonly mute: boolean
  /** Epoch ms. */
  readonly created: number
  readonly custom: string
  /** Where it is asked for alone: its first members. */
  readonly affiliations?: readonly Affiliation[]
}

/** A group as it is kept. */
export interface Group extends GroupDetails {
  readonly invite_need_confirm: boolean
  readonly scale: 'normal' | 'large'
  readonly disabled: boolean
  readonly avatar?: string
  /** Where a user asks: it has shielded itself. */
  readonly shieldgroup?: boolean
}

/** Which group. */
export interface GroupRequest extends CallOptions {
  readonly groupId: string
}

/** @throws PosthouseError of the class `missing` */
export async function getGroup(client: EasemobClient, { groupId, ...options }: GroupRequest): Promise<Group> {
  return (await getGroups(client, { groupIds: [groupId], ...options }))[0]!
}

/** Which groups, by id. */
export interface GetGroups extends CallOptions {
  /** At most 100. */
  readonly groupIds: readonly string[]
}

/** @returns those that there are @throws PosthouseError of the class `missing` where there is none of them */
export function getGroups(
  client: EasemobClient,
  { groupIds, ...options }: GetGroups,
): Promise<readonly Group[]> {
  const params = { group: groupIds.join() }
  return askList(client, { method: 'GET', template: '/chatgroups/:group', params }, options)
}

/** A group in a list. */
export interface GroupEntry {
  readonly groupid: string
  readonly groupname: string
  /** As in `acme#chat_ann`. */
  readonly owner: string
  /** Members, the owner too. */
  readonly affiliations: number
  readonly type: 'group'
  /** Epoch ms. */
  readonly last_modified: string
}

/** All groups, the newest first. `limit` up to 1 000 (100 at Easemob). */
export function listGroups(
  client: EasemobClient,
  { limit, cursor, ...options }: Page = {},
): Promise<PageOf<GroupEntry>> {
  return askPage(client, { template: '/chatgroups', query: { limit, cursor } }, options)
}

/** A group’s id and name. */
export interface GroupName {
  readonly groupid: string
  readonly groupname: string
}

/** The public groups, the newest first. `limit` up to 1 000, default 10. */
export function listPublicGroups(
  client: EasemobClient,
  { limit, cursor, ...options }: Page = {},
): Promise<PageOf<GroupName>> {
  return askPage(client, { template: '/publicchatgroups', query: { limit, cursor } }, options)
}

/** What is changed of a group; what is not named stays. */
export interface GroupChanges extends GroupRequest {
  readonly changes: Partial<GroupSettings> | { readonly newowner: string }
}

/** Changes a group, or hands it to a member: `{ newowner }`. */
export async function updateGroup(
  client: EasemobClient,
  { groupId, changes, ...options }: GroupChanges,
): Promise<void> {
  const params = { group: groupId }
  const call = { method: 'PUT', template: '/chatgroups/:group', params, body: changes }
  await settle(client.request(call, options), 'new_owner_same')
}

/** Deletes a group; its members are told. */
export async function deleteGroup(
  client: EasemobClient,
  { groupId, ...options }: GroupRequest,
): Promise<void> {
  const call = { method: 'DELETE', template: '/chatgroups/:group', params: { group: groupId } }
  await settle(client.request(call, options), 'missing')
}

/** Marks a group as disabled. */
export async function disableGroup(
  client: EasemobClient,
  { groupId, ...options }: GroupRequest,
): Promise<void> {
  const params = { group: groupId }
  await client.request({ method: 'POST', template: '/chatgroups/:group/disable', params }, options)
}

/** It is so no more. */
export async function enableGroup(
  client: EasemobClient,
  { groupId, ...options }: GroupRequest,
): Promise<void> {
  const params = { group: groupId }
  await client.request({ method: 'POST', template: '/chatgroups/:group/enable', params }, options)
}

/** The groups that a user is in, the one joined last first. `pageSize` up to 1 000 (100 at Easemob), default 10; with neither page nor size 500. */
export function listJoinedGroups(
  client: EasemobClient,
  { page, pageSize, ...request }: UserRequest & NumberedPage,
): Promise<readonly GroupName[]> {
  const query = { pagenum: page, pagesize: pageSize }
  return askList(client, { method: 'GET', ...ofUser(request, '/joined_chatgroups'), query }, request)
}

/** A group that a user is in. */
export interface JoinedGroup
  extends Omit<GroupDetails, 'mute' | 'custom' | 'affiliations'>,
    Pick<Group, 'disabled' | 'avatar'> {
  readonly groupId: string
  /** Where it was asked for. */
  readonly permission?: 'owner' | 'admin' | 'member'
}

/** Which groups of a user. */
export interface ListJoinedDetails extends UserRequest, NumberedPage {
  /** What the user is in each. Default false. */
  readonly withRole?: boolean
}

/** The same, with what there is to say of each group. `pageSize` up to 20, default 5. */
export async function listJoinedGroupDetails(
  client: EasemobClient,
  { username, page = 1, pageSize, withRole, ...options }: ListJoinedDetails,
): Promise<{ readonly total: number; readonly items: readonly JoinedGroup[] }> {
  // This call alone counts from 0.
  const query = { pagenum: page - 1, pagesize: pageSize, needRole: withRole }
  const call = { method: 'GET', template: '/chatgroups/user/:username', params: { username }, query }
  const { entities: items, total } = await client.request<{
    entities: readonly JoinedGroup[]
    total: number
  }>({ ...call, expects: ['entities.length', 'total'] }, options)
  return { total, items }
}

/** How many groups a user is in. */
export function countJoinedGroups(
  client: EasemobClient,
  { username, ...options }: UserRequest,
): Promise<number> {
  const params = { username }
  return ask(client, { method: 'GET', template: '/chatgroups/user/:username/joined_count', params }, options)
}

/** Which user, into which groups. */
export interface AddToGroups extends UserRequest {
  /** At most 100. */
  readonly groupIds: readonly string[]
}

/** Puts a user into groups. @returns of each whether the user is in it now */
export function addToGroups(
  client: EasemobClient,
  { groupIds, ...request }: AddToGroups,
): Promise<readonly { readonly id: string; readonly result: boolean }[]> {
  const body = { chatgroups: groupIds }
  return askList(client, { method: 'POST', ...ofUser(request, '/joined_chatgroups'), body }, request)
}
