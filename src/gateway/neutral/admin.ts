// Administration: apps and their settings, the state of the core, backups. All of it needs the admin token.
import { Type } from 'typebox'
import type { DeveloperRights } from '../../contract/operations/developers.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { CoreState } from '../../link/link.ts'
import { type Answer, jsonType } from '../http/answer.ts'
import type { NeutralCall, NeutralRoute } from './route.ts'

const appName = Type.Object({ org: Type.String(), app: Type.String() })
const names = Type.Array(Type.String())
const rights = Type.Object({
  admin: Type.Optional(Type.Boolean()),
  group_files: Type.Optional(Type.Boolean()),
})
const coreStates: readonly CoreState[] = ['running', 'stopped', 'frozen', 'draining']

export const adminRoutes: readonly NeutralRoute[] = [
  {
    method: 'GET',
    path: '/admin/v1/apps',
    summary: 'All apps with their credentials',
    need: 'operator',
    raises: [],
    handle: call => call.run('app.list', {}),
  },
  {
    method: 'POST',
    path: '/admin/v1/apps',
    summary: 'Make an app: {"org", "app"}',
    need: 'operator',
    body: 'json',
    schema: appName,
    raises: ['app_exists', 'org_reserved', 'name_illegal', 'request_invalid'],
    handle: call => call.run('app.create', call.body as { org: string; app: string }),
  },
  {
    method: 'GET',
    path: '/admin/v1/apps/:org/:app',
    summary: 'One app with its credentials and settings',
    need: 'operator',
    raises: ['app_not_found'],
    handle: call => call.run('app.get', appOf(call.params)),
  },
  {
    method: 'PATCH',
    path: '/admin/v1/apps/:org/:app',
    summary: 'Change settings of an app: the members given, the rest stay',
    need: 'operator',
    body: 'json',
    raises: ['app_not_found', 'setting_invalid'],
    handle: call => call.run('app.change', { ...appOf(call.params), settings: call.body }),
  },
  {
    method: 'DELETE',
    path: '/admin/v1/apps/:org/:app',
    summary: 'Delete an app; its tokens and keys are dead at once',
    need: 'operator',
    raises: ['app_not_found'],
    handle: call => call.run('app.delete', appOf(call.params)),
  },
  {
    method: 'GET',
    path: '/admin/v1/app-groups',
    summary: 'Groups of apps that are pushed to together, with their credentials',
    need: 'operator',
    raises: [],
    handle: call => call.run('app_group.list', {}),
  },
  {
    method: 'POST',
    path: '/admin/v1/app-groups',
    summary: 'Make a group of apps of an organisation: {"org", "name", "apps"}',
    need: 'operator',
    body: 'json',
    schema: Type.Object({ org: Type.String(), name: Type.String(), apps: names }),
    raises: [
      'app_group_exists',
      'app_group_too_large',
      'app_not_found',
      'org_reserved',
      'name_illegal',
      'request_invalid',
    ],
    handle: call => call.run('app_group.create', call.body as { org: string; name: string; apps: string[] }),
  },
  {
    method: 'PUT',
    path: '/admin/v1/app-groups/:org/:name',
    summary: 'Give a group other apps: {"apps"}',
    need: 'operator',
    body: 'json',
    schema: Type.Object({ apps: names }),
    raises: ['app_group_unknown', 'app_group_too_large', 'app_not_found', 'request_invalid'],
    handle: call =>
      call.run('app_group.change', { ...nameOf(call.params), apps: call.body.apps as string[] }),
  },
  {
    method: 'DELETE',
    path: '/admin/v1/app-groups/:org/:name',
    summary: 'Delete a group of apps; the apps stay',
    need: 'operator',
    raises: ['app_group_unknown'],
    handle: call => call.run('app_group.delete', nameOf(call.params)),
  },
  {
    method: 'GET',
    path: '/admin/v1/developers',
    summary: 'Developer accounts of organisations, without their secrets',
    need: 'operator',
    raises: [],
    handle: call => call.run('developer.list', {}),
  },
  {
    method: 'POST',
    path: '/admin/v1/developers',
    summary:
      'Make a developer account of an organisation: {"org", "name", "admin", "group_files"}, the rights true unless ' +
      'they are given. The secret is in this answer only',
    need: 'operator',
    body: 'json',
    schema: Type.Intersect([Type.Object({ org: Type.String(), name: Type.String() }), rights]),
    raises: ['developer_exists', 'org_reserved', 'name_illegal', 'request_invalid'],
    handle: call => {
      const { org, name, ...given } = call.body as { org: string; name: string }
      return call.run('developer.create', { org, name, ...rightsOf(given) })
    },
  },
  {
    method: 'PATCH',
    path: '/admin/v1/developers/:org/:name',
    summary: 'Change the rights of a developer account: {"admin", "group_files"}, those given',
    need: 'operator',
    body: 'json',
    schema: rights,
    raises: ['developer_unknown', 'request_invalid'],
    handle: call => call.run('developer.change', { ...nameOf(call.params), rights: rightsOf(call.body) }),
  },
  {
    method: 'POST',
    path: '/admin/v1/developers/:org/:name/secret',
    summary: 'Make a new secret for a developer account; the old one is dead at once',
    need: 'operator',
    raises: ['developer_unknown'],
    handle: call => call.run('developer.renew_secret', nameOf(call.params)),
  },
  {
    method: 'DELETE',
    path: '/admin/v1/developers/:org/:name',
    summary: 'Delete a developer account with its files; the apps stay',
    need: 'operator',
    raises: ['developer_unknown'],
    handle: call => call.run('developer.delete', nameOf(call.params)),
  },
  {
    method: 'GET',
    path: '/admin/v1/core',
    summary: 'The state of the core',
    need: 'operator',
    raises: [],
    handle: async ({ operator }) => ({ state: operator.coreState(), ready: operator.isCoreReady() }),
  },
  {
    method: 'PUT',
    path: '/admin/v1/core',
    summary: 'Stop, freeze, drain or run the core: {"state"}',
    need: 'operator',
    body: 'json',
    raises: ['core_state_invalid', 'request_invalid'],
    handle: async ({ operator, body }) => {
      const state = coreStates.find(known => known === body.state)
      if (!state) throw new Refusal('request_invalid', { reason: `state is one of ${coreStates.join(', ')}` })
      await operator.controlCore(state)
      return { state: operator.coreState(), ready: operator.isCoreReady() }
    },
  },
  {
    method: 'POST',
    path: '/admin/v1/backups',
    summary:
      'Write a copy of the database on the server: {"file"}, an absolute path that does not exist yet. 202 = it is ' +
      'still being written: ask again',
    need: 'operator',
    body: 'json',
    schema: Type.Object({ file: Type.String({ minLength: 1 }) }),
    raises: ['request_invalid'],
    handle: backUp,
  },
]

async function backUp(call: NeutralCall): Promise<object | Answer> {
  const made = await call.run('service.backup', { file: String(call.body.file) })
  if (made.bytes !== undefined) return made
  return { status: 202, headers: { 'Content-Type': jsonType }, body: JSON.stringify(made) }
}

function nameOf({ org = '', name = '' }: Readonly<Record<string, string>>): { org: string; name: string } {
  return { org, name }
}

function rightsOf({ admin, group_files }: Readonly<Record<string, unknown>>): Partial<DeveloperRights> {
  return {
    ...(admin !== undefined && { admin: admin as boolean }),
    ...(group_files !== undefined && { group_files: group_files as boolean }),
  }
}

function appOf({ org = '', app = '' }: Readonly<Record<string, string>>): { org: string; app: string } {
  return { org, app }
}
