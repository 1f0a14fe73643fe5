// Chat rooms: easemob.md §2.11. What groups and chat rooms have alike is in members.ts and the files beside it.
import type { CallOptions } from '../caller.ts'
import { settle } from '../settle.ts'
import { ask, askList, askPage, type NumberedPage, once, type Page, type PageOf } from './ask.ts'
import type { EasemobCall, EasemobClient } from './client.ts'
import type { GroupDetails } from './groups.ts'
import { ofUser } from './place.ts'
import type { Attributes } from './user-attributes.ts'
import type { UserRequest } from './users.ts'

/** What is set of a room. */
export interface RoomSettings {
  /** Up to 128 characters. */
  readonly name: string
  /** Up to 512. */
  readonly description?: string
  /** With the owner, up to 10 000; default 200 (`live` edition: 1 000). */
  readonly maxusers?: number
  /** Of the app's own use, up to 8 192 characters. */
  readonly custom?: string
}

/** The chat room to make. */
export interface NewRoom extends CallOptions, RoomSettings {
  readonly owner: string
  /** At most 100, without the owner. */
  readonly members?: readonly string[]
}

/** @returns the room's id; as `createGroup` where no answer comes */
export async function createRoom(client: EasemobClient, { signal, ...body }: NewRoom): Promise<string> {
  const call = { method: 'POST', template: '/chatrooms', body, expects: ['data.id'], ...once() }
  return (await ask<{ readonly id: string }>(client, call, { signal })).id
}

/** A chat room as it is kept. */
export type Room = GroupDetails

/** Which chat room. */
export interface RoomRequest extends CallOptions {
  readonly roomId: string
}

/** @throws PosthouseError of the class `missing` */
export async function getRoom(client: EasemobClient, { roomId, ...options }: RoomRequest): Promise<Room> {
  return (await getRooms(client, { roomIds: [roomId], ...options }))[0]!
}

/** Which chat rooms, by id. */
export interface GetRooms extends CallOptions {
  /** At most 100. */
  readonly roomIds: readonly string[]
}

/** @returns those that there are @throws PosthouseError of the class `missing` where there is none of them */
export function getRooms(client: EasemobClient, { roomIds, ...options }: GetRooms): Promise<readonly Room[]> {
  return askList(
    client,
    { method: 'GET', template: '/chatrooms/:room', params: { room: roomIds.join() } },
    options,
  )
}

/** A chat room in a list. */
export type RoomEntry = Pick<Room, 'id' | 'name' | 'owner' | 'affiliations_count'>

/** All rooms, the newest first. `limit` up to 1 000 (100 at Easemob). */
export function listRooms(
  client: EasemobClient,
  { limit, cursor, ...options }: Page = {},
): Promise<PageOf<RoomEntry>> {
  return askPage(client, { template: '/chatrooms', query: { limit, cursor } }, options)
}

/** What is changed of a chat room; what is not named stays. */
export interface RoomChanges extends RoomRequest {
  readonly changes: Partial<RoomSettings> | { readonly newowner: string }
}

/** Changes a room, or hands it to a member: `{ newowner }`. */
export async function updateRoom(
  client: EasemobClient,
  { roomId, changes, ...options }: RoomChanges,
): Promise<void> {
  const params = { room: roomId }
  const call = { method: 'PUT', template: '/chatrooms/:room', params, body: changes }
  await settle(client.request(call, options), 'new_owner_same')
}

/** Deletes a chat room; who is in it is told. */
export async function deleteRoom(client: EasemobClient, { roomId, ...options }: RoomRequest): Promise<void> {
  const call = { method: 'DELETE', template: '/chatrooms/:room', params: { room: roomId } }
  await settle(client.request(call, options), 'missing')
}

/** The rooms that a user is in, the one joined last first. `pageSize` up to 1 000, default 10; with neither page nor size 500. */
export function listJoinedRooms(
  client: EasemobClient,
  { page, pageSize, ...request }: UserRequest & NumberedPage,
): Promise<readonly Pick<Room, 'id' | 'name'>[]> {
  const query = { pagenum: page, pagesize: pageSize }
  return askList(client, { method: 'GET', ...ofUser(request, '/joined_chatrooms'), query }, request)
}

const superAdmins = '/chatrooms/super_admin'

/** The user may make rooms and manage every one of them. */
export async function addSuperAdmin(
  client: EasemobClient,
  { username, ...options }: UserRequest,
): Promise<void> {
  await client.request({ method: 'POST', template: superAdmins, body: { superadmin: username } }, options)
}

/** Their names, the one added last first. `pageSize` up to 1 000, default 10. */
export function listSuperAdmins(
  client: EasemobClient,
  { page, pageSize, ...options }: NumberedPage = {},
): Promise<readonly string[]> {
  const query = { pagenum: page, pagesize: pageSize }
  return askList(client, { method: 'GET', template: superAdmins, query }, options)
}

/** Who is none stays so. */
export async function removeSuperAdmin(
  client: EasemobClient,
  { username, ...options }: UserRequest,
): Promise<void> {
  const call = { method: 'DELETE', template: `${superAdmins}/:username`, params: { username } }
  await client.request(call, options)
}

/** Whether those that another user has set are changed as well. */
interface Forced {
  /** Default false: they are refused. */
  readonly isForced?: boolean
}

/** What is set of a room. */
export interface SetRoomAttributes extends RoomRequest, UserRequest, Forced {
  /** At most 10 a call, 100 a room; names of 128 of `A-Z a-z 0-9 _ . -`, texts of 4 096 characters. */
  readonly attributes: Attributes
  /** Go with the user when it leaves the room. Default true. */
  readonly goWithUser?: boolean
}

/** Which attributes have changed, and which have not. */
export interface AttributeChanges {
  readonly successKeys: readonly string[]
  /** Why each of the others is not changed. */
  readonly errorKeys: Readonly<Record<string, string>>
}

function change(
  client: EasemobClient,
  way: Pick<EasemobCall, 'method' | 'repeat' | 'key'>,
  { roomId, username, isForced, signal }: RoomRequest & UserRequest & Forced,
  body: object,
): Promise<AttributeChanges> {
  const template = `/metadata/chatroom/:room/user/:username${isForced ? '/forced' : ''}`
  const call = {
    ...way,
    template,
    params: { room: roomId, username },
    body,
    expects: ['data.successKeys.length'],
  }
  return ask(client, call, { signal })
}

/** Sets attributes of a room in the name of a member. */
export function setRoomAttributes(
  client: EasemobClient,
  { attributes, goWithUser = true, ...request }: SetRoomAttributes,
): Promise<AttributeChanges> {
  const body = { metaData: attributes, autoDelete: goWithUser ? 'DELETE' : 'NO_DELETE' }
  return change(client, { method: 'PUT' }, request, body)
}

/** Which attributes of a room. */
export interface RoomAttributeNames extends RoomRequest {
  /** Absent: all. */
  readonly names?: readonly string[]
}

/** What is set of a room, by name. */
export function getRoomAttributes(
  client: EasemobClient,
  { roomId, names, ...options }: RoomAttributeNames,
): Promise<Attributes> {
  const params = { room: roomId }
  return ask(
    client,
    { method: 'POST', template: '/metadata/chatroom/:room', params, body: { keys: names } },
    options,
  )
}

/** Which attributes of a room go. */
export interface RemoveRoomAttributes extends RoomRequest, UserRequest, Forced {
  /** At most 10. */
  readonly names: readonly string[]
}

/** Removes attributes of a room in the name of a member. A repeat would not find them. */
export function removeRoomAttributes(
  client: EasemobClient,
  { names, ...request }: RemoveRoomAttributes,
): Promise<AttributeChanges> {
  return change(client, { method: 'DELETE', ...once() }, request, { keys: names })
}
