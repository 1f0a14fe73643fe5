// Is a user there, may it be there (easemob.md §2.3).
import { Type } from 'typebox'
import { easemobLimits } from '../../contract/limits.ts'
import { Refusal } from '../../contract/refusal.ts'
import { lowerAscii } from '../../lib/ascii.ts'
import { commandEnvelope, shortEnvelope } from './envelope.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { toEntity } from './user-entity.ts'
import { appOnly, userOf } from './user-need.ts'

const disconnecting = {
  method: 'GET',
  need: appOnly,
  raises: ['user_unknown'],
  handle: disconnect,
} as const satisfies Partial<EasemobRoute>

export const userStateRoutes: readonly EasemobRoute[] = [
  {
    method: 'GET',
    path: '/users/:user/status',
    summary: 'Is the user online',
    need: appOnly,
    raises: ['user_unknown'],
    handle: async call => {
      const { username, sessions } = await call.run('user.get_sessions', { user: userOf(call) })
      return shortEnvelope(call, { data: stateOf(username, sessions.length > 0), count: 0 })
    },
  },
  {
    method: 'POST',
    path: '/users/batch/status',
    summary: 'Which of up to 100 users are online: {"usernames"}; unknown ones are offline',
    need: appOnly,
    body: 'json',
    check: ({ usernames }) => {
      if (Array.isArray(usernames) && usernames.length > easemobLimits.statusBatchMax)
        throw new Refusal('status_batch_too_large')
    },
    schema: Type.Object({ usernames: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }) }),
    raises: ['status_batch_too_large', 'invalid_request'],
    handle: async call => {
      const users = call.members.usernames as string[]
      const { online } = await call.run('user.are_online', { users })
      const data = users.map((name, index) => stateOf(lowerAscii(name), online[index] === true))
      return commandEnvelope(call, { action: 'get batch user status', data })
    },
  },
  {
    method: 'GET',
    path: '/users/:user/resources',
    summary: 'Where the user is logged in',
    bucket: 'accounts',
    need: appOnly,
    raises: ['user_unknown'],
    handle: async call => {
      const { sessions } = await call.run('user.get_sessions', { user: userOf(call) })
      const data = sessions.map(({ resource, deviceUuid, deviceName }) => ({
        res: resource,
        device_uuid: deviceUuid,
        device_name: deviceName,
      }))
      return shortEnvelope(call, { data, count: 0 })
    },
  },
  { ...disconnecting, path: '/users/:user/disconnect', summary: 'Log the user out everywhere' },
  { ...disconnecting, path: '/users/:user/disconnect/:resource', summary: 'Log the user out in one place' },
  {
    method: 'POST',
    path: '/users/:user/deactivate',
    summary: 'Bar the user: its tokens end, it cannot log in',
    family: 'activation',
    need: appOnly,
    raises: ['user_unknown'],
    handle: async call => {
      const user = await call.run('user.deactivate', { user: userOf(call) })
      return commandEnvelope(call, { action: 'Deactivate user', entities: [toEntity(user)] })
    },
  },
  {
    method: 'POST',
    path: '/users/:user/activate',
    summary: 'Lift the bar',
    family: 'activation',
    need: appOnly,
    raises: ['user_unknown'],
    handle: async call => {
      await call.run('user.activate', { user: userOf(call) })
      return commandEnvelope(call, { action: 'activate user' })
    },
  },
]

async function disconnect(call: EasemobCall): Promise<object> {
  const { resource } = call.params
  await call.run('user.end_sessions', { user: userOf(call), ...(resource && { resource }) })
  return shortEnvelope(call, { data: { result: true }, count: 0 })
}

/** One member, whatever its name: `__proto__` is a legal one. */
function stateOf(username: string, isOnline: boolean): object {
  return Object.fromEntries([[username, isOnline ? 'online' : 'offline']])
}
