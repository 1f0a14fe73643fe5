// Devices as an app server sees them: tags, alias, mobile number, whether they are online (jpush.md §3.3.1–3).
import { Type } from 'typebox'
import { jpushLimits } from '../../contract/limits.ts'
import { bytesOf, isTag } from '../../contract/names.ts'
import type { DeviceChanges, DeviceSeen } from '../../contract/operations/pushes.ts'
import { formatTime } from '../../lib/zone-time.ts'
import { checkAlias, readRegistrationId, readRegistrationIds, refuse } from './device-values.ts'
import { asObject } from './push-rules.ts'
import type { JpushCall, JpushRoute } from './route.ts'

const { tagsPerChangeMax, tagBytesPerChangeMax, mobileCharsMax, lastOnlineShownMs } = jpushLimits

/** The names beside an id; they win over it (jpush.md §1.1). */
const device = '/v3/devices/:rid(^(?!(?:aliases|tags|status)$).+$)'

export const deviceRoutes: readonly JpushRoute[] = [
  {
    method: 'GET',
    path: device,
    summary: 'Tags, alias and mobile number of a device',
    family: 'device',
    quota: 'device',
    raises: ['device_parameter_invalid'],
    handle: call => call.run('device.attributes', { registrationId: readRegistrationId(call) }),
  },
  {
    method: 'POST',
    path: device,
    summary: 'Change tags, alias or mobile number of a device; what is not named stays',
    family: 'device',
    quota: 'device',
    body: 'json',
    schema: Type.Object({
      tags: Type.Optional(
        Type.Union([
          Type.Literal(''),
          Type.Object({
            add: Type.Optional(Type.Array(Type.String())),
            remove: Type.Optional(Type.Array(Type.String())),
          }),
        ]),
      ),
      alias: Type.Optional(Type.String()),
      mobile: Type.Optional(Type.String()),
    }),
    raises: ['device_parameter_invalid', 'alias_full'],
    handle: call => {
      const registrationId = readRegistrationId(call)
      return call.run('device.change', { registrationId, changes: readChanges(call) })
    },
  },
  {
    method: 'POST',
    path: '/v3/devices/status',
    summary: 'Which devices are online',
    family: 'device',
    quota: 'device',
    body: 'json',
    schema: Type.Object({ registration_ids: Type.Array(Type.String()) }),
    raises: ['device_parameter_invalid', 'not_vip'],
    handle: async call => {
      const registrationIds = readRegistrationIds(call.body.registration_ids, 'registration_ids')
      if (registrationIds.length === 0) refuse('registration_ids is missing')
      const { devices } = await call.run('device.seen', { registrationIds })
      const statuses = Object.entries(devices).map(([rid, seen]) => [rid, seen && statusOf(call, seen)])
      return Object.fromEntries(statuses)
    },
  },
]

function readChanges({ body: { tags, alias, mobile } }: JpushCall): DeviceChanges {
  return {
    ...(tags !== undefined && tags !== null && readTagChanges(tags)),
    ...(alias !== undefined && alias !== null && { alias: alias === '' ? '' : checkAlias(alias) }),
    ...(mobile !== undefined && mobile !== null && { mobile: readMobile(mobile) }),
  }
}

function readTagChanges(value: unknown): DeviceChanges {
  if (value === '') return { clearTags: true }
  const { add, remove } = asObject(value) ?? refuse('tags must be an object or ""')
  return { tagsAdd: readTags(add, 'tags.add'), tagsRemove: readTags(remove, 'tags.remove') }
}

function readTags(value: unknown, name: string): readonly string[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || !value.every(isTag)) return refuse(`${name} must be a list of tags`)
  if (value.length > tagsPerChangeMax) return refuse(`${name} has more than ${tagsPerChangeMax} entries`)
  const bytes = value.reduce((sum, tag) => sum + bytesOf(tag), 0)
  return bytes > tagBytesPerChangeMax ? refuse(`${name} is longer than ${tagBytesPerChangeMax} bytes`) : value
}

function readMobile(mobile: unknown): string {
  const isUsable = typeof mobile === 'string' && mobile.length <= mobileCharsMax
  return isUsable ? mobile : refuse(`mobile must be a string of at most ${mobileCharsMax} characters`)
}

/** JavaNew takes no other members than these. */
function statusOf({ timeZoneMinutes }: JpushCall, { isOnline, lastOnlineAt }: DeviceSeen): object {
  const isShown = !isOnline && Date.now() - lastOnlineAt <= lastOnlineShownMs
  return { online: isOnline, ...(isShown && { last_online_time: formatTime(lastOnlineAt, timeZoneMinutes) }) }
}
