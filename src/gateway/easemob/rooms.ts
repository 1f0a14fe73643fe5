// Chat rooms (easemob.md §2.11).
import { dataEnvelope } from './envelope.ts'
import {
  anyObject,
  changingFailures,
  dissolve,
  groupOf,
  listPage,
  makingFailures,
  showDetails,
  update,
} from './group-calls.ts'
import { readNewRoom } from './group-fields.ts'
import { roomDialect, toRoomDetails, toRoomEntry } from './group-shapes.ts'
import type { EasemobRoute } from './route.ts'
import { anyToken } from './user-need.ts'

const family = 'rooms'
/** Clients look for one of two names of the name, whichever they sent (easemob.md §6.16). */
const nameFields: ReadonlySet<string> = new Set(['name', 'groupname', 'title'])

export const roomRoutes: readonly EasemobRoute[] = [
  {
    method: 'POST',
    path: '/chatrooms',
    summary: 'Make a chat room: {"name", "owner", "description"?, "maxusers"?, "members"?}',
    family,
    need: anyToken,
    body: 'json',
    schema: anyObject,
    raises: [...makingFailures, 'room_name_missing'],
    handle: async call => {
      const { groupId } = await call.run('group.create', readNewRoom(call.members))
      return dataEnvelope(call, { data: { id: groupId } })
    },
  },
  {
    method: 'GET',
    path: '/chatrooms',
    summary: 'A page of chat rooms, newest first: ?limit, ?cursor',
    family,
    need: anyToken,
    raises: [],
    handle: call => listPage(call, roomDialect, toRoomEntry),
  },
  {
    method: 'GET',
    path: '/chatrooms/:group',
    summary:
      'Details of up to 100 chat rooms, ids parted by commas; the members of one that is asked for alone',
    family,
    need: anyToken,
    raises: ['field_invalid', 'group_details_unknown'],
    handle: call => showDetails(call, roomDialect, toRoomDetails),
  },
  {
    method: 'PUT',
    path: '/chatrooms/:group',
    summary: 'Change a chat room, or hand it to a member: {"newowner"}',
    family,
    need: anyToken,
    body: 'json',
    schema: anyObject,
    raises: changingFailures,
    handle: call =>
      update(call, roomDialect, field => (nameFields.has(field) ? ['groupname', 'name'] : [field])),
  },
  {
    method: 'DELETE',
    path: '/chatrooms/:group',
    summary: 'Dissolve a chat room',
    family,
    need: anyToken,
    raises: ['group_unknown', 'group_right_missing'],
    handle: async call => {
      await dissolve(call, roomDialect)
      return dataEnvelope(call, { data: { success: true, id: groupOf(call) } })
    },
  },
]
