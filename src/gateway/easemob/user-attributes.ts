// Attributes of users (easemob.md §2.12). The Web SDK writes them as a form and reads those of anybody.
import { Type } from 'typebox'
import { easemobLimits } from '../../contract/limits.ts'
import type { Attributes } from '../../contract/operations/user-attributes.ts'
import { Refusal } from '../../contract/refusal.ts'
import { dataOnlyEnvelope } from './envelope.ts'
import type { EasemobCall, EasemobRoute, Members } from './route.ts'
import { toText } from './user-entity.ts'
import { userOf } from './user-need.ts'

const { attributeTargetsMax } = easemobLimits

const path = '/metadata/user'
const shared = { family: 'metadata' } as const satisfies Partial<EasemobRoute>
const verbOf = (call: EasemobCall) => call.exchange.method.toLowerCase()
const own = {
  ...shared,
  path: `${path}/:user`,
  need: (call: EasemobCall) => ({ is: 'self', user: userOf(call), verb: verbOf(call), path }),
} as const satisfies Partial<EasemobRoute>
const anybody = (call: EasemobCall) => ({ is: 'token', verb: verbOf(call), path }) as const

const names = Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: attributeTargetsMax })

export const userAttributeRoutes: readonly EasemobRoute[] = [
  {
    ...own,
    method: 'PUT',
    summary: 'Set attributes of a user, as a form; an empty value removes one',
    body: 'form',
    raises: [
      'user_unknown',
      'attributes_off',
      'attributes_too_large',
      'attributes_of_app_too_large',
      'invalid_request',
    ],
    handle: async call => {
      const attributes = readAttributes(call.members)
      const { attributes: all } = await call.run('attributes.set', { user: userOf(call), attributes })
      return dataOnlyEnvelope(call, all)
    },
  },
  {
    ...shared,
    method: 'POST',
    path: `${path}/get`,
    summary: 'Attributes of up to 100 users: {"targets", "properties"}',
    need: anybody,
    body: 'json',
    schema: Type.Object({ targets: names, properties: names }),
    raises: ['attributes_off', 'invalid_request'],
    handle: async call => {
      const { targets, properties } = call.members as { targets: string[]; properties: string[] }
      const { users } = await call.run('attributes.get_many', { users: targets, names: properties })
      const data = users.map(({ username, attributes }) => [username, attributes] as const)
      return dataOnlyEnvelope(call, Object.fromEntries(data))
    },
  },
  {
    ...shared,
    method: 'GET',
    path: `${path}/capacity`,
    summary: 'How many bytes the attributes of all users take',
    need: call => ({ is: 'app', verb: verbOf(call), path }),
    raises: ['attributes_off'],
    handle: async call => dataOnlyEnvelope(call, (await call.run('attributes.count_bytes', {})).bytes),
  },
  {
    ...own,
    method: 'GET',
    summary: 'All attributes of a user',
    need: anybody,
    raises: ['user_unknown', 'attributes_off'],
    handle: async call => {
      const { attributes } = await call.run('attributes.get', { user: userOf(call) })
      return dataOnlyEnvelope(call, attributes)
    },
  },
  {
    ...own,
    method: 'DELETE',
    summary: 'Delete all attributes of a user',
    raises: ['user_unknown', 'attributes_off'],
    handle: async call => {
      await call.run('attributes.delete', { user: userOf(call) })
      return dataOnlyEnvelope(call, true)
    },
  },
]

/** @throws Refusal `invalid_request` for a value that is no text, and for none at all */
function readAttributes(members: Members): Attributes {
  const attributes = Object.entries(members).map(([name, value]) => [name, toText(value)] as const)
  if (attributes.length === 0 || attributes.some(([name, value]) => name === '' || value === undefined))
    throw new Refusal('invalid_request')
  return Object.fromEntries(attributes) as Attributes
}
