// The calls that groups and rooms have alike: listing, changing, dissolving.
import { Type } from 'typebox'
import type { FailuresOf } from '../../contract/failures.ts'
import { easemobLimits } from '../../contract/limits.ts'
import type { Group } from '../../contract/operations/groups.ts'
import { Refusal } from '../../contract/refusal.ts'
import { dataEnvelope } from './envelope.ts'
import { readUpdate } from './group-fields.ts'
import type { GroupDialect } from './group-shapes.ts'
import { readCount, readPage } from './paging.ts'
import type { EasemobCall } from './route.ts'

/** A body with members; which of them are wanted is `group-fields.ts`. */
export const anyObject = Type.Object({})

/** What can be wrong with the fields of a group or room. */
const fieldFailures = [
  'field_missing',
  'field_invalid',
  'name_too_long',
  'group_name_blocked',
  'description_too_long',
  'maxusers_too_large',
] as const satisfies readonly FailuresOf<'easemob'>[]

/** What can stand in the way of a new group or room. */
export const makingFailures = [
  ...fieldFailures,
  'group_right_missing',
  'members_too_many_to_add',
  'owner_unknown',
  'member_unknown',
  'groups_too_many',
  'user_groups_too_many',
  'group_full',
] as const satisfies readonly FailuresOf<'easemob'>[]

export const changingFailures = [
  ...fieldFailures,
  'group_right_missing',
  'fields_unknown',
  'group_unknown',
  'maxusers_below_count',
  'owner_unknown',
  'new_owner_same',
  'new_owner_absent',
] as const satisfies readonly FailuresOf<'easemob'>[]

const { groupsPageDefault, groupsPageMax } = easemobLimits
const paging = {
  from: 1,
  sizeDefault: groupsPageDefault,
  sizeMax: groupsPageMax,
  unpaged: groupsPageMax,
} as const

export function groupOf(call: EasemobCall): string {
  return call.params.group!
}

/** The entries of a path segment that are parted by commas, encoded or not. */
export function splitNames(segment: string): string[] {
  return segment.split(',').filter(name => name !== '')
}

export async function listPage(
  call: EasemobCall,
  { kind }: GroupDialect,
  toEntry: (group: Group) => object,
): Promise<object> {
  const limit = readCount(call, 'limit', 1)
  const cursor = call.query('cursor')
  // The SDK asks for a page of rooms by its number.
  const isNumbered = limit === undefined && !cursor && readCount(call, 'pagenum', 1) !== undefined
  const page = await call.run('group.list', {
    kind,
    ...(limit !== undefined && { limit }),
    ...(cursor && { cursor }),
    ...(isNumbered && readPage(call, paging)),
  })
  const data = page.groups.map(toEntry)
  return dataEnvelope(call, { params: true, data, cursor: page.next, count: data.length })
}

export async function showDetails(
  call: EasemobCall,
  { kind }: GroupDialect,
  toDetails: (group: Group, hasTime: boolean) => object,
): Promise<object> {
  const ids = splitNames(groupOf(call))
  if (ids.length > easemobLimits.groupDetailsMax) throw new Refusal('field_invalid', { field: 'groupid' })
  const { groups } = await call.run('group.get', { kind, groups: ids })
  const hasTime = call.query('joined_time') === 'true'
  const data = groups.map(group => toDetails(group, hasTime))
  return dataEnvelope(call, { data, count: data.length })
}

/** @param answersFor the members by which the answer says that a field is changed */
export async function update(
  call: EasemobCall,
  { kind }: GroupDialect,
  answersFor: (field: string) => readonly string[] = field => [field],
): Promise<object> {
  const { fields, ...change } = readUpdate(call.members, kind)
  await call.run('group.change', { kind, group: groupOf(call), ...change })
  const answered = fields.flatMap(answersFor).map(field => [field, true])
  return dataEnvelope(call, { data: Object.fromEntries(answered) })
}

export async function dissolve(call: EasemobCall, { kind }: GroupDialect): Promise<void> {
  await call.run('group.delete', { kind, group: groupOf(call) })
}
