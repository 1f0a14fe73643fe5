// Attributes of members of groups: names and values that a member has in one group. They go when it leaves.
import { easemobLimits } from '../contract/limits.ts'
import type { Attributes, GroupAttributeOperations } from '../contract/operations/group-attributes.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { listMemberAttributes, putMemberAttribute } from '../store/group-attributes.ts'
import { findGroup, type GroupRow } from '../store/groups.ts'
import type { Call } from './call.ts'
import { tellMembers } from './group-events.ts'
import { toGroupId } from './group-lookup.ts'
import { findMemberUser, hasRight } from './group-rights.ts'
import { type Handlers, reads, writes } from './handler.ts'

const {
  memberAttributeNameCharsMax,
  memberAttributeValueCharsMax,
  memberAttributeCharsMax,
  groupPresenceMembersMax,
} = easemobLimits

type MemberAttributeOperation = Extract<keyof GroupAttributeOperations, `member_attributes.${string}`>

export const memberAttributeHandlers: Handlers<MemberAttributeOperation> = {
  'member_attributes.set': writes(async (call, { group: text, user: name, attributes: changes }, sql) => {
    const group = await getGroup(call, sql, text)
    const user = await findMemberUser(call, sql, group, name)
    const { principal } = call
    const isOwn = principal.is === 'user' && principal.uid === user?.uid
    if (!isOwn && !(await hasRight(call, sql, 'run', group))) throw new Refusal('group_right_missing')
    if (!user) throw new Refusal('member_absent', { username: name })
    const { groupId } = group
    const attributes = merge(toAttributes(await listMemberAttributes(sql, groupId, user.uid)), changes)
    for (const [key, value] of Object.entries(changes))
      await putMemberAttribute(sql, groupId, user.uid, key, value)
    const told = JSON.stringify({ username: user.username, properties: changes })
    if (group.memberCount <= groupPresenceMembersMax)
      await tellMembers(call, sql, group, 'member_attributes_set', [user.username], { text: told })
    return { attributes }
  }),

  'member_attributes.get': reads(async (call, { group: text, users, names }, sql) => {
    const group = await getGroup(call, sql, text)
    if (!(await hasRight(call, sql, 'see', group))) throw new Refusal('group_right_missing')
    const members: { username: string; attributes: Attributes }[] = []
    for (const name of new Set(users)) {
      const user = await findMemberUser(call, sql, group, name)
      if (!user) continue
      const rows = await listMemberAttributes(sql, group.groupId, user.uid)
      const shown = names.length === 0 ? rows : rows.filter(row => names.includes(row.name))
      members.push({ username: user.username, attributes: toAttributes(shown) })
    }
    return { members }
  }),
}

/** @throws Refusal `metadata_group_unknown` */
async function getGroup(call: Call, sql: Sql, text: string): Promise<GroupRow> {
  const groupId = toGroupId(text)
  const group = groupId && (await findGroup(sql, call.app.appId, 'group', groupId))
  if (!group) throw new Refusal('metadata_group_unknown')
  return group
}

/** @throws Refusal `member_attributes_too_large` */
function merge(before: Attributes, changes: Attributes): Attributes {
  for (const [name, value] of Object.entries(changes)) {
    if (name === '' || [...name].length > memberAttributeNameCharsMax)
      throw new Refusal('member_attributes_too_large', { what: 'single key' })
    if ([...value].length > memberAttributeValueCharsMax)
      throw new Refusal('member_attributes_too_large', { what: 'single value' })
  }
  const kept = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== '')
  const chars = kept.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  if (chars > memberAttributeCharsMax)
    throw new Refusal('member_attributes_too_large', { what: 'single user' })
  return Object.fromEntries(kept)
}

export function toAttributes(rows: readonly { readonly name: string; readonly value: string }[]): Attributes {
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}
