// Values that the calls about devices, tags and aliases share.
import { jpushLimits } from '../../contract/limits.ts'
import { isAlias, isRegistrationId, isTag } from '../../contract/names.ts'
import { type Platform, platforms } from '../../contract/operations/pushes.ts'
import { Refusal } from '../../contract/refusal.ts'
import { isPlatform } from './push-audience.ts'
import { asObject, type JsonObject } from './push-rules.ts'
import type { JpushCall } from './route.ts'

export function refuse(reason: string): never {
  throw new Refusal('device_parameter_invalid', { reason })
}

export function readRegistrationId(call: JpushCall): string {
  const { rid } = call.params
  return isRegistrationId(rid) ? rid : refuse('the registration_id is malformed')
}

export function readTag({ params: { tag } }: JpushCall): string {
  return isTag(tag) ? tag : refuse('the tag is malformed')
}

export function checkAlias(alias: unknown): string {
  return isAlias(alias) ? alias : refuse('the alias is malformed')
}

/** The `platform` query: a list; absent or empty = all (jpush.md §5 A16). */
export function readPlatformQuery(call: JpushCall): readonly Platform[] {
  const names = splitList(call.query('platform') ?? '')
  if (names.length === 0) return platforms
  return names.every(isPlatform) ? names : refuse('platform names no platform')
}

/** Java callers leave blanks and a last comma (jpush.md §1.5). */
export function splitList(list: string): string[] {
  return list
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '')
}

/** `registration_ids` of a body: an object of lists. */
export function readRegistrationLists(call: JpushCall): JsonObject {
  return asObject(call.body.registration_ids) ?? refuse('registration_ids must be an object')
}

/** A list of registration ids, known or not; absent = empty. */
export function readRegistrationIds(value: unknown, name: string): readonly string[] {
  if (value === undefined || value === null) return []
  const { registrationIdsPerCallMax } = jpushLimits
  if (!Array.isArray(value) || !value.every(entry => typeof entry === 'string'))
    return refuse(`${name} must be a list of registration_ids`)
  if (value.length > registrationIdsPerCallMax)
    return refuse(`${name} has more than ${registrationIdsPerCallMax} entries`)
  return value
}
