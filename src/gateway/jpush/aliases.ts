// Aliases: the app's own names for devices (jpush.md §3.3.5).
import { Type } from 'typebox'
import { formatDate } from '../../lib/zone-time.ts'
import {
  checkAlias,
  readPlatformQuery,
  readRegistrationIds,
  readRegistrationLists,
  refuse,
} from './device-values.ts'
import type { JpushCall, JpushRoute } from './route.ts'

/** What the Go SDK writes when it has no other query: the parameter without its `?`. */
const strayQuery = '&new_format=true'

export const aliasRoutes: readonly JpushRoute[] = [
  {
    method: 'GET',
    path: '/v3/aliases/:alias',
    summary: 'The devices an alias is bound to; new_format=true tells more of each',
    family: 'device',
    quota: 'device',
    raises: ['device_parameter_invalid'],
    handle: async call => {
      const alias = readAlias(call)
      const { devices } = await call.run('alias.devices', { alias, platforms: readPlatformQuery(call) })
      if (!isNewFormat(call)) return { registration_ids: devices.map(({ registrationId }) => registrationId) }
      const data = devices.map(({ registrationId, platform, lastOnlineAt }) => ({
        registration_id: registrationId,
        platform,
        last_online_date: formatDate(lastOnlineAt, call.timeZoneMinutes),
      }))
      return { data }
    },
  },
  {
    method: 'POST',
    path: '/v3/aliases/:alias',
    summary: 'Unbind devices from the alias',
    family: 'device',
    quota: 'device',
    body: 'json',
    schema: Type.Object({ registration_ids: Type.Object({ remove: Type.Array(Type.String()) }) }),
    raises: ['device_parameter_invalid', 'device_parameters_invalid'],
    handle: call => {
      const alias = readAlias(call)
      const { remove } = readRegistrationLists(call)
      const registrationIds = readRegistrationIds(remove, 'registration_ids.remove')
      if (registrationIds.length === 0) refuse('registration_ids names no device')
      return call.run('alias.unbind', { alias, registrationIds })
    },
  },
  {
    method: 'DELETE',
    path: '/v3/aliases/:alias',
    summary: 'Unbind all devices from the alias, or those on some platforms',
    family: 'device',
    quota: 'device',
    raises: ['device_parameter_invalid'],
    handle: call => {
      const alias = readAlias(call)
      return call.run('alias.delete', { alias, platforms: readPlatformQuery(call) })
    },
  },
]

function readAlias({ params: { alias = '' } }: JpushCall): string {
  return checkAlias(alias.endsWith(strayQuery) ? alias.slice(0, -strayQuery.length) : alias)
}

function isNewFormat(call: JpushCall): boolean {
  return call.query('new_format') === 'true' || call.params.alias!.endsWith(strayQuery)
}
