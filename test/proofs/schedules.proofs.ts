import { randomUUID } from 'node:crypto'
import { basic, send } from '../http-client.ts'
import { jpushError as error, type Proof, type Stage } from './proof.ts'

const push = { platform: 'all', audience: 'all', notification: { alert: 'hi' } }
const path = '/v3/schedules'

const called = (method: string, target: string, body?: object) => async (stage: Stage) => {
  const { app_key, master_secret } = await stage.makeApp()
  const headers = { Authorization: basic(app_key, master_secret) }
  return send(`${stage.app.http}${target}`, { method, headers, ...(body && { body }) })
}

const invalid = (title: string, body: object, reason: string): Proof => ({
  failure: 'schedule_invalid',
  dialect: 'jpush',
  title: `${title} answers 400/8100`,
  provoke: called('POST', path, { name: 'digest', enabled: true, push, ...body }),
  status: 400,
  body: error(8100, `The schedule-task is invalid: ${reason}`),
})

export const proofs: readonly Proof[] = [
  invalid('a single run in the past', { trigger: { single: { time: '2014-09-17 12:00:00' } } }, 'expired'),
  invalid('a schedule without a trigger', {}, 'trigger section is invalid'),
  invalid(
    'a schedule whose push has no audience',
    {
      trigger: { single: { time: '2014-09-17 12:00:00' } },
      push: { platform: 'all', notification: { alert: 'hi' } },
    },
    'push section is invalid: Missing parameter: audience',
  ),
  {
    failure: 'schedule_invalid',
    dialect: 'jpush',
    title: 'a page that is no number answers 400/8100',
    provoke: called('GET', `${path}?page=last`),
    status: 400,
    body: error(8100, 'The schedule-task is invalid: page must be a number from 1'),
  },
  {
    failure: 'schedule_unknown',
    dialect: 'jpush',
    title: 'a schedule that was never made answers 404/8104',
    provoke: called('GET', `${path}/${randomUUID()}`),
    status: 404,
    body: error(8104, "Request schedule operation doesn't exist"),
  },
  {
    failure: 'schedule_unknown',
    dialect: 'jpush',
    title: 'deleting what is no schedule id answers 404/8104',
    provoke: called('DELETE', `${path}/not-a-uuid`),
    status: 404,
    body: error(8104, "Request schedule operation doesn't exist"),
  },
]
