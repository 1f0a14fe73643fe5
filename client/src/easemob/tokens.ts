// Tokens of users: easemob.md §2.1. That of the app the client gets by itself.
import type { CallOptions } from '../caller.ts'
import type { EasemobClient } from './client.ts'
import type { User, UserRequest } from './users.ts'

/** A token, and whose it is. */
export interface UserToken {
  readonly access_token: string
  /** Seconds; of one that never expires, the most that 31 bits hold. */
  readonly expires_in: number
  readonly user: User
}

/** Whose token, for which password. */
export interface PasswordGrant extends CallOptions {
  readonly username: string
  readonly password: string
  /** Seconds; 0: for ever; absent: what the app says, 60 days unless set. */
  readonly ttl?: number
}

/** Whose token. */
export interface InheritGrant extends CallOptions {
  readonly username: string
  /** Registers the user, without a password, where there is none. Default false. */
  readonly autoCreateUser?: boolean
  /** As for a password. */
  readonly ttl?: number
}

const call = { method: 'POST', template: '/token', expects: ['access_token'] } as const

/** A user's token for its password. The earlier ones stay good. @throws PosthouseError `grant_password_wrong` and others */
export function createUserToken(
  client: EasemobClient,
  { signal, ...grant }: PasswordGrant,
): Promise<UserToken> {
  return client.request({ ...call, body: { grant_type: 'password', ...grant } }, { signal })
}

/** A user's token without its password, for the app. @throws PosthouseError `inherit_user_unknown` */
export function inheritUserToken(
  client: EasemobClient,
  { signal, ...grant }: InheritGrant,
): Promise<UserToken> {
  return client.request({ ...call, body: { grant_type: 'inherit', ...grant } }, { signal })
}

/**
 * Called as the user: its sessions last as long as the token of this client.
 * @returns when that ends, epoch ms; for one that never does a moment in 2117
 */
export async function renewSessions(client: EasemobClient, request: UserRequest): Promise<number> {
  const { expire_timestamp } = await client.request<{ readonly expire_timestamp: number }>(
    {
      method: 'GET',
      template: '/sdk/users/:username/token/expires',
      params: { username: request.username },
      expects: ['expire_timestamp'],
    },
    request,
  )
  return expire_timestamp
}
