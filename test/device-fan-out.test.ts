// One push to very many devices.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Caller } from '../src/contract/operations/caller.ts'
import { eventually } from './devices.ts'
import { type JpushApp, makeJpushApp } from './jpush-client.ts'
import type { DeviceAccess } from './mqtt-device.ts'
import { RawDevice } from './raw-device.ts'
import { sharedApp, startApp, type TestApp } from './start-app.ts'
import { until } from './until.ts'

const server = sharedApp()
const lanes = 100

/** Registers many devices, past the limits of a device's own way in. */
async function registerMany(
  app: TestApp,
  { app_key }: JpushApp,
  count: number,
  tags: string[],
): Promise<DeviceAccess[]> {
  const caller: Caller = { as: 'app_key', key: app_key, ip: '127.0.0.1' }
  const made: DeviceAccess[] = []
  const register = async () => {
    while (made.length < count) {
      const command = {
        op: 'registration.create',
        args: { platform: 'android', tags },
        caller,
        request: 'test',
      } as const
      const place = made.push({ rid: '', password: '' }) - 1
      const reply = await app.link.call(command)
      if ('refusal' in reply) throw reply.refusal
      made[place] = { rid: reply.result.registrationId, password: reply.result.password }
    }
  }
  await Promise.all(Array.from({ length: lanes }, register))
  return made
}

async function connectMany(
  t: Parameters<typeof RawDevice.connected>[0],
  app: TestApp,
  { app_key }: JpushApp,
  devices: readonly DeviceAccess[],
): Promise<RawDevice[]> {
  const connected: RawDevice[] = []
  let next = 0
  const connect = async () => {
    for (let access = devices[next++]; access; access = devices[next++]) {
      const device = await RawDevice.connected(t, app, next % 2 === 0 ? 4 : 5, access, { appKey: app_key })
      await device.subscribe(access.rid)
      connected.push(device)
    }
  }
  await Promise.all(Array.from({ length: lanes }, connect))
  return connected
}

/** Takes one push and acknowledges it. @returns its id */
async function takeOne(device: RawDevice): Promise<string> {
  const packet = await device.next()
  assert.ok(packet !== 'closed' && packet.cmd === 'publish', JSON.stringify(packet))
  device.send({ cmd: 'puback', messageId: packet.messageId! })
  return JSON.parse(packet.payload.toString()).msg_id
}

test('pushes to everybody reach 1,000 connected devices and are counted exactly', async t => {
  const app = await makeJpushApp(server(), { limits: { push_per_minute: 1_000_000 } })
  const devices = await connectMany(t, server(), app, await registerMany(server(), app, 1_000, []))
  const msgIds = await Promise.all(
    Array.from({ length: 5 }, () =>
      app.push({ platform: 'all', audience: 'all', notification: { alert: 'all' } }),
    ),
  )
  const inOrder = msgIds.toSorted()
  await Promise.all(
    devices.map(async device => {
      for (const msgId of inOrder) assert.equal(await takeOne(device), msgId)
    }),
  )
  const rows = await eventually(
    () => app.ok('GET', `/v3/received?msg_ids=${msgIds}`),
    all => all.every(({ android_received }: any) => android_received >= 1_000),
  )
  assert.deepEqual(
    rows.map(({ android_received }: any) => android_received),
    msgIds.map(() => 1_000),
  )
})

test('a push to 2,500 chosen devices reaches each of them once, though the core dies meanwhile', async t => {
  const server = await startApp(t)
  const app = await makeJpushApp(server, { limits: { push_per_minute: 1_000_000 } })
  const registered = await registerMany(server, app, 2_500, ['vip'])
  const online = registered.filter((_, index) => index % 10 === 0)
  const devices = await connectMany(t, server, app, online)
  const msgId = await app.push({
    platform: 'all',
    audience: { tag: ['vip'] },
    notification: { alert: 'vip' },
  })
  await server.admin('PUT', '/core', { state: 'stopped' })
  await server.admin('PUT', '/core', { state: 'running' })
  assert.deepEqual([...new Set(await Promise.all(devices.map(takeOne)))], [msgId])
  const statusesOf = async (from: number) => {
    const registration_ids = registered.slice(from, from + 1_000).map(({ rid }) => rid)
    const answer = await app.ok('POST', '/v3/status/message', { msg_id: msgId, registration_ids })
    return registration_ids.map(rid => answer[rid].status)
  }
  const isOnline = new Set(online)
  const expected = registered.map(access => (isOnline.has(access) ? 0 : 1))
  await until(async () => {
    const statuses = (await Promise.all([0, 1_000, 2_000].map(statusesOf))).flat()
    return statuses.join() === expected.join()
  })
  const [row] = await app.ok('GET', `/v3/received?msg_ids=${msgId}`)
  assert.equal(row.android_received, online.length)
  const last = await app.push({ platform: 'all', audience: 'all', notification: { alert: 'last' } })
  assert.deepEqual([...new Set(await Promise.all(devices.map(takeOne)))], [last], 'and nothing came twice')
})
