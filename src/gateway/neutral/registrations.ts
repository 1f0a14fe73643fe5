// Devices make themselves known: with the app's key at first, with the password they were given from then on.
import { jpushLimits } from '../../contract/limits.ts'
import { isAlias, isTag } from '../../contract/names.ts'
import type { Caller } from '../../contract/operations/caller.ts'
import type { Registration, RegistrationChanges } from '../../contract/operations/devices.ts'
import { type Platform, platforms } from '../../contract/operations/pushes.ts'
import { Refusal } from '../../contract/refusal.ts'
import { readBasic } from '../http/basic.ts'
import { isJsonObject } from '../http/json.ts'
import type { NeutralCall, NeutralRoute } from './route.ts'

type Members = Readonly<Record<string, unknown>>

const members: ReadonlySet<string> = new Set(['platform', 'alias', 'tags', 'channels'])
const { tagsPerDeviceMax, tagBytesMax, aliasBytesMax } = jpushLimits

export const registrationRoutes: readonly NeutralRoute[] = [
  {
    method: 'POST',
    path: '/device/v1/registrations',
    summary: 'Register a device: {"platform", "alias", "tags", "channels"}, Basic appKey and no password',
    body: 'json',
    caller: appKeyCaller,
    raises: [
      'credentials_missing',
      'credentials_wrong',
      'app_blacklisted',
      'device_parameter_invalid',
      'alias_full',
    ],
    handle: async call => {
      const platform = readPlatform(call.body.platform)
      const changes = readChanges(call.body)
      const made = await call.run('registration.create', { ...changes, platform }, appKeyCaller(call))
      return { registration_id: made.registrationId, password: made.password }
    },
  },
  {
    method: 'PUT',
    path: '/device/v1/registrations/:registration_id',
    summary: 'Change a registration: the members given, the rest stay; tags are a list or {"add", "remove"}',
    body: 'json',
    caller: deviceCaller,
    raises: [
      'credentials_missing',
      'device_credentials_wrong',
      'registration_unknown',
      'device_parameter_invalid',
      'alias_full',
    ],
    handle: async call => {
      const args = { registrationId: call.params.registration_id!, changes: readChanges(call.body) }
      return describe(await call.run('registration.change', args, deviceCaller(call)))
    },
  },
  {
    method: 'DELETE',
    path: '/device/v1/registrations/:registration_id',
    summary: 'Delete a registration; what waits for the device is gone with it',
    caller: deviceCaller,
    raises: ['credentials_missing', 'device_credentials_wrong', 'registration_unknown'],
    handle: call =>
      call.run('registration.delete', { registrationId: call.params.registration_id! }, deviceCaller(call)),
  },
]

function appKeyCaller({ exchange }: NeutralCall): Caller {
  return { as: 'app_key', key: readBasic(exchange.header('authorization')).key, ip: exchange.ip }
}

function deviceCaller({ exchange }: NeutralCall): Caller {
  const { key, secret } = readBasic(exchange.header('authorization'))
  return { as: 'device', registrationId: key, password: secret }
}

/** null counts as absent, as in the device API of the JPush dialect (jpush.md §3.3.2). */
function readChanges(body: Members): RegistrationChanges {
  const unknown = Object.keys(body).find(name => !members.has(name))
  if (unknown !== undefined) invalid(`there is no member ${unknown}`)
  const { platform, alias, tags, channels } = body
  return {
    ...(isGiven(platform) && { platform: readPlatform(platform) }),
    ...(isGiven(alias) && { alias: readAlias(alias) }),
    ...(isGiven(tags) && readTags(tags)),
    ...(isGiven(channels) && { channels: readChannels(channels) }),
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

function readPlatform(value: unknown): Platform {
  return platforms.find(name => name === value) ?? invalid(`platform is one of ${platforms.join(', ')}`)
}

function readAlias(value: unknown): string {
  if (value === '' || isAlias(value)) return value
  return invalid(
    `alias is a text of letters, digits, Chinese characters and signs, at most ${aliasBytesMax} bytes`,
  )
}

function readTags(value: unknown): Pick<RegistrationChanges, 'tags' | 'tagsAdd' | 'tagsRemove'> {
  if (Array.isArray(value)) return { tags: readTagList(value) }
  if (!isJsonObject(value) || Object.keys(value).some(name => name !== 'add' && name !== 'remove'))
    return invalid('tags is a list of tags, or {"add": [], "remove": []}')
  return {
    ...(isGiven(value.add) && { tagsAdd: readTagList(value.add) }),
    ...(isGiven(value.remove) && { tagsRemove: readTagList(value.remove) }),
  }
}

function readTagList(value: unknown): string[] {
  if (!Array.isArray(value) || value.length > tagsPerDeviceMax)
    return invalid(`tags come in a list of at most ${tagsPerDeviceMax}`)
  for (const tag of value) if (!isTag(tag)) return invalid(`a tag is a text of 1 to ${tagBytesMax} bytes`)
  return [...new Set(value as string[])]
}

function readChannels(value: unknown): Members {
  return isJsonObject(value) ? value : invalid('channels is an object, a member a channel')
}

function describe({ registrationId, ...rest }: Registration): object {
  return { registration_id: registrationId, ...rest }
}

function invalid(reason: string): never {
  throw new Refusal('device_parameter_invalid', { reason })
}
