// Members of groups and chat rooms, and their attributes: easemob.md §2.10.3, §2.12. Each call takes `groupId` or `roomId`.
import type { CallOptions } from '../caller.ts'
import { settle } from '../settle.ts'
import { ask, askList, askPage, asList, type NumberedPage, once, type Page, type PageOf } from './ask.ts'
import type { EasemobClient } from './client.ts'
import type { Affiliation, GroupRequest } from './groups.ts'
import { at, type GroupOrRoom } from './place.ts'
import type { Attributes } from './user-attributes.ts'

/** Which group or room. */
export type PlaceRequest = GroupOrRoom & CallOptions

/** One member of a group or room. */
export type MemberRequest = PlaceRequest & { readonly username: string }

/** At most 60 at a time. */
export type MembersRequest = PlaceRequest & { readonly usernames: readonly string[] }

/** What became of one of several. */
export interface MemberChange {
  readonly user: string
  readonly result: boolean
  /** Why not. */
  readonly reason?: string
}

const member = '/users/:username'

/** A member already is a success where an attempt whose answer was lost may have made it one. */
export async function addMember(client: EasemobClient, request: MemberRequest): Promise<void> {
  const { username } = request
  await settle(
    client.request({ method: 'POST', ...at(request, member, { username }) }, request),
    'member_already',
  )
}

/**
 * All or none. @returns who has come in: not those who were members; where that cannot be told, as an answer was lost, all
 * @throws PosthouseError `member_already` where all are, and where a user does not exist
 */
export async function addMembers(client: EasemobClient, request: MembersRequest): Promise<readonly string[]> {
  const { usernames } = request
  const call = {
    method: 'POST',
    ...at(request, '/users'),
    body: { usernames },
    expects: ['data.newmembers.length'],
  }
  const added = await settle(
    ask<{ readonly newmembers: readonly string[] }>(client, call, request),
    'member_already',
  )
  return added?.newmembers ?? usernames
}

/** Who is none any more is a success where an attempt whose answer was lost may have removed it. */
export async function removeMember(client: EasemobClient, request: MemberRequest): Promise<void> {
  const { username } = request
  await settle(
    client.request({ method: 'DELETE', ...at(request, member, { username }) }, request),
    'member_absent',
  )
}

/**
 * Each is answered for itself. A repeat would find no members.
 * @throws PosthouseError `member_absent` where one alone is named, who is none
 */
export async function removeMembers(
  client: EasemobClient,
  request: MembersRequest,
): Promise<readonly MemberChange[]> {
  const params = { username: request.usernames.join() }
  const call = { method: 'DELETE', ...at(request, member, params), ...once() }
  return asList(await ask(client, call, request))
}

/** A member of a group or room. */
export interface Member {
  readonly username: string
  readonly role: 'owner' | 'admin' | 'member'
  /** Epoch ms; where it was asked for. */
  readonly joinedAt?: number
}

/** Which members. */
export type ListMembers = PlaceRequest &
  NumberedPage & {
    /** When each has joined, and who is an admin: they are plain members else. Default false. */
    readonly withJoinedAt?: boolean
  }

/** The one who joined last first. `pageSize` up to 1 000 (100 at Easemob); with neither page nor size all. */
export async function listMembers(client: EasemobClient, request: ListMembers): Promise<readonly Member[]> {
  const { page, pageSize, withJoinedAt } = request
  const query = { pagenum: page, pagesize: pageSize, joined_time: withJoinedAt }
  const call = { method: 'GET', ...at(request, '/users'), query }
  return (await askList<Affiliation>(client, call, request)).map(toMember)
}

/** An entry of `affiliations` in plain words. */
function toMember(entry: Affiliation): Member {
  const { joined_time: joinedAt, ...named } = entry
  const [role, username] = Object.entries(named)[0] as [Member['role'], string]
  return { username, role, ...(joinedAt !== undefined && { joinedAt }) }
}

/** The names of the members but the owner, the one who joined last first. `limit` up to 1 000, default 10. */
export function listMemberNames(
  client: EasemobClient,
  request: PlaceRequest & Page,
): Promise<PageOf<string>> {
  const query = { version: 'v3', limit: request.limit, cursor: request.cursor }
  return askPage(client, { ...at(request, '/users'), query }, request)
}

/** Is a user in a group? */
export function isMember(
  client: EasemobClient,
  { groupId, username, ...options }: GroupRequest & { readonly username: string },
): Promise<boolean> {
  const params = { group: groupId, username }
  return ask(
    client,
    { method: 'GET', template: '/chatgroups/:group/user/:username/is_joined', params },
    options,
  )
}

const attributes = '/metadata/chatgroup/:group/user/:username'

/** One member of a group. */
export interface MemberAttributesRequest extends GroupRequest {
  readonly username: string
}

/** What is set of a member. */
export interface SetMemberAttributes extends MemberAttributesRequest {
  /** Names of up to 16 characters, texts of 512, 4 096 together; `''` takes one away. */
  readonly attributes: Attributes
}

/** Sets what a member is in a group. @returns all that it has now */
export function setMemberAttributes(
  client: EasemobClient,
  { groupId, username, attributes: metaData, ...options }: SetMemberAttributes,
): Promise<Attributes> {
  const params = { group: groupId, username }
  return ask(client, { method: 'PUT', template: attributes, params, body: { metaData } }, options)
}

/** All that is set of a member; `{}`: nothing. */
export function getMemberAttributes(
  client: EasemobClient,
  { groupId, username, ...options }: MemberAttributesRequest,
): Promise<Attributes> {
  const params = { group: groupId, username }
  return ask(client, { method: 'GET', template: attributes, params }, options)
}

/** Of which members. */
export interface GetAttributesOfMembers extends GroupRequest {
  /** At most 100. */
  readonly usernames: readonly string[]
  /** Which attributes; absent: all. */
  readonly names?: readonly string[]
}

/** @returns by username, of those who are members */
export function getAttributesOfMembers(
  client: EasemobClient,
  { groupId, usernames, names, ...options }: GetAttributesOfMembers,
): Promise<Readonly<Record<string, Attributes>>> {
  const body = { targets: usernames, properties: names }
  const call = { method: 'POST', template: '/metadata/chatgroup/:group/get', params: { group: groupId } }
  return ask(client, { ...call, body }, options)
}
