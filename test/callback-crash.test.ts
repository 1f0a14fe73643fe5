// Callbacks when the server dies: of every message that was acknowledged the app's server is told, at least once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerWith, CallbackServer } from './callback-server.ts'
import { send } from './http-client.ts'
import { ServerProcess } from './server-process.ts'

async function setUp(server: ServerProcess, url: string): Promise<string> {
  const { http, admin_token, apps } = server.runtime
  const [demo] = apps
  const json = { 'Content-Type': 'application/json' }
  const change = await send(`${http}/admin/v1/apps/demo/chat`, {
    method: 'PATCH',
    headers: { ...json, Authorization: `Bearer ${admin_token}` },
    body: JSON.stringify({ callbacks: [{ name: 'tell', phase: 'after', url, secret: 's' }] }),
  })
  assert.equal(change.status, 200)
  const user = JSON.stringify({ username: 'bob', password: 'pw' })
  assert.equal(
    (await send(`${http}/demo/chat/users`, { method: 'POST', headers: json, body: user })).status,
    200,
  )
  const { client_id, client_secret } = demo!
  const grant = JSON.stringify({ grant_type: 'client_credentials', client_id, client_secret })
  return (await send(`${http}/demo/chat/token`, { method: 'POST', headers: json, body: grant })).json
    .access_token
}

test('after kill -9 under load the app’s server hears of every acknowledged message', async t => {
  const listener = await CallbackServer.start(t)
  // Every other one fails, so that some wait for another try when the server dies.
  listener.answer = (response, told) =>
    answerWith({}, listener.told.length % 2 === 0 ? 500 : 200)(response, told)
  const env = { POSTHOUSE_CALLBACK_RETRY_MS: '10' }
  const first = await ServerProcess.start(t, { env })
  const token = await setUp(first, listener.url)
  const acknowledged = new Set<string>()
  const write = async (from: string) => {
    const body = JSON.stringify({ from, to: ['bob'], type: 'txt', body: { msg: 'x' } })
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
    for (;;) {
      const url = `${first.runtime.http}/demo/chat/messages/users`
      const answer = await first.unlessKilled(send(url, { method: 'POST', headers, body }))
      if (!answer) return
      assert.equal(answer.status, 200, answer.text)
      acknowledged.add(answer.json.data.bob)
    }
  }
  const load = ['a', 'b', 'c', 'd'].map(write)
  await listener.heard(100)
  first.kill('SIGKILL')
  await Promise.all(load)
  listener.answer = answerWith({})
  await ServerProcess.start(t, { dataDir: first.dataDir, env })
  const told = () => new Set(listener.told.map(({ body }) => body.msg_id))
  while (!acknowledged.isSubsetOf(told())) await listener.heard(listener.told.length + 1)
  assert.ok(acknowledged.size > 50, `${acknowledged.size} acknowledged`)
})
