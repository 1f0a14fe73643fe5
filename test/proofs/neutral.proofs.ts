// Rows of the administration.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Received, send } from '../http-client.ts'
import { neutralError, type Proof, type Stage } from './proof.ts'

/** One call as the operator. */
const ask =
  (method: string, path: string, body?: object) =>
  ({ app }: Stage): Promise<Received> =>
    send(`${app.http}/admin/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${app.runtime.admin_token}` },
      ...(body && { body }),
    })

export const proofs: readonly Proof[] = [
  {
    failure: 'admin_token_missing',
    dialect: 'neutral',
    title: 'administration without a token answers 401 and asks for one',
    provoke: ({ app }) => send(`${app.http}/admin/v1/apps`),
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
    body: neutralError('admin_token_missing', 'The admin token is missing'),
  },
  {
    failure: 'admin_token_wrong',
    dialect: 'neutral',
    title: 'administration with another token answers 401',
    provoke: ({ app }) =>
      send(`${app.http}/admin/v1/apps`, { headers: { Authorization: `Bearer ${app.runtime.admin_token}x` } }),
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
    body: neutralError('admin_token_wrong', 'The admin token is wrong'),
  },
  {
    failure: 'request_invalid',
    dialect: 'neutral',
    title: 'a state that the core does not know answers 400 and names those it does',
    provoke: ask('PUT', '/core', { state: 'asleep' }),
    status: 400,
    body: neutralError('request_invalid', 'state is one of running, stopped, frozen, draining'),
  },
  {
    failure: 'app_exists',
    dialect: 'neutral',
    title: 'an app that exists cannot be made again',
    provoke: ask('POST', '/apps', { org: 'demo', app: 'chat' }),
    status: 409,
    body: neutralError('app_exists', 'The app demo/chat exists already'),
  },
  {
    failure: 'app_group_exists',
    dialect: 'neutral',
    title: 'a group of apps that exists cannot be made again',
    provoke: async stage => {
      const group = { org: 'demo', name: 'all', apps: ['chat'] }
      await ask('POST', '/app-groups', group)(stage)
      return ask('POST', '/app-groups', group)(stage)
    },
    status: 409,
    body: neutralError('app_group_exists', 'There is a group demo/all'),
  },
  {
    failure: 'app_group_unknown',
    dialect: 'neutral',
    title: 'a group of apps that does not exist answers 404',
    provoke: ask('PUT', '/app-groups/demo/none', { apps: [] }),
    status: 404,
    body: neutralError('app_group_unknown', 'There is no group demo/none'),
  },
  {
    failure: 'app_group_too_large',
    dialect: 'neutral',
    title: 'a group of more apps than a group may have answers 400',
    provoke: ask('POST', '/app-groups', { org: 'demo', name: 'many', apps: Array(101).fill('chat') }),
    status: 400,
    body: neutralError('app_group_too_large', 'A group has at most 100 apps'),
  },
  {
    failure: 'message_not_found',
    dialect: 'neutral',
    title: 'the trail of a push that never was answers 404',
    provoke: ask('GET', '/messages/1/trail'),
    status: 404,
    body: neutralError('message_not_found', 'There is no push or message 1'),
  },
  {
    failure: 'app_not_found',
    dialect: 'neutral',
    title: 'an app that does not exist answers 404',
    provoke: ask('GET', '/apps/acme/none'),
    status: 404,
    body: neutralError('app_not_found', 'There is no app acme/none'),
  },
  {
    failure: 'org_reserved',
    dialect: 'neutral',
    title: 'an organisation called like a path of the server is refused, in any letter case',
    provoke: ask('POST', '/apps', { org: 'V3', app: 'chat' }),
    status: 400,
    body: neutralError('org_reserved', 'The organisation name V3 is reserved'),
  },
  {
    failure: 'name_illegal',
    dialect: 'neutral',
    title: 'a name with other characters than letters, digits and hyphens is refused',
    provoke: ask('POST', '/apps', { org: 'acme', app: 'my chat' }),
    status: 400,
    body: neutralError('name_illegal', 'The name my chat is not legal'),
  },
  {
    failure: 'setting_invalid',
    dialect: 'neutral',
    title: 'a setting with a value it cannot have is refused',
    provoke: async stage => {
      const { org, app } = await stage.makeApp()
      return ask('PATCH', `/apps/${org}/${app}`, { edition: 'latest' })(stage)
    },
    status: 400,
    body: neutralError('setting_invalid', 'The setting edition is not valid: it is one of seed, live'),
  },
  {
    failure: 'core_state_invalid',
    dialect: 'neutral',
    title: 'a core that cannot start is not brought into any state',
    provoke: async stage => {
      const app = await stage.start({})
      await app.admin('PUT', '/core', { state: 'stopped' })
      const database = new DatabaseSync(join(app.dataDir, 'posthouse.db'))
      database.exec("INSERT INTO migrations (name) VALUES ('9999-tomorrow.sql')")
      database.close()
      return ask('PUT', '/core', { state: 'frozen' })({ ...stage, app })
    },
    status: 409,
    body: neutralError('core_state_invalid', 'The core cannot go into this state now'),
  },
]
