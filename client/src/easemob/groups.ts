// Groups and chat rooms: easemob.md §2.10 and §2.11.
import type { CallOptions } from '../caller.ts'
import { PosthouseError } from '../error.ts'
import { makeUuid } from '../uuid.ts'
import { type EasemobClient, mayHaveSucceeded } from './client.ts'
import type { Page } from './users.ts'

export interface NewGroup extends CallOptions {
  readonly groupname: string
  readonly owner: string
  readonly public: boolean
  readonly description?: string
  readonly maxusers?: number
  /** Joining needs approval. */
  readonly membersonly?: boolean
  readonly allowinvites?: boolean
  /** At most 100, without the owner. */
  readonly members?: readonly string[]
  readonly custom?: string
  /** Of the caller's choice, 2–18 digits; with it, a repeat cannot make a second group. */
  readonly groupid?: string
}

interface Data<Value> {
  readonly data: Value
}

/** @returns the group's id. A repeat would be a second group: at a Posthouse it is not, elsewhere it is not made */
export async function createGroup(client: EasemobClient, { signal, ...body }: NewGroup): Promise<string> {
  const call = { method: 'POST', template: '/chatgroups', body, repeat: 'unsafe', expects: ['data'] } as const
  const { data } = await client.request<Data<{ readonly groupid: string }>>(
    { ...call, key: makeUuid() },
    { signal },
  )
  return data.groupid
}

export interface Group {
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
  readonly created: number
  readonly custom: string
  /** Where one group is asked for. */
  readonly affiliations?: readonly Readonly<Record<string, string>>[]
}

export interface GroupRequest extends CallOptions {
  readonly groupId: string
}

/** @throws PosthouseError of the class `missing` */
export async function getGroup(client: EasemobClient, { groupId, ...options }: GroupRequest): Promise<Group> {
  const call = {
    method: 'GET',
    template: '/chatgroups/:group',
    params: { group: groupId },
    expects: ['data'],
  }
  return (await client.request<Data<readonly Group[]>>(call, options)).data[0]!
}

export interface GroupPage {
  readonly groups: readonly Readonly<Record<string, unknown>>[]
  readonly cursor?: string
}

/** The newest first. */
export async function listGroups(
  client: EasemobClient,
  { limit, cursor, ...options }: Page = {},
): Promise<GroupPage> {
  const call = { method: 'GET', template: '/chatgroups', query: { limit, cursor }, expects: ['data'] }
  const { data, cursor: next } = await client.request<Data<GroupPage['groups']> & { cursor?: string }>(
    call,
    options,
  )
  return { groups: data, ...(next !== undefined && { cursor: next }) }
}

export interface GroupChanges extends GroupRequest {
  /** As the API names them: `groupname`, `description`, `maxusers`, `newowner`, … */
  readonly changes: Readonly<Record<string, unknown>>
}

export async function updateGroup(
  client: EasemobClient,
  { groupId, changes, ...options }: GroupChanges,
): Promise<void> {
  const params = { group: groupId }
  await client.request({ method: 'PUT', template: '/chatgroups/:group', params, body: changes }, options)
}

export async function deleteGroup(
  client: EasemobClient,
  { groupId, ...options }: GroupRequest,
): Promise<void> {
  await client.request(
    { method: 'DELETE', template: '/chatgroups/:group', params: { group: groupId } },
    options,
  )
}

export interface MemberRequest extends GroupRequest {
  readonly username: string
}

/** A member already is a success where an attempt whose answer was lost may have made it one. */
export async function addGroupMember(
  client: EasemobClient,
  { groupId, username, ...options }: MemberRequest,
): Promise<void> {
  const params = { group: groupId, username }
  try {
    await client.request({ method: 'POST', template: '/chatgroups/:group/users/:username', params }, options)
  } catch (error) {
    const isMember = error instanceof PosthouseError && error.id === 'member_already'
    if (!isMember || !mayHaveSucceeded(error as PosthouseError)) throw error
  }
}

export async function removeGroupMember(
  client: EasemobClient,
  { groupId, username, ...options }: MemberRequest,
): Promise<void> {
  const params = { group: groupId, username }
  await client.request({ method: 'DELETE', template: '/chatgroups/:group/users/:username', params }, options)
}

export interface GroupMember {
  readonly username: string
  readonly role: 'owner' | 'admin' | 'member'
}

export interface MembersRequest extends GroupRequest {
  /** From 1. */
  readonly page?: number
  readonly pageSize?: number
}

export async function listGroupMembers(
  client: EasemobClient,
  { groupId, page, pageSize, ...options }: MembersRequest,
): Promise<readonly GroupMember[]> {
  const query = { pagenum: page, pagesize: pageSize }
  const template = '/chatgroups/:group/users'
  const call = { method: 'GET', template, params: { group: groupId }, query, expects: ['data'] }
  const { data } = await client.request<Data<readonly Readonly<Record<string, string>>[]>>(call, options)
  return data.map(entry => {
    const role = (['owner', 'admin', 'member'] as const).find(name => entry[name] !== undefined) ?? 'member'
    return { username: entry[role] ?? '', role }
  })
}

export interface NewRoom extends CallOptions {
  readonly name: string
  readonly owner: string
  readonly description?: string
  readonly maxusers?: number
  readonly members?: readonly string[]
}

/** @returns the room's id; as `createGroup` where no answer comes */
export async function createRoom(client: EasemobClient, { signal, ...body }: NewRoom): Promise<string> {
  const call = { method: 'POST', template: '/chatrooms', body, repeat: 'unsafe', expects: ['data'] } as const
  const { data } = await client.request<Data<{ readonly id: string }>>(
    { ...call, key: makeUuid() },
    { signal },
  )
  return data.id
}

export interface RoomRequest extends CallOptions {
  readonly roomId: string
}

export async function getRoom(client: EasemobClient, { roomId, ...options }: RoomRequest): Promise<Group> {
  const call = { method: 'GET', template: '/chatrooms/:room', params: { room: roomId }, expects: ['data'] }
  return (await client.request<Data<readonly Group[]>>(call, options)).data[0]!
}

export async function deleteRoom(client: EasemobClient, { roomId, ...options }: RoomRequest): Promise<void> {
  await client.request({ method: 'DELETE', template: '/chatrooms/:room', params: { room: roomId } }, options)
}
