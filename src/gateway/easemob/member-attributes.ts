// Attributes of members of groups (easemob.md §2.12). The Web SDK puts `/sdk` before the path.
import { Type } from 'typebox'
import { easemobLimits } from '../../contract/limits.ts'
import type { Attributes } from '../../contract/operations/group-attributes.ts'
import { dataOnlyEnvelope } from './envelope.ts'
import { groupOf } from './group-calls.ts'
import type { EasemobRoute } from './route.ts'
import { anyToken, userOf } from './user-need.ts'

const family = 'metadata'
const name = Type.String({ minLength: 1 })
const targets = Type.Array(name, { minItems: 1, maxItems: easemobLimits.memberAttributeTargetsMax })

export const memberAttributeRoutes: readonly EasemobRoute[] = ['', '/sdk'].flatMap(prefix =>
  routesBelow(`${prefix}/metadata/chatgroup/:group`),
)

function routesBelow(path: string): EasemobRoute[] {
  return [
    {
      method: 'PUT',
      path: `${path}/user/:user`,
      summary: 'Set attributes of a member of a group, an empty value removes one: {"metaData"}',
      family,
      need: anyToken,
      body: 'json',
      schema: Type.Object({ metaData: Type.Record(Type.String(), Type.String(), { minProperties: 1 }) }),
      raises: [
        'metadata_group_unknown',
        'group_right_missing',
        'member_absent',
        'member_attributes_too_large',
        'invalid_request',
      ],
      handle: async call => {
        const { metaData } = call.members as { metaData: Attributes }
        const args = { group: groupOf(call), user: userOf(call), attributes: metaData }
        return dataOnlyEnvelope(call, (await call.run('member_attributes.set', args)).attributes)
      },
    },
    {
      method: 'GET',
      path: `${path}/user/:user`,
      summary: 'All attributes of a member of a group',
      family,
      need: anyToken,
      raises: ['metadata_group_unknown', 'group_right_missing'],
      handle: async call => {
        const asked = { group: groupOf(call), users: [userOf(call)], names: [] }
        const { members } = await call.run('member_attributes.get', asked)
        return dataOnlyEnvelope(call, members[0]?.attributes ?? {})
      },
    },
    {
      method: 'POST',
      path: `${path}/get`,
      summary: 'Attributes of up to 100 members of a group: {"targets", "properties"?}',
      family,
      need: anyToken,
      body: 'json',
      schema: Type.Object({ targets, properties: Type.Optional(Type.Array(name)) }),
      raises: ['metadata_group_unknown', 'group_right_missing', 'invalid_request'],
      handle: async call => {
        const { targets: users, properties } = call.members as { targets: string[]; properties?: string[] }
        const asked = { group: groupOf(call), users, names: properties ?? [] }
        const { members } = await call.run('member_attributes.get', asked)
        const data = members.map(({ username, attributes }) => [username, attributes])
        return dataOnlyEnvelope(call, Object.fromEntries(data))
      },
    },
  ]
}
