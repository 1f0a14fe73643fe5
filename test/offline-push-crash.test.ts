// Offline push when the server dies: a message that was acknowledged has its push, whatever happens between the two.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeDevice } from './devices.ts'
import { send } from './http-client.ts'
import { MqttDevice } from './mqtt-device.ts'
import { ServerProcess } from './server-process.ts'
import { until } from './until.ts'

test('after kill -9 under load every acknowledged message has been shown by the bound device, once', async t => {
  const first = await ServerProcess.start(t)
  const served = ({ runtime }: ServerProcess) => ({ http: runtime.http, runtime, demo: runtime.apps[0]! })
  const { demo, http } = served(first)
  const url = `${http}/demo/chat`
  const json = { 'Content-Type': 'application/json' }
  const call = (method: string, path: string, body: object, headers: Record<string, string> = json) =>
    send(url + path, { method, headers, body: JSON.stringify(body) })
  const { client_id, client_secret } = demo
  const grant = await call('POST', '/token', { grant_type: 'client_credentials', client_id, client_secret })
  const authorised = { ...json, Authorization: `Bearer ${grant.json.access_token}` }
  assert.equal((await call('POST', '/users', { username: 'bob', password: 'pw' })).status, 200)
  const access = await makeDevice(served(first), demo)
  const binding = { device_id: 'd', device_token: access.rid, notifier_name: 'posthouse' }
  assert.equal((await call('PUT', '/users/bob/push/binding', binding, authorised)).status, 200)
  const before = await MqttDevice.connect(t, served(first), access)

  const acknowledged = new Set<string>()
  const write = async (from: string) => {
    const message = { from, to: ['bob'], type: 'txt', body: { msg: 'x' } }
    for (;;) {
      const answer = await first.unlessKilled(call('POST', '/messages/users', message, authorised))
      if (!answer) return
      assert.equal(answer.status, 200, answer.text)
      acknowledged.add(answer.json.data.bob)
    }
  }
  const load = ['a', 'b', 'c', 'd'].map(write)
  await until(async () => before.received.length > 100)
  first.kill('SIGKILL')
  await Promise.all(load)
  const second = await ServerProcess.start(t, { dataDir: first.dataDir })
  const after = await MqttDevice.connect(t, served(second), access)
  /** By message, the pushes that showed it: one that comes again has the same id. */
  const shown = () => {
    const all = [...before.received, ...after.received]
    return Map.groupBy(all, ({ notification }) => notification.extras.m as string)
  }
  await until(async () => acknowledged.isSubsetOf(shown()))
  for (const [msgId, pushes] of shown())
    assert.equal(new Set(pushes.map(({ msg_id }) => msg_id)).size, 1, msgId)
})
