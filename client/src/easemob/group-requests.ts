// What users do about groups themselves: join, invite, answer, leave. The client is a user's (`client.asUser(token)`); but to
// answer a request to join, the app may as well.
import type { CallOptions } from '../caller.ts'
import { settle } from '../settle.ts'
import { askList, once } from './ask.ts'
import type { EasemobCall, EasemobClient } from './client.ts'
import type { GroupRequest } from './groups.ts'
import type { MemberChange } from './members.ts'

function of(groupId: string, below: string): Pick<EasemobCall, 'template' | 'params'> {
  return { template: `/chatgroups/:group${below}`, params: { group: groupId } }
}

/** Which group, and what is said to who decides. */
export interface JoinGroup extends GroupRequest {
  /** Up to 512 characters, for who decides. */
  readonly message?: string
}

/** Joins a public group, or asks its owner and admins where joining needs approval. @throws PosthouseError `member_already` */
export async function joinGroup(
  client: EasemobClient,
  { groupId, message, ...options }: JoinGroup,
): Promise<void> {
  const call = { method: 'POST', ...of(groupId, '/apply'), body: { message } }
  await settle(client.request(call, options), 'member_already')
}

/** What is said to a question that waits. A repeat would be told that none does. */
async function answer(
  client: EasemobClient,
  call: Pick<EasemobCall, 'template' | 'params'>,
  body: object,
  options: CallOptions,
): Promise<void> {
  await client.request({ method: 'POST', ...call, body, ...once() }, options)
}

/** What is said to who has asked to join. */
export interface AnswerJoin extends GroupRequest {
  /** Who has asked. */
  readonly username: string
  readonly accepts: boolean
  /** Up to 512 characters, for who has asked. */
  readonly reason?: string
}

/** Lets a user in who has asked to join, or does not. @throws PosthouseError of the class `missing` where it has not */
export async function answerJoin(
  client: EasemobClient,
  { groupId, username, accepts, reason, ...options }: AnswerJoin,
): Promise<void> {
  const body = { applicant: username, verifyResult: accepts, reason }
  await answer(client, of(groupId, '/apply_verify'), body, options)
}

/** Who is asked to join. */
export interface InviteMembers extends GroupRequest {
  /** At most 60. */
  readonly usernames: readonly string[]
}

/** Asks users to join; where the group asks nobody, they are members at once. A repeat would ask again. Each is answered for itself. */
export function inviteMembers(
  client: EasemobClient,
  { groupId, usernames, ...options }: InviteMembers,
): Promise<readonly MemberChange[]> {
  const call = { method: 'POST', ...of(groupId, '/invite'), body: { usernames } }
  return askList(client, { ...call, ...once() }, options)
}

/** What is said to who has invited. */
export interface AnswerInvitation extends GroupRequest {
  /** Who is invited: the user whose client it is. */
  readonly username: string
  readonly accepts: boolean
}

/** Joins where the user is invited, or does not. @throws PosthouseError of the class `missing` where it is not */
export async function answerInvitation(
  client: EasemobClient,
  { groupId, username, accepts, ...options }: AnswerInvitation,
): Promise<void> {
  await answer(client, of(groupId, '/invite_verify'), { invitee: username, verifyResult: accepts }, options)
}

/** @throws PosthouseError `owner_protected` for the owner */
export async function leaveGroup(
  client: EasemobClient,
  { groupId, ...options }: GroupRequest,
): Promise<void> {
  await settle(client.request({ method: 'DELETE', ...of(groupId, '/quit') }, options), 'member_absent')
}

/** The user gets no more messages of a group. */
export async function shieldGroup(
  client: EasemobClient,
  { groupId, ...options }: GroupRequest,
): Promise<void> {
  await client.request({ method: 'POST', ...of(groupId, '/shield') }, options)
}

/** It gets them again. */
export async function unshieldGroup(
  client: EasemobClient,
  { groupId, ...options }: GroupRequest,
): Promise<void> {
  await client.request({ method: 'DELETE', ...of(groupId, '/shield') }, options)
}
