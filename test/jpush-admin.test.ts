// The Admin API of the JPush dialect, as developer accounts call it (jpush.md §3.5), down to the iPhone that the uploaded
// certificate reaches.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { register } from './devices.ts'
import { basic, type Received, send } from './http-client.ts'
import { jpushApp } from './jpush-client.ts'
import { ApnsPeer } from './peers/apns-peer.ts'
import { type AppleCertificate, appleCertificate } from './peers/apple-certificates.ts'
import { peerCertificateFile } from './peers/certificate.ts'
import { RawConnection } from './raw-connection.ts'
import { sharedApp } from './start-app.ts'
import { until } from './until.ts'

const server = sharedApp({
  POSTHOUSE_VENDOR_CA_FILE: peerCertificateFile(),
  POSTHOUSE_VENDOR_RETRY_MS: '20',
})
let lastOrg = 0
const myapp = { app_name: 'myapp', android_package: 'cn.jpush.app' }
const done = { success: 'Synchronized success' }

/** A developer account of an organisation of its own. */
async function makeDeveloper(rights: object = {}) {
  const org = `dev${++lastOrg}`
  const account = await server().admin('POST', '/developers', { org, name: 'ann', ...rights })
  const headers = { Authorization: basic(account.dev_key, account.dev_secret) }
  const call = (method: string, path: string, body?: object | string): Promise<Received> =>
    send(server().http + path, { method, headers, ...(body !== undefined && { body }) })
  return { org, account, headers, call }
}

type Developer = Awaited<ReturnType<typeof makeDeveloper>>

interface Files {
  readonly dev?: AppleCertificate | undefined
  readonly pro?: AppleCertificate | undefined
}

/** As curl -F sends them. */
async function uploadCertificates(
  { headers }: Pick<Developer, 'headers'>,
  appKey: string,
  files: Files,
  fields: Readonly<Record<string, string>> = {},
): Promise<{ status: number; json: any }> {
  const form = new FormData()
  for (const [kind, certificate] of Object.entries(files)) {
    if (!certificate) continue
    form.append(`${kind}CertificatePassword`, fields[`${kind}CertificatePassword`] ?? certificate.password)
    form.append(`${kind}CertificateFile`, new Blob([new Uint8Array(certificate.p12)]), `${kind}.p12`)
  }
  const url = `${server().http}/v1/app/${appKey}/certificate`
  const response = await fetch(url, { method: 'POST', headers, body: form })
  return { status: response.status, json: await response.json() }
}

test('an app is made once, with credentials that work; asking again names the same one', async () => {
  const { org, call } = await makeDeveloper()
  const first = await call('POST', '/v1/app', { ...myapp, group_name: 'groupOne' })
  assert.equal(first.status, 200, first.text)
  const { app_key, master_secret, ...rest } = first.json
  assert.deepEqual(rest, { is_new_created: true, android_package: 'cn.jpush.app' })
  assert.match(app_key, /^[0-9a-f]{24}$/)
  // An official client posts to it with a slash behind it.
  const second = await call('POST', '/v1/app/', { ...myapp, group_name: 'groupOne' })
  assert.deepEqual(second.json, { ...first.json, is_new_created: false })
  const app = jpushApp(server(), { app_key, master_secret })
  await register(server(), app)
  await app.push({ platform: 'all', audience: 'all', notification: { alert: 'Hi' } })
  const { groups } = await server().admin('GET', '/app-groups')
  const group = groups.find((each: any) => each.org === org)
  assert.deepEqual([group.name, group.apps], ['groupOne', ['myapp']])
  assert.equal((await server().admin('GET', `/apps/${org}/myapp`)).app_key, app_key)
})

test('an app is called what its developer likes, and has a name that can stand in a path', async () => {
  const { org, call } = await makeDeveloper()
  const named = { app_name: '我的应用 v2', android_package: 'cn.jpush.app' }
  const [first, second] = await Promise.all([call('POST', '/v1/app', named), call('POST', '/v1/app', named)])
  assert.equal(first.json.app_key, second.json.app_key)
  assert.deepEqual([first.json.is_new_created, second.json.is_new_created].toSorted(), [false, true])
  const { apps } = await server().admin('GET', '/apps')
  const own = apps.filter((each: any) => each.org === org)
  assert.equal(own.length, 1)
  assert.match(own[0].app, /^app-[0-9a-f]{12}$/)
})

test('an app that the operator made is the organisation’s too, and stays where it is', async () => {
  const { org, call } = await makeDeveloper()
  const made = await server().admin('POST', '/apps', { org, app: 'myapp' })
  const { json } = await call('POST', '/v1/app', myapp)
  assert.deepEqual([json.app_key, json.is_new_created], [made.app_key, false])
  const other = await call('POST', '/v1/app', { ...myapp, android_package: 'cn.jpush.other' })
  assert.deepEqual([other.status, other.json.error.code], [400, 4003])
})

test('parameters are missing or illegal in the vendor’s one text', async () => {
  const { call } = await makeDeveloper()
  const cases = [
    [{ android_package: 'cn.jpush.app' }, 4002, 'app_name'],
    [{ app_name: 'myapp' }, 4002, 'android_package'],
    [{ ...myapp, app_name: '' }, 4002, 'app_name'],
    [{ ...myapp, android_package: null }, 4002, 'android_package'],
    [{ ...myapp, app_name: 7 }, 4003, 'app_name'],
    [{ ...myapp, app_name: 'a\nb' }, 4003, 'app_name'],
    [{ ...myapp, app_name: '应'.repeat(86) }, 4003, 'app_name'],
    [{ ...myapp, android_package: 'app' }, 4003, 'android_package'],
    [{ ...myapp, android_package: 'cn.1push' }, 4003, 'android_package'],
    [{ ...myapp, group_name: 'a/b' }, 4003, 'group_name'],
    [{ ...myapp, group_name: [] }, 4003, 'group_name'],
  ] as const
  for (const [body, code, name] of cases) {
    const { status, json } = await call('POST', '/v1/app', body)
    const message = `Request parameter ${name} is null or empty`
    assert.deepEqual([status, json], [400, { error: { code, message } }], JSON.stringify(body))
  }
  assert.deepEqual((await call('POST', '/v1/app', '')).json.error.code, 4002)
  assert.deepEqual((await call('POST', '/v1/app', '[')).json.error.code, 4003)
})

test('an app is deleted by POST and by DELETE, once, and only by its own organisation', async () => {
  const { call } = await makeDeveloper()
  const other = await makeDeveloper()
  for (const method of ['POST', 'DELETE']) {
    const { app_key, master_secret } = (await call('POST', '/v1/app', myapp)).json
    const path = `/v1/app/${app_key}/delete`
    const failed = { error: { code: 1015, message: 'app delete fail' } }
    assert.deepEqual((await other.call(method, path)).json, failed)
    assert.deepEqual((await call(method, path)).json, done)
    const again = await call(method, path)
    assert.deepEqual([again.status, again.json], [200, failed])
    const app = jpushApp(server(), { app_key, master_secret })
    assert.equal((await app.call('GET', '/v3/push/cid')).status, 401)
  }
  assert.equal((await call('POST', '/v1/app/short/delete')).json.error.code, 1013)
})

test('of two that delete an app at once one has done it', async () => {
  const { call } = await makeDeveloper()
  const { app_key } = (await call('POST', '/v1/app', myapp)).json
  const answers = await Promise.all([1, 2].map(() => call('POST', `/v1/app/${app_key}/delete`)))
  const codes = answers.map(({ json }) => json.error?.code ?? 0)
  assert.deepEqual(codes.toSorted(), [0, 1015])
})

test('who calls is told by key, secret and right, and an app’s or a group’s secret is none', async () => {
  const { account, call, org } = await makeDeveloper()
  const { app_key, master_secret } = (await call('POST', '/v1/app', { ...myapp, group_name: 'g' })).json
  const { groups } = await server().admin('GET', '/app-groups')
  const group = groups.find((each: any) => each.org === org)
  const denied = (await makeDeveloper({ admin: false })).headers.Authorization
  const cases = [
    [undefined, 4006],
    ['Basic', 4006],
    ['Basic !!!', 4006],
    [`Bearer ${account.dev_secret}`, 4006],
    [basic(account.dev_key, ''), 4006],
    [basic('0'.repeat(24), account.dev_secret), 4004],
    [basic(app_key, master_secret), 4004],
    [basic(`group-${group.group_key}`, group.group_master_secret), 4004],
    [basic(account.dev_key, master_secret), 4005],
    [denied, 4007],
  ] as const
  for (const [Authorization, code] of cases) {
    const answer = await send(`${server().http}/v1/app`, {
      body: {},
      headers: Authorization === undefined ? {} : { Authorization },
    })
    assert.deepEqual([answer.status, answer.json.error.code], [401, code], Authorization)
    assert.match(String(answer.headers['www-authenticate']), /^Basic /)
  }
})

test('what is not the Admin API answers in its words', async () => {
  const { call } = await makeDeveloper()
  for (const [method, path, status, code, allow] of [
    ['GET', '/v1/app', 405, 4001, 'POST'],
    ['GET', `/v1/app/${'a'.repeat(24)}/delete`, 405, 4001, 'POST, DELETE'],
    ['DELETE', `/v1/app/${'a'.repeat(24)}/certificate`, 405, 4001, 'POST'],
    ['POST', '/v1/apps', 404, 9404, undefined],
  ] as const) {
    const answer = await call(method, path)
    assert.deepEqual([answer.status, answer.json.error.code], [status, code], path)
    assert.equal(answer.headers.allow, allow)
    assert.equal(answer.headers['x-rate-limit-limit'], undefined)
  }
})

test('accounts are the operator’s: their secret is shown once and kept as a digest', async () => {
  const { org, account, call, headers } = await makeDeveloper()
  assert.deepEqual(Object.keys(account), ['org', 'name', 'dev_key', 'admin', 'group_files', 'dev_secret'])
  for (const key of [account.dev_key, account.dev_secret]) assert.match(key, /^[0-9a-f]{24}$/)
  const { dev_secret, ...shown } = account
  const { developers } = await server().admin('GET', '/developers')
  assert.deepEqual(
    developers.find((each: any) => each.org === org),
    shown,
  )
  for (const file of ['posthouse.db', 'posthouse.db-wal'])
    assert.ok(!readFileSync(join(server().dataDir, file)).includes(dev_secret), file)
  const path = `/developers/${org}/ann`
  assert.deepEqual(await server().admin('PATCH', path, { admin: false }), { ...shown, admin: false })
  assert.equal((await call('POST', '/v1/app', myapp)).json.error.code, 4007)
  await server().admin('PATCH', path, { admin: true })
  const renewed = await server().admin('POST', `${path}/secret`)
  assert.deepEqual({ ...renewed, dev_secret }, account)
  assert.equal((await call('POST', '/v1/app', myapp)).json.error.code, 4005)
  headers.Authorization = basic(account.dev_key, renewed.dev_secret)
  assert.equal((await call('POST', '/v1/app', myapp)).status, 200)
  await server().admin('DELETE', path)
  assert.equal((await call('POST', '/v1/app', myapp)).json.error.code, 4004)
  const refused = [
    ['POST', '/developers', { org, name: 'a b' }, 400],
    ['POST', '/developers', { org, name: 'bob', admin: 'yes' }, 400],
    ['POST', '/developers', { org: 'v3', name: 'bob' }, 400],
    ['PATCH', path, {}, 404],
    ['DELETE', path, undefined, 404],
    ['POST', `${path}/secret`, undefined, 404],
  ] as const
  for (const [method, path, body, status] of refused)
    await assert.rejects(server().admin(method, path, body), new RegExp(`: ${status} `), path)
})

test('an uploaded certificate reaches iPhones, each environment with its own', async t => {
  const apple = await ApnsPeer.start(t, 0, true)
  const developer = await makeDeveloper()
  const { app_key, master_secret } = (await developer.call('POST', '/v1/app', myapp)).json
  const app = jpushApp(server(), { app_key, master_secret })
  const [dev, pro] = [
    appleCertificate({ packing: 'legacy', algorithm: 'rsa:2048' }),
    appleCertificate({ password: '密码' }),
  ]
  for (const { cert } of [dev, pro]) apple.addCertificate(cert)
  assert.deepEqual(await uploadCertificates(developer, app_key, { pro }), { status: 200, json: done })
  assert.deepEqual((await uploadCertificates(developer, app_key, { dev })).json, done)
  const settings = `/apps/${developer.org}/myapp`
  await server().admin('PATCH', settings, { channels: { apns: { base_url: apple.http.url } } })
  await register(server(), app, {
    platform: 'ios',
    channels: { apns: { token: apple.addDevice() } },
  })
  const settled = async (options: object) => {
    const push = { platform: 'ios', audience: 'all', notification: { alert: 'a' }, options }
    const msgId = await app.push(push)
    return until(async () => {
      const { channels } = await server().admin('GET', `/messages/${msgId}/trail`)
      return channels.length > 0 && !['due', 'under_way'].includes(channels[0].state) && channels[0].state
    })
  }
  assert.equal(await settled({}), 'accepted')
  assert.equal(await settled({ apns_production: false }), 'accepted')
  const { channels } = (await server().admin('GET', settings)).settings
  const { production_certificate: production, sandbox_certificate: sandbox, topic } = channels.apns
  assert.deepEqual(apple.shown, [production.fingerprint, sandbox.fingerprint])
  assert.notEqual(production.fingerprint, sandbox.fingerprint)
  assert.equal(topic, 'com.acme.chat')
  assert.ok(production.expires_at > Date.now())
  assert.ok(apple.http.asked.every(({ headers }) => headers.authorization === undefined))
  assert.ok(!JSON.stringify(channels).includes('PRIVATE'))
  for (const file of ['posthouse.db', 'posthouse.db-wal'])
    assert.ok(!readFileSync(join(server().dataDir, file)).includes(dev.key.split('\n')[1]!), file)
})

test('a certificate that cannot be used is refused under 200, and nothing is kept', async () => {
  const developer = await makeDeveloper()
  const { app_key } = (await developer.call('POST', '/v1/app', myapp)).json
  const pro = appleCertificate()
  const is = async (code: number, files: Files, fields?: Readonly<Record<string, string>>) => {
    const { status, json } = await uploadCertificates(developer, app_key, files, fields)
    assert.deepEqual([status, json.error?.code ?? 0], [200, code], JSON.stringify(json))
  }
  await is(1014, {})
  await is(1014, { pro: { ...pro, p12: Buffer.alloc(0) } })
  await is(1012, { pro }, { proCertificatePassword: 'wrong' })
  await is(1012, { pro: { ...pro, p12: Buffer.from('no p12') } })
  await is(1012, { pro: { ...pro, p12: Buffer.alloc(70_000) } })
  await is(1012, { pro: appleCertificate({ notAfter: '20210101000000Z' }) })
  await is(1012, { pro: appleCertificate({ topic: '' }) })
  await is(1012, { pro, dev: appleCertificate({ topic: 'com.acme.other' }) })
  const settings = `/apps/${developer.org}/myapp`
  assert.deepEqual((await server().admin('GET', settings)).settings.channels, {})
  await is(0, { pro })
  await is(1010, { pro })
  await is(0, { dev: pro, pro })
  await is(1012, { pro: appleCertificate({ topic: 'com.acme.other' }) })
  await is(0, { pro: appleCertificate() })
  assert.equal((await uploadCertificates(developer, '0'.repeat(24), { pro })).json.error.code, 1013)
  assert.equal((await uploadCertificates(await makeDeveloper(), app_key, { pro })).json.error.code, 1013)
  const noForm = await developer.call('POST', `/v1/app/${app_key}/certificate`, { proCertificateFile: 'x' })
  assert.deepEqual([noForm.status, noForm.json.error.code], [200, 1014])
})

test('a form that begins with an empty line is read', async () => {
  const developer = await makeDeveloper()
  const { app_key } = (await developer.call('POST', '/v1/app', myapp)).json
  const { p12, password } = appleCertificate()
  const part = (name: string, more = '') =>
    `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\nContent-Type: text/plain\r\n\r\n`
  const body = Buffer.concat([
    Buffer.from(`\r\n${part('proCertificatePassword')}${password}\r\n`),
    Buffer.from(part('proCertificateFile', '; filename="a.p12"')),
    p12,
    Buffer.from('\r\n--b--\r\n'),
  ])
  const head = [
    `POST /v1/app/${app_key}/certificate HTTP/1.1`,
    'Host: a',
    `Authorization: ${developer.headers.Authorization}`,
    'Content-Type: multipart/form-data; boundary=b',
    `Content-Length: ${body.length}`,
  ]
  const connection = await RawConnection.open(server().http)
  await connection.send(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]))
  const { json } = await connection.next()
  connection.destroy()
  assert.deepEqual(json, done)
})
