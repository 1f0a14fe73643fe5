// kill -9 while pushes flow to devices: after a restart on the same data nothing that was acknowledged is lost, and
// no receipt counts twice.
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { eventually, makeDevice } from './devices.ts'
import { jpushApp } from './jpush-client.ts'
import { MqttDevice } from './mqtt-device.ts'
import { ServerProcess } from './server-process.ts'
import { until } from './until.ts'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}

test('a server killed while it delivers goes on where it was: every accepted push arrives and counts once', async t => {
  const env = { POSTHOUSE_MQTT_PORT: String(await freePort()), POSTHOUSE_PORT: String(await freePort()) }
  let server = await ServerProcess.start(t, { env })
  const { dataDir, runtime } = server
  const demo = runtime.apps[0]!
  const app = { http: runtime.http, runtime, demo }
  const jpush = jpushApp(app, demo)
  const devices = await Promise.all(
    ([4, 5, 4] as const).map(async version =>
      MqttDevice.connect(t, app, await makeDevice(app, demo), { version, reconnectMs: 100 }),
    ),
  )
  const rids = devices.map(({ rid }) => rid)
  const accepted = new Set<string>()
  for (let round = 0; round < 3; round++) {
    let isKilled = false
    const push = async (audience: unknown) => {
      while (!isKilled) {
        const body = { platform: 'all', audience, message: { msg_content: 'x' } }
        const answer = await server.unlessKilled(jpush.call('POST', '/v3/push', body))
        if (!answer) return
        assert.equal(answer.status, 200, answer.text)
        accepted.add(answer.json.msg_id)
      }
    }
    const pushing = ['all', { registration_id: rids }, { registration_id: rids.slice(1) }].map(push)
    const before = accepted.size
    await until(async () => accepted.size > before + 60)
    server.kill('SIGKILL')
    isKilled = true
    await Promise.all([...pushing, server.exited])
    const back = devices.map(({ client }) => new Promise(resolve => client.once('connect', resolve)))
    server = await ServerProcess.start(t, { dataDir, env })
    await Promise.all(back)
  }
  const holdersOf = (msgId: string) =>
    devices.filter(({ received }) => received.some(push => push.msg_id === msgId)).length
  // A device holds a push before its receipt is counted: wait until all are, and see that no more come to be.
  const rows = await eventually(
    async () => {
      const ids = [...accepted]
      const all: any[] = []
      for (let at = 0; at < ids.length; at += 100)
        all.push(...(await jpush.ok('GET', `/v3/received?msg_ids=${ids.slice(at, at + 100)}`)))
      return all
    },
    all =>
      all.length === accepted.size &&
      all.every(
        ({ msg_id, android_received }) => android_received >= 2 && android_received >= holdersOf(msg_id),
      ),
  )
  for (const { msg_id, android_received } of rows) {
    assert.equal(android_received, holdersOf(msg_id), msg_id)
  }
  for (const device of devices.slice(1)) {
    const got = new Set(device.received.map(({ msg_id }) => msg_id))
    assert.deepEqual(
      [...accepted].filter(msgId => !got.has(msgId)),
      [],
    )
  }
})
