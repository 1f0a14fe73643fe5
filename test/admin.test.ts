import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basic, send } from './http-client.ts'
import { sharedApp, startApp } from './start-app.ts'

const server = sharedApp()

test('an operator makes, changes, reads and deletes an app', async () => {
  const app = server()
  const made = await app.admin('POST', '/apps', { org: 'acme', app: 'chat' })
  assert.match(made.app_key, /^[0-9a-f]{24}$/)
  assert.match(made.client_id, /^YXA6[\w-]{22}$/)
  const changed = await app.admin('PATCH', '/apps/acme/chat', {
    edition: 'live',
    limits: { push_per_minute: 7 },
  })
  assert.equal(changed.settings.limits.push_per_minute, 7)
  assert.equal(changed.settings.limits.device_per_minute, 600)
  assert.equal((await app.admin('GET', '/apps/acme/chat')).settings.edition, 'live')
  await app.admin('DELETE', '/apps/acme/chat')
  await assert.rejects(app.admin('GET', '/apps/acme/chat'), /404.*app_not_found/)
})

test('the core answers 502 while stopped, 504 while frozen, 503 while draining, and serves again after each', async t => {
  const app = await startApp(t, { POSTHOUSE_GATEWAY_DEADLINE_MS: '300' })
  const ready = async () => (await fetch(`${app.easemob}/nothing`)).status
  assert.equal(await ready(), 500)
  for (const [state, status] of [
    ['stopped', 502],
    ['frozen', 504],
    ['draining', 503],
  ] as const) {
    await app.admin('PUT', '/core', { state })
    assert.equal(await ready(), status)
    await app.admin('PUT', '/core', { state: 'running' })
    assert.equal(await ready(), 500)
  }
})

test('an app that is made twice at once is made once', async () => {
  const app = server()
  const made = await Promise.allSettled(
    Array.from({ length: 8 }, () => app.admin('POST', '/apps', { org: 'acme', app: 'chat' })),
  )
  assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 1)
  for (const result of made)
    if (result.status === 'rejected') assert.match(String(result.reason), /409.*app_exists/)
})

test('blocked words are texts that are not blank; what they bar may stand in descriptions', async () => {
  const app = server()
  for (const blocked_words of ['casino', [7], [' '], ['x'.repeat(65)]])
    await assert.rejects(app.admin('PATCH', '/apps/demo/chat', { blocked_words }), /setting_invalid/)
  const { settings } = await app.admin('PATCH', '/apps/demo/chat', { blocked_words: ['casino'] })
  assert.deepEqual(settings.blocked_words, ['casino'])
  const { client_id, client_secret } = app.demo
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const { access_token } = (await send(`${app.easemob}/token`, { body: grant })).json
  const headers = { Authorization: `Bearer ${access_token}` }
  await send(`${app.easemob}/users`, { body: { username: 'alice', password: 'pw' } })
  const group = { groupname: 'ops', desc: 'no casino', custom: 'casino', public: true, owner: 'alice' }
  const made = await send(`${app.easemob}/chatgroups`, { headers, body: group })
  assert.equal(made.status, 200, made.text)
})

test('the allow-list bars app servers, not devices', async () => {
  const app = server()
  const { app_key, master_secret } = await app.admin('POST', '/apps', { org: 'acme', app: 'barred' })
  await app.admin('PATCH', '/apps/acme/barred', { ip_allowlist: ['192.0.2.0/24'] })
  const asServer = { Authorization: basic(app_key, master_secret) }
  assert.equal((await send(`${app.http}/v3/push/cid`, { headers: asServer })).json.error.code, 2004)
  const asDevice = { Authorization: basic(app_key, '') }
  const registration = { headers: asDevice, body: { platform: 'ios' } }
  assert.equal((await send(`${app.http}/device/v1/registrations`, registration)).status, 200)
})
