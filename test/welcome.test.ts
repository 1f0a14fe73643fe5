// What the first start prints, pasted into a shell line by line.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { welcome } from '../src/welcome.ts'
import { startApp } from './start-app.ts'

test('the lines of the first start work as they are printed, in their order', async t => {
  const { runtime } = await startApp(t)
  const lines = welcome(runtime, true).match(/^ {2}curl .*$/gm)!
  const answers = []
  for (const line of lines) {
    const { stdout } = await promisify(execFile)('sh', ['-c', `${line.trim()} -sS -w '\\n%{http_code}'`])
    const [body = '', status] = stdout.split('\n')
    assert.equal(status, '200', `${line}: ${stdout}`)
    answers.push(JSON.parse(body))
  }
  const [user, device, push] = answers
  assert.equal(user.entities[0].username, 'alice')
  assert.ok(device.registration_id && device.password)
  assert.ok(push.msg_id)
  assert.equal(answers.length, 3)
})

test('the first start prints credentials, addresses and the console’s token; later ones keep them to themselves', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-welcome-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const first = await startApp(t, { POSTHOUSE_DATA: folder })
  const { http, mqtt, admin_token, apps } = first.runtime
  const { client_id, client_secret, app_key, master_secret } = apps[0]!
  const printed = welcome(first.runtime, first.isFirstStart)
  const needed = [
    http,
    mqtt,
    `${http}/console`,
    admin_token,
    client_id,
    client_secret,
    app_key,
    master_secret,
  ]
  for (const text of needed) assert.ok(printed.includes(text), text)
  await first.close()

  const second = await startApp(t, { POSTHOUSE_DATA: folder })
  const again = welcome(second.runtime, second.isFirstStart)
  assert.equal(again, `Posthouse is ready: HTTP ${second.runtime.http}, MQTT ${second.runtime.mqtt}`)
})
