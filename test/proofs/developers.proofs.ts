// Rows of developer accounts: the Admin API of the JPush dialect, their files, their administration.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { basic, type Received, type Sent, send } from '../http-client.ts'
import { type AppleCertificate, appleCertificate } from '../peers/apple-certificates.ts'
import type { TestApp } from '../start-app.ts'
import { jpushError as error, neutralError, type Proof, type Stage } from './proof.ts'

const myapp = { app_name: 'myapp', android_package: 'cn.jpush.app' }
const nobody = '0123456789abcdef01234567'
let lastOrg = 0

interface Account {
  readonly headers: { readonly Authorization: string }
}

async function makeAccount(app: TestApp, rights: object = {}): Promise<Account> {
  const org = `proof-dev${++lastOrg}`
  const { dev_key, dev_secret } = await app.admin('POST', '/developers', { org, name: 'ann', ...rights })
  return { headers: { Authorization: basic(dev_key, dev_secret) } }
}

/** One call of a new account. */
const called =
  (method: string, path: string, sent: Sent = {}, rights?: object) =>
  async ({ app }: Stage): Promise<Received> => {
    const { headers } = await makeAccount(app, rights)
    return send(app.http + path, { method, ...sent, headers: { ...headers, ...sent.headers } })
  }

const created = (difference: object) => called('POST', '/v1/app', { body: { ...myapp, ...difference } })

const calledAs = (authorization: string) => (stage: Stage) =>
  send(`${stage.app.http}/v1/app`, { headers: { Authorization: authorization }, body: myapp })

/** Certificates for a new app, one after the other; what came of the last. */
const uploaded =
  (...certificates: readonly (AppleCertificate | undefined)[]) =>
  async ({ app }: Stage): Promise<Received> => {
    const { headers } = await makeAccount(app)
    const { app_key } = (await send(`${app.http}/v1/app`, { headers, body: myapp })).json
    const url = `${app.http}/v1/app/${app_key}/certificate`
    const answers: Received[] = []
    for (const certificate of certificates) answers.push(await sendForm(url, headers, certificate))
    return answers.at(-1)!
  }

async function sendForm(
  url: string,
  headers: Account['headers'],
  certificate: AppleCertificate | undefined,
): Promise<Received> {
  const form = new FormData()
  form.append('proCertificatePassword', certificate?.password ?? '')
  if (certificate) form.append('proCertificateFile', new Blob([new Uint8Array(certificate.p12)]), 'a.p12')
  const encoded = new Request(url, { method: 'POST', body: form })
  const type = encoded.headers.get('content-type')!
  const body = Buffer.from(await encoded.arrayBuffer())
  return send(url, { headers: { ...headers, 'Content-Type': type }, body })
}

const callerProofs: readonly Proof[] = [
  {
    failure: 'credentials_missing',
    dialect: 'jpush',
    family: 'admin',
    title: 'what is no string of Basic credentials answers 401/4006',
    provoke: calledAs('Basic ???'),
    status: 401,
    headers: { 'WWW-Authenticate': /^Basic /, 'X-Rate-Limit-Limit': null },
    body: error(4006, 'Authentication failed: it is not a valid authorization string'),
  },
  {
    failure: 'developer_key_unknown',
    dialect: 'jpush',
    title: 'an app’s key and secret are no developer’s and answer 401/4004',
    provoke: async stage => calledAs((await stage.makeApp()).basic)(stage),
    status: 401,
    headers: { 'WWW-Authenticate': /^Basic / },
    body: error(4004, 'Authentication failed: dev_key does not exist'),
  },
  {
    failure: 'developer_secret_wrong',
    dialect: 'jpush',
    title: 'another secret answers 401/4005',
    provoke: async stage => {
      const { dev_key } = await stage.app.admin('POST', '/developers', { org: 'proof-secret', name: 'ann' })
      return calledAs(basic(dev_key, nobody))(stage)
    },
    status: 401,
    headers: { 'WWW-Authenticate': /^Basic / },
    body: error(4005, 'Authentication failed: dev_key and dev_secret are not matched'),
  },
  {
    failure: 'developer_not_permitted',
    dialect: 'jpush',
    title: 'an account without the right to administer answers 401/4007',
    provoke: called('POST', '/v1/app', { body: myapp }, { admin: false }),
    status: 401,
    body: error(4007, 'Permission not granted'),
  },
  {
    failure: 'developer_files_denied',
    dialect: 'jpush',
    title: 'an account without the right to files of groups answers 403/1105',
    provoke: called('GET', '/v3/files', {}, { group_files: false }),
    status: 403,
    headers: { 'X-Rate-Limit-Limit': '20' },
    body: error(1105, 'No permission to use files with the developer credential'),
  },
]

const appProofs: readonly Proof[] = [
  {
    failure: 'parameter_missing',
    dialect: 'jpush',
    family: 'admin',
    title: 'an app without a name answers 400/4002',
    provoke: created({ app_name: '' }),
    status: 400,
    body: error(4002, 'Request parameter app_name is null or empty'),
  },
  {
    failure: 'admin_parameter_invalid',
    dialect: 'jpush',
    title: 'an Android package of one part answers 400/4003',
    provoke: created({ android_package: 'app' }),
    status: 400,
    body: error(4003, 'Request parameter android_package is null or empty'),
  },
  {
    failure: 'developer_apps_full',
    dialect: 'jpush',
    title: 'one app more than an account may make answers 403/9403',
    provoke: async stage => {
      const app = await stage.start({ POSTHOUSE_DEVELOPER_APPS_MAX: '1' })
      const { headers } = await makeAccount(app)
      await send(`${app.http}/v1/app`, { headers, body: myapp })
      return send(`${app.http}/v1/app`, { headers, body: { ...myapp, app_name: 'other' } })
    },
    status: 403,
    body: error(9403, 'There are 1 apps already'),
  },
  {
    failure: 'admin_app_key_invalid',
    dialect: 'jpush',
    title: 'a certificate for an app that is not there answers 200/1013',
    provoke: called('POST', `/v1/app/${nobody}/certificate`),
    status: 200,
    body: error(1013, 'appkey invalid'),
  },
  {
    failure: 'app_delete_failed',
    dialect: 'jpush',
    title: 'deleting an app that is not there answers 200/1015',
    provoke: called('DELETE', `/v1/app/${nobody}/delete`),
    status: 200,
    body: error(1015, 'app delete fail'),
  },
  {
    failure: 'certificate_missing',
    dialect: 'jpush',
    title: 'a form without a certificate answers 200/1014',
    provoke: uploaded(undefined),
    status: 200,
    body: error(1014, 'no certificate file'),
  },
  {
    failure: 'certificate_invalid',
    dialect: 'jpush',
    title: 'a certificate with another password answers 200/1012',
    provoke: stage => uploaded({ ...appleCertificate(), password: 'wrong' })(stage),
    status: 200,
    body: error(1012, 'certificate invalid'),
  },
  {
    failure: 'certificate_exists',
    dialect: 'jpush',
    title: 'the same certificate once more answers 200/1010',
    provoke: stage => {
      const certificate = appleCertificate()
      return uploaded(certificate, certificate)(stage)
    },
    status: 200,
    body: error(1010, 'certificate exists already'),
  },
]

const requestProofs: readonly Proof[] = [
  {
    failure: 'method_not_allowed',
    dialect: 'jpush',
    family: 'admin',
    title: 'GET /v1/app answers 405/4001 with the methods it takes',
    provoke: called('GET', '/v1/app'),
    status: 405,
    headers: { Allow: 'POST' },
    body: error(4001, 'Get HTTP method is not allowed'),
  },
  {
    failure: 'json_malformed',
    dialect: 'jpush',
    family: 'admin',
    title: 'a body that ends too early answers 400/4003',
    provoke: called('POST', '/v1/app', { body: '{"app_name":' }),
    status: 400,
    body: error(4003, 'The request body is not a valid JSON object'),
  },
  {
    failure: 'json_value_invalid',
    dialect: 'jpush',
    family: 'admin',
    title: 'a number that nobody can hold answers 400/4003',
    provoke: called('POST', '/v1/app', { body: '{"app_name":1e999}' }),
    status: 400,
    body: error(4003, 'The request body holds a value that is not valid'),
  },
  {
    failure: 'body_not_object',
    dialect: 'jpush',
    family: 'admin',
    title: 'JSON that is no object answers 400/4003',
    provoke: called('POST', '/v1/app', { body: '"x"' }),
    status: 400,
    body: error(4003, 'The request body is not a valid JSON object'),
  },
  {
    failure: 'body_too_large',
    dialect: 'jpush',
    family: 'admin',
    title: 'a body above the limit answers 400/4003',
    provoke: called('POST', '/v1/app', { body: { ...myapp, group_name: 'x'.repeat(70_000) } }),
    status: 400,
    body: error(4003, 'The request body is too big, the limit is 65536 bytes'),
  },
  {
    failure: 'internal',
    dialect: 'jpush',
    family: 'admin',
    title: 'an exception inside the server answers 500/10',
    provoke: async stage => {
      const app = await stage.start({})
      const { headers } = await makeAccount(app)
      // The core goes on meanwhile, and may be writing.
      const database = new DatabaseSync(join(app.dataDir, 'posthouse.db'), { timeout: 10_000 })
      database.exec('DROP TABLE developers')
      database.close()
      return send(`${app.http}/v1/app`, { headers, body: myapp })
    },
    status: 500,
    body: error(10, 'System error'),
  },
]

const accountProofs: readonly Proof[] = [
  {
    failure: 'developer_exists',
    dialect: 'neutral',
    title: 'a developer account that exists cannot be made again',
    provoke: async ({ app }) => {
      const account = { org: 'proof-same', name: 'ann' }
      await asOperator(app, 'POST', '/developers', account)
      return asOperator(app, 'POST', '/developers', account)
    },
    status: 409,
    body: neutralError('developer_exists', 'There is a developer account proof-same/ann'),
  },
  {
    failure: 'developer_unknown',
    dialect: 'neutral',
    title: 'a developer account that does not exist answers 404',
    provoke: ({ app }) => asOperator(app, 'DELETE', '/developers/demo/none'),
    status: 404,
    body: neutralError('developer_unknown', 'There is no developer account demo/none'),
  },
]

function asOperator(app: TestApp, method: string, path: string, body?: object): Promise<Received> {
  const headers = { Authorization: `Bearer ${app.runtime.admin_token}` }
  return send(`${app.http}/admin/v1${path}`, { method, headers, ...(body && { body }) })
}

export const proofs: readonly Proof[] = [...callerProofs, ...appProofs, ...requestProofs, ...accountProofs]
