// Presence: easemob.md §2.12. For the app, or for the user itself.
import type { CallOptions } from '../caller.ts'
import type { NumberedPage } from './ask.ts'
import type { EasemobCall, EasemobClient } from './client.ts'
import { ofUser } from './place.ts'
import type { UserRequest, UsersRequest } from './users.ts'

async function askResult<Result>(
  client: EasemobClient,
  call: EasemobCall,
  options: CallOptions,
): Promise<Result> {
  return (await client.request<{ readonly result: Result }>({ ...call, expects: ['result'] }, options)).result
}

/** How a user is. */
export interface PublishPresence extends UserRequest {
  /** The device, as in `getSessions`. */
  readonly resource: string
  /** 0–999, of the app's own meaning; 0 is offline, 1 online for the vendor's SDKs. */
  readonly status: number
  /** Up to 64 bytes (`live` edition: 1 024). */
  readonly ext?: string
}

/** Says how the user is on one of its devices. */
export async function publishPresence(client: EasemobClient, request: PublishPresence): Promise<void> {
  const { resource, status, ext = '' } = request
  const params = { resource, status: String(status) }
  const call = { method: 'POST', ...ofUser(request, '/presence/:resource/:status', params) }
  await client.request({ ...call, body: { ext }, expects: ['result'] }, request)
}

/** How a user is, by device. */
export interface Presence {
  readonly uid: string
  /** When it was last seen, epoch seconds. */
  readonly last_time: string
  /** When the subscription ends, epoch seconds; absent: there is none. */
  readonly expiry?: string
  readonly ext: string
  /** By device. */
  readonly status: Readonly<Record<string, string>>
}

/** Who is told of whom, and how long. */
export interface SubscribePresence extends UserRequest, UsersRequest {
  /** At most 30 days: 2 592 000. */
  readonly seconds: number
}

/** The user is told how up to 100 others are. @returns how they are now */
export function subscribePresence(
  client: EasemobClient,
  request: SubscribePresence,
): Promise<readonly Presence[]> {
  const { usernames, seconds } = request
  const call = ofUser(request, '/presence/:expiry', { expiry: String(seconds) })
  return askResult(client, { method: 'POST', ...call, body: { usernames } }, request)
}

/** How up to 100 users are. */
export function getPresences(
  client: EasemobClient,
  request: UserRequest & UsersRequest,
): Promise<readonly Presence[]> {
  const { usernames } = request
  return askResult(client, { method: 'POST', ...ofUser(request, '/presence'), body: { usernames } }, request)
}

/** The user is told no more of up to 100 others. */
export async function unsubscribePresence(
  client: EasemobClient,
  request: UserRequest & UsersRequest,
): Promise<void> {
  const body = { users: request.usernames }
  await askResult(client, { method: 'DELETE', ...ofUser(request, '/presence'), body }, request)
}

/** Of whom a user is told, and until when. */
export interface PresenceSubscription {
  readonly uid: string
  /** Epoch seconds. */
  readonly expiry: string
}

/** Of whom the user is told. `pageSize` up to 500, default 10. */
export async function listPresenceSubscriptions(
  client: EasemobClient,
  { page, pageSize, ...request }: UserRequest & NumberedPage,
): Promise<{ readonly total: number; readonly items: readonly PresenceSubscription[] }> {
  const call = { method: 'GET', ...ofUser(request, '/presence/sublist'), query: { pageNum: page, pageSize } }
  const { totalnum, sublist } = await askResult<{
    readonly totalnum: string
    readonly sublist: readonly PresenceSubscription[]
  }>(client, call, request)
  return { total: Number(totalnum), items: sublist }
}
