import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { connectAsync } from 'mqtt'
import { upload } from './files.ts'
import { basic, type Received, send } from './http-client.ts'
import { ImClient, ImRefusal } from './im-client.ts'
import { ServerProcess } from './server-process.ts'

test('no secret reaches the log, or an answer that was not asked for it, whatever fails', async t => {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-secrets-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  // Only a first start prints credentials, for the person who made it; the second is like every other.
  const first = await ServerProcess.start(t, { dataDir })
  first.kill('SIGTERM')
  await first.exited
  breakUsers(dataDir)
  const again = await ServerProcess.start(t, { dataDir, env: { POSTHOUSE_LOG_LEVEL: 'trace' } })
  const { http, admin_token, apps } = again.runtime
  const { client_id, client_secret, app_key, master_secret } = apps[0]!
  const base = `${http}/demo/chat`
  const password = 'a-password-nobody-may-see'
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const token = (await send(`${base}/token`, { body: grant })).json.access_token as string
  const bearer = { Authorization: `Bearer ${token}` }
  const registered = await send(`${http}/device/v1/registrations`, {
    headers: { Authorization: basic(app_key, '') },
    body: { platform: 'android' },
  })

  const answers: Received[] = [
    // The users table is gone: a failure nobody expected, with the password in hand.
    await send(`${base}/users`, { headers: bearer, body: { username: 'ann', password } }),
    await send(`${base}/token`, { body: { grant_type: 'password', username: 'ann', password } }),
    await send(`${base}/token`, { body: { ...grant, client_id: 'wrong' } }),
    await send(`${base}/users?access_token=${token}x`),
    await send(`${base}/nothing`, { headers: bearer }),
    await send(`${http}/v3/push`, {
      headers: { Authorization: basic(app_key, `${master_secret}x`) },
      body: {},
    }),
    await send(`${http}/v3/push`, {
      headers: { Authorization: basic(app_key, master_secret) },
      body: { cid: 7 },
    }),
    await send(`${http}/admin/v1/apps/demo/none`, { headers: { Authorization: `Bearer ${admin_token}` } }),
    await send(`${http}/admin/v1/apps`, { headers: { Authorization: `Bearer ${admin_token}x` } }),
  ]
  assert.equal(answers[0]!.status, 500)
  const callbackSecret = 'a-secret-of-a-callback'
  const rule = { name: 'tell', phase: 'never', url: 'http://127.0.0.1:1/', secret: callbackSecret }
  answers.push(
    await send(`${http}/admin/v1/apps/demo/chat`, {
      method: 'PATCH',
      headers: { Authorization: `Bearer ${admin_token}` },
      body: { callbacks: [rule] },
    }),
  )
  const file = await upload({ url: base }, token)
  const shared = `${base}/chatfiles/${file.uuid}?share-secret=${file.secret}`
  assert.equal((await send(shared)).text, 'hello')
  answers.push(await send(`${shared}x`))
  const app = { url: base, org: 'demo', app: 'chat' }
  for (const login of [{ password }, { token }])
    await assert.rejects(ImClient.login(t, app, { username: 'ann', ...login }), ImRefusal)
  const { registration_id: clientId, password: devicePassword } = registered.json
  for (const wrong of ['', 'x']) {
    const credentials = { clientId, username: app_key, password: `${devicePassword}${wrong}` }
    const connecting = connectAsync(again.runtime.mqtt, { ...credentials, reconnectPeriod: 0 })
    if (wrong) await assert.rejects(connecting, { code: 4 })
    else await (await connecting).endAsync()
  }
  // All of the log: what is written last may come after its answer.
  again.kill('SIGTERM')
  await again.exited
  const secrets = [
    password,
    token,
    client_secret,
    master_secret,
    admin_token,
    devicePassword as string,
    callbackSecret,
    file.secret!,
  ]
  const places = [again.output, ...answers.flatMap(({ text, headers }) => [text, JSON.stringify(headers)])]
  assert.match(again.output, /no such table: users/)
  for (const secret of secrets)
    for (const place of places)
      assert.ok(!place.includes(secret), `${secret.slice(0, 6)}… in ${place.slice(0, 200)}`)
})

test('what the data folder holds is readable by its owner only', async t => {
  const { dataDir } = await ServerProcess.start(t)
  for (const name of ['.', ...readdirSync(dataDir)]) {
    const mode = statSync(join(dataDir, name)).mode & 0o077
    assert.equal(mode, 0, `${name} has mode ${mode.toString(8)}`)
  }
})

function breakUsers(dataDir: string): void {
  const database = new DatabaseSync(join(dataDir, 'posthouse.db'))
  database.exec('DROP TABLE users')
  database.close()
}
