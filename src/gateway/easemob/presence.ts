// Presence of users (easemob.md §2.12). Answers are bare objects with a `result`.
import { Type } from 'typebox'
import { easemobLimits } from '../../contract/limits.ts'
import { toPresenceJson } from '../../contract/presence-json.ts'
import { Refusal } from '../../contract/refusal.ts'
import { readCount } from './paging.ts'
import type { EasemobCall, EasemobRoute, Members } from './route.ts'
import { appOrSelf, userOf } from './user-need.ts'

const { presenceBatchMax, presencePageDefault, presencePageMax, presenceStatusMax } = easemobLimits

const shared = { need: appOrSelf, bucket: 'presence' } as const satisfies Partial<EasemobRoute>

const names = Type.Array(Type.String({ minLength: 1 }))
const subscribed = Type.Object({ usernames: names })
/** The Web SDK sends the bare list, the app's server either name of it. */
const unsubscribed = Type.Union([names, Type.Object({ users: names }), Type.Object({ usernames: names })])

export const presenceRoutes: readonly EasemobRoute[] = [
  {
    ...shared,
    method: 'POST',
    path: '/users/:user/presence/:resource/:status',
    summary: 'Publish how the user is on one of its devices: {"ext"}',
    body: 'json',
    check: ({ ext }) => {
      if (typeof ext !== 'string') throw new Refusal('presence_ext_missing')
    },
    raises: [
      'presence_off',
      'presence_failed',
      'presence_ext_missing',
      'presence_ext_too_big',
      'presence_resource_unknown',
      'user_unknown',
    ],
    handle: async call => {
      const { resource, status } = call.params as { resource: string; status: string }
      if (!/^\d{1,3}$/.test(status) || Number(status) > presenceStatusMax)
        throw new Refusal('presence_failed')
      const ext = call.members.ext as string
      await call.run('presence.publish', { user: userOf(call), resource, status: Number(status), ext })
      return { result: 'ok' }
    },
  },
  {
    ...shared,
    method: 'POST',
    path: '/users/:user/presence/:expiry',
    summary: 'Be told of up to 100 users for so many seconds: {"usernames"}',
    body: 'json',
    check: body => checkNames(body.usernames, 'presence_subscriptions_too_many'),
    schema: subscribed,
    raises: [
      'presence_off',
      'presence_usernames_empty',
      'presence_subscriptions_too_many',
      'presence_of_oneself',
      'user_unknown',
      'invalid_request',
    ],
    handle: async call => {
      const { expiry } = call.params as { expiry: string }
      if (!/^0*[1-9]\d{0,11}$/.test(expiry)) throw new Refusal('invalid_request')
      const users = call.members.usernames as string[]
      const asked = { user: userOf(call), users, seconds: Number(expiry) }
      const { presences } = await call.run('presence.subscribe', asked)
      return { result: presences.map(toPresenceJson) }
    },
  },
  {
    ...shared,
    method: 'POST',
    path: '/users/:user/presence',
    summary: 'How up to 100 users are: {"usernames"}',
    body: 'json',
    check: body => checkNames(body.usernames, 'presence_queries_too_many'),
    schema: subscribed,
    raises: [
      'presence_off',
      'presence_usernames_empty',
      'presence_queries_too_many',
      'user_unknown',
      'invalid_request',
    ],
    handle: async call => {
      const users = call.members.usernames as string[]
      const { presences } = await call.run('presence.get', { user: userOf(call), users })
      return { result: presences.map(presence => toPresenceJson({ ...presence, expiresAt: 0 })) }
    },
  },
  {
    ...shared,
    method: 'DELETE',
    path: '/users/:user/presence',
    summary: 'Be told no more of up to 100 users: {"users"}',
    body: 'json',
    check: body => checkNames(unsubscribedOf(body), 'presence_unsubscriptions_too_many'),
    schema: unsubscribed,
    raises: [
      'presence_off',
      'presence_usernames_empty',
      'presence_unsubscriptions_too_many',
      'user_unknown',
      'invalid_request',
    ],
    handle: async call => {
      const users = unsubscribedOf(call.body as Members) as string[]
      await call.run('presence.unsubscribe', { user: userOf(call), users })
      return { result: 'ok' }
    },
  },
  {
    ...shared,
    method: 'GET',
    path: '/users/:user/presence/sublist',
    summary: 'Of whom the user is told: ?pageNum, ?pageSize up to 500',
    raises: ['presence_off', 'presence_pages_too_large', 'user_unknown'],
    handle: listSubscriptions,
  },
]

type TooMany =
  | 'presence_subscriptions_too_many'
  | 'presence_queries_too_many'
  | 'presence_unsubscriptions_too_many'

function checkNames(value: unknown, tooMany: TooMany): void {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0))
    throw new Refusal('presence_usernames_empty')
  if (Array.isArray(value) && value.length > presenceBatchMax) throw new Refusal(tooMany)
}

function unsubscribedOf(body: Members): unknown {
  return Array.isArray(body) ? body : (body.users ?? body.usernames)
}

async function listSubscriptions(call: EasemobCall): Promise<object> {
  const limit = readCount(call, 'pageSize', 1) ?? presencePageDefault
  if (limit > presencePageMax) throw new Refusal('presence_pages_too_large')
  const offset = ((readCount(call, 'pageNum', 1) ?? 1) - 1) * limit
  const { total, subscriptions } = await call.run('presence.list', { user: userOf(call), offset, limit })
  const sublist = subscriptions.map(({ username, expiresAt }) => ({
    uid: username,
    expiry: String(Math.floor(expiresAt / 1_000)),
  }))
  return { result: { totalnum: String(total), sublist } }
}
