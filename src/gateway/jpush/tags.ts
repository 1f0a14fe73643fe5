// Tags as groups of devices (jpush.md §3.3.4).
import { Type } from 'typebox'
import {
  readPlatformQuery,
  readRegistrationId,
  readRegistrationIds,
  readRegistrationLists,
  readTag,
  refuse,
} from './device-values.ts'
import type { JpushRoute } from './route.ts'

const registrationIds = Type.Optional(Type.Array(Type.String()))

export const tagRoutes: readonly JpushRoute[] = [
  {
    method: 'GET',
    path: '/v3/tags',
    summary: 'The tags of the app, at most 100',
    family: 'device',
    quota: 'device',
    raises: [],
    handle: call => call.run('tag.list', {}),
  },
  {
    method: 'GET',
    path: '/v3/tags/:tag/registration_ids/:rid',
    summary: 'Does the device carry the tag?',
    family: 'device',
    quota: 'device',
    raises: ['device_parameter_invalid'],
    handle: async call => {
      const [tag, registrationId] = [readTag(call), readRegistrationId(call)]
      return { result: (await call.run('tag.has', { tag, registrationId })).has }
    },
  },
  {
    method: 'POST',
    path: '/v3/tags/:tag',
    summary: 'Give the tag to devices, take it from others',
    family: 'device',
    quota: 'device',
    body: 'json',
    schema: Type.Object({
      registration_ids: Type.Object({ add: registrationIds, remove: registrationIds }),
    }),
    raises: ['device_parameter_invalid', 'device_parameters_invalid'],
    handle: call => {
      const tag = readTag(call)
      const lists = readRegistrationLists(call)
      const add = readRegistrationIds(lists.add, 'registration_ids.add')
      const remove = readRegistrationIds(lists.remove, 'registration_ids.remove')
      if (add.length + remove.length === 0) refuse('registration_ids names no device')
      return call.run('tag.change', { tag, add, remove })
    },
  },
  {
    method: 'DELETE',
    path: '/v3/tags/:tag',
    summary: 'Take the tag from all devices, or from those on some platforms',
    family: 'device',
    quota: 'device',
    raises: ['device_parameter_invalid'],
    handle: call => {
      const tag = readTag(call)
      return call.run('tag.delete', { tag, platforms: readPlatformQuery(call) })
    },
  },
]
