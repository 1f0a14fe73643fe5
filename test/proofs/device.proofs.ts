// The neutral rows that device registration can answer.
import { basic, type Received, send } from '../http-client.ts'
import { neutralError, type Proof, type Stage } from './proof.ts'

interface Registered {
  readonly registration_id: string
  readonly password: string
}

const challenge = { 'WWW-Authenticate': 'Basic realm="device"' }

function register({ app }: Stage, authorization: string | undefined, body: object): Promise<Received> {
  const headers = authorization === undefined ? {} : { Authorization: authorization }
  return send(`${app.http}/device/v1/registrations`, { method: 'POST', headers, body })
}

async function registered(stage: Stage): Promise<Registered> {
  return (await register(stage, basic(stage.app.demo.app_key, ''), { platform: 'android' })).json
}

function change({ app }: Stage, path: string, user: string, password: string): Promise<Received> {
  return send(`${app.http}/device/v1/registrations/${path}`, {
    method: 'PUT',
    headers: { Authorization: basic(user, password) },
    body: {},
  })
}

export const proofs: readonly Proof[] = [
  {
    failure: 'credentials_missing',
    dialect: 'neutral',
    title: 'a registration without an app key answers 401',
    provoke: stage => register(stage, undefined, { platform: 'android' }),
    status: 401,
    headers: challenge,
    body: neutralError('credentials_missing', 'Basic credentials are missing'),
  },
  {
    failure: 'credentials_wrong',
    dialect: 'neutral',
    title: 'a registration with a key that no app has answers 401',
    provoke: stage => register(stage, basic('0'.repeat(24), ''), { platform: 'android' }),
    status: 401,
    headers: challenge,
    body: neutralError('credentials_wrong', 'The credentials are wrong'),
  },
  {
    failure: 'app_blacklisted',
    dialect: 'neutral',
    title: 'a registration with the key of a barred app answers 403',
    provoke: async stage => {
      const { app_key } = await stage.makeApp({ blacklisted: true })
      return register(stage, basic(app_key, ''), { platform: 'android' })
    },
    status: 403,
    body: neutralError('app_blacklisted', 'The app is barred'),
  },
  {
    failure: 'device_parameter_invalid',
    dialect: 'neutral',
    title: 'a registration for a platform that does not exist answers 400',
    provoke: stage => register(stage, basic(stage.app.demo.app_key, ''), { platform: 'symbian' }),
    status: 400,
    body: neutralError(
      'device_parameter_invalid',
      'Invalid parameter: platform is one of android, ios, hmos, quickapp, winphone, web',
    ),
  },
  {
    failure: 'alias_full',
    dialect: 'neutral',
    title: 'the eleventh device under one alias answers 409',
    provoke: async stage => {
      const { app_key } = await stage.makeApp()
      const one = () => register(stage, basic(app_key, ''), { platform: 'android', alias: 'ann' })
      for (let count = 0; count < 10; count++) await one()
      return one()
    },
    status: 409,
    body: neutralError('alias_full', 'The alias is bound to too many devices'),
  },
  {
    failure: 'registration_unknown',
    dialect: 'neutral',
    title: 'a device that speaks of another registration answers 404',
    provoke: async stage => {
      const { registration_id, password } = await registered(stage)
      return change(stage, '0'.repeat(19), registration_id, password)
    },
    status: 404,
    body: neutralError('registration_unknown', 'There is no such registration'),
  },
  {
    failure: 'device_credentials_wrong',
    dialect: 'neutral',
    title: 'a wrong device password answers 401',
    provoke: async stage => {
      const { registration_id } = await registered(stage)
      return change(stage, registration_id, registration_id, 'wrong')
    },
    status: 401,
    headers: challenge,
    body: neutralError('device_credentials_wrong', 'The password of the registration is wrong'),
  },
]
