// Contacts (easemob.md §2.4), and the calls that the vendor's Web SDK makes for its user: it invites, accepts, declines,
// and reads the list in forms of its own.
import { Type } from 'typebox'
import { easemobLimits } from '../../contract/limits.ts'
import type { Contact } from '../../contract/operations/contacts.ts'
import type { Result } from '../../contract/operations.ts'
import { Refusal } from '../../contract/refusal.ts'
import { fullEnvelope, shortEnvelope, statusEnvelope } from './envelope.ts'
import { readCount } from './paging.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { toEntity } from './user-entity.ts'
import { appOrSelf, userOf } from './user-need.ts'

const { invitationBatchMax, contactsUnpagedMax, contactsPageDefault, contactsPageMax, remarkCharsMax } =
  easemobLimits

/** The app's server names the user by `user`, the SDK by `users`. */
const ownerPaths = ['/user/:user', '/users/:user']

export const contactRoutes: readonly EasemobRoute[] = [
  {
    method: 'POST',
    path: '/users/:user/contacts/users/:friend',
    summary: 'Make two users contacts of each other',
    need: appOrSelf,
    raises: ['user_unknown', 'contact_absent', 'contacts_too_many', 'invalid_request'],
    handle: async call => changed(call, await call.run('contact.add', pairOf(call))),
  },
  {
    method: 'DELETE',
    path: '/users/:user/contacts/users/:friend',
    summary: 'Make two users contacts no more',
    need: appOrSelf,
    raises: ['user_unknown'],
    handle: async call => changed(call, await call.run('contact.remove', pairOf(call))),
  },
  {
    method: 'GET',
    path: '/users/:user/contacts/users',
    summary: 'All contacts, the newest first: ?needReturnRemark adds what the user calls them',
    need: appOrSelf,
    raises: ['user_unknown'],
    handle: async call => {
      const { contacts } = await call.run('contact.list', { owner: userOf(call), limit: contactsUnpagedMax })
      return shortEnvelope(call, {
        entities: wantsRemark(call) ? contacts.map(toRemarked) : [],
        data: contacts.map(({ username }) => username),
        count: contacts.length,
      })
    },
  },
  {
    method: 'POST',
    path: '/users/:user/contacts/apply',
    summary: 'Ask users to become contacts: {"usernames", "reason"?}',
    need: appOrSelf,
    body: 'json',
    schema: Type.Object({
      usernames: Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: invitationBatchMax }),
      reason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
    raises: ['user_unknown', 'contacts_too_many'],
    handle: async call => {
      const { usernames, reason } = call.members as { usernames: string[]; reason?: string | null }
      await call.run('contact.invite', { owner: userOf(call), users: usernames, reason: reason ?? '' })
      return statusEnvelope(call)
    },
  },
  {
    method: 'POST',
    path: '/users/:user/contacts/accept/users/:friend',
    summary: 'Accept what a user has asked: both are contacts',
    need: appOrSelf,
    raises: ['user_unknown', 'contact_absent', 'contacts_too_many', 'invalid_request'],
    handle: async call => {
      await call.run('contact.accept', pairOf(call))
      return statusEnvelope(call)
    },
  },
  {
    method: 'POST',
    path: '/users/:user/contacts/decline/users/:friend',
    summary: 'Decline what a user has asked',
    need: appOrSelf,
    raises: ['user_unknown', 'contact_absent', 'invalid_request'],
    handle: async call => {
      await call.run('contact.decline', pairOf(call))
      return statusEnvelope(call)
    },
  },
  ...ownerPaths.flatMap((owner): EasemobRoute[] => [
    {
      method: 'GET',
      path: `${owner}/contacts`,
      summary: 'A page of the contacts, the newest first: ?limit up to 50, ?cursor, ?needReturnRemark',
      need: appOrSelf,
      raises: ['user_unknown'],
      handle: readPage,
    },
    {
      method: 'PUT',
      path: `${owner}/contacts/users/:friend`,
      summary: 'What a user calls a contact: {"remark"}, up to 100 characters',
      need: appOrSelf,
      body: 'json',
      schema: Type.Object({ remark: Type.String() }),
      raises: ['user_unknown', 'contact_absent'],
      handle: async call => {
        const { remark } = call.members as { remark: string }
        if ([...remark].length > remarkCharsMax) throw new Refusal('invalid_request')
        await call.run('contact.set_remark', { ...pairOf(call), remark })
        return statusEnvelope(call)
      },
    },
  ]),
]

async function readPage(call: EasemobCall): Promise<object> {
  const cursor = call.query('cursor')
  const { contacts, next } = await call.run('contact.list', {
    owner: userOf(call),
    limit: Math.min(readCount(call, 'limit', 1) ?? contactsPageDefault, contactsPageMax),
    ...(cursor !== undefined && { cursor }),
  })
  const shown = wantsRemark(call) ? contacts.map(toRemarked) : contacts.map(({ username }) => ({ username }))
  // The SDK looks for the cursor inside.
  const data = { contacts: shown, ...(next !== undefined && { cursor: next }) }
  return shortEnvelope(call, { data, cursor: next, count: shown.length })
}

function pairOf(call: EasemobCall): { owner: string; user: string } {
  return { owner: userOf(call), user: call.params.friend! }
}

function wantsRemark(call: EasemobCall): boolean {
  return call.query('needReturnRemark') === 'true'
}

function toRemarked({ username, remark }: Contact): object {
  return { username, remark: remark === '' ? null : remark }
}

function changed(call: EasemobCall, { owner, user }: Result<'contact.add'>): object {
  const path = `/users/${owner.uuid}/contacts`
  return fullEnvelope(call, { path, uri: path, entities: [toEntity(user)] })
}
