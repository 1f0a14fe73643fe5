// Attributes of chat rooms (easemob.md §2.11). What another user has set is left alone unless the path ends in `forced`.
import { Type } from 'typebox'
import { easemobLimits } from '../../contract/limits.ts'
import type { AttributeChanges, Attributes } from '../../contract/operations/group-attributes.ts'
import { Refusal } from '../../contract/refusal.ts'
import { dataOnlyEnvelope } from './envelope.ts'
import { groupOf } from './group-calls.ts'
import type { EasemobRoute } from './route.ts'
import { anyToken, appOrSelf, userOf } from './user-need.ts'

const family = 'metadata'
const limit = easemobLimits.roomAttributesPerCallMax
const path = '/metadata/chatroom/:group'
const keys = Type.Array(Type.String({ minLength: 1 }))
/** Below the user: whether what others have set may be changed. */
const ways = [
  ['', false],
  ['/forced', true],
] as const
const changing = [
  'group_unknown',
  'user_unknown',
  'member_absent',
  'room_attributes_too_many',
  'invalid_request',
] as const satisfies EasemobRoute['raises']

export const roomAttributeRoutes: readonly EasemobRoute[] = [
  {
    method: 'POST',
    path,
    summary: 'Attributes of a chat room: {"keys"?}, all without',
    family,
    need: anyToken,
    body: 'optional',
    schema: Type.Object({ keys: Type.Optional(keys) }),
    raises: ['group_unknown', 'invalid_request'],
    handle: async call => {
      const { keys: names = [] } = call.members as { keys?: string[] }
      const { attributes } = await call.run('room_attributes.get', { room: groupOf(call), names })
      return dataOnlyEnvelope(call, attributes)
    },
  },
  ...ways.flatMap(([way, isForced]): EasemobRoute[] => [
    {
      method: 'PUT',
      path: `${path}/user/:user${way}`,
      summary: `Set up to ${limit} attributes of a chat room as one who is in it: {"metaData", "autoDelete"?}`,
      family,
      need: appOrSelf,
      body: 'json',
      schema: Type.Object({
        metaData: Type.Record(Type.String(), Type.String(), { minProperties: 1 }),
        autoDelete: Type.Optional(Type.Union([Type.Literal('DELETE'), Type.Literal('NO_DELETE')])),
      }),
      raises: changing,
      handle: async call => {
        const { metaData, autoDelete } = call.members as { metaData: Attributes; autoDelete?: string }
        checkCount(Object.keys(metaData).length)
        const changes = await call.run('room_attributes.set', {
          room: groupOf(call),
          user: userOf(call),
          attributes: metaData,
          isForced,
          goWithUser: autoDelete !== 'NO_DELETE',
        })
        return dataOnlyEnvelope(call, toAnswer(changes))
      },
    },
    {
      method: 'DELETE',
      path: `${path}/user/:user${way}`,
      summary: `Remove up to ${limit} attributes of a chat room as one who is in it: {"keys"}`,
      family,
      need: appOrSelf,
      body: 'json',
      schema: Type.Object({ keys }),
      raises: changing,
      handle: async call => {
        const { keys: names } = call.members as { keys: string[] }
        checkCount(names.length)
        const named = { room: groupOf(call), user: userOf(call), names, isForced }
        return dataOnlyEnvelope(call, toAnswer(await call.run('room_attributes.remove', named)))
      },
    },
  ]),
]

/** @throws Refusal `room_attributes_too_many` */
function checkCount(count: number): void {
  if (count > limit) throw new Refusal('room_attributes_too_many', { limit: String(limit) })
}

function toAnswer({ done, failed }: AttributeChanges): object {
  return { successKeys: done, errorKeys: failed }
}
