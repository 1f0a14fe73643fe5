// A provider that is away, a core that goes down: on a clock of the test's own.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Caller } from '../src/contract/operations/caller.ts'
import type { PushRequest } from '../src/contract/operations/pushes.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { CoreClient, secretOf } from './core-client.ts'
import { peerCertificateFile } from './peers/certificate.ts'
import { send as answerWith, silence } from './peers/http-peer.ts'
import { HuaweiPeer, huaweiApp } from './peers/huawei-peer.ts'
import { WebPushPeer } from './peers/web-push-peer.ts'
import { until } from './until.ts'

const minuteMs = 60_000

async function makeStage(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-outage-'))
  const clock = new ManualClock(Date.now())
  const core = new CoreClient(folder, clock, { POSTHOUSE_VENDOR_CA_FILE: peerCertificateFile() })
  await core.start()
  t.after(async () => {
    await core.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const peer = await WebPushPeer.start(t)
  peer.now = () => clock.now()
  const credentials = await core.makeApp('outage')
  const app = secretOf(credentials)
  const { settings } = await core.call('app.change', {
    org: 'test',
    app: 'outage',
    settings: {
      channels: {
        web_push: { subject: 'mailto:ops@example.com', allowed_hosts: [`127.0.0.1:${peer.http.port}`] },
      },
    },
  })
  const { public_key } = settings.channels.web_push as { public_key: string }
  const subscription = peer.subscribe(public_key)
  const registering: Caller = { as: 'app_key', key: credentials.app_key, ip: '' }
  const channels = { web_push: subscription.toJSON() }
  const { registrationId } = await core.call(
    'registration.create',
    { platform: 'web', channels },
    registering,
  )
  const trail = (msgId: string) => core.call('message.trail', { msgId, after: '', limit: 1_000 })
  return {
    core,
    clock,
    peer,
    subscription,
    trail,
    push: async (timeToLiveSeconds = 86_400) => {
      const request: PushRequest = {
        sendno: '0',
        platforms: ['web'],
        audience: { registrationId: [registrationId] },
        contents: { notification: { web: '{"alert":"hi"}' }, kept: '{}' },
        timeToLiveSeconds,
        hasActivePushConflict: false,
      }
      return (await core.call('push.send', request, app)).msgId
    },
    /** Time passes; resolves when no attempt that was due is under way. */
    pass: async (ms: number, msgId: string) => {
      clock.advance(ms)
      await core.runJob('dispatch')
      await until(async () => (await trail(msgId)).dispatches.every(({ state }) => state !== 'under_way'))
    },
  }
}

test('an outage of ten minutes delays a push and loses none, and the provider is asked less and less', async t => {
  const { clock, peer, subscription, push, pass, trail } = await makeStage(t)
  peer.instead = answer => answerWith(answer, 500)
  const msgId = await push()
  await pass(0, msgId)
  const end = clock.now() + 10 * minuteMs
  while (clock.now() < end) await pass(5_000, msgId)
  const during = (await trail(msgId)).attempts
  assert.ok(during.length >= 3 && during.length <= 12, `${during.length} attempts`)
  const gaps = during.slice(1).map(({ at }, index) => at - during[index]!.at)
  assert.ok(gaps.at(-1)! > gaps[0]!, gaps.join())
  peer.instead = undefined
  for (let waited = 0; waited < 20 && subscription.waiting.length === 0; waited++) await pass(minuteMs, msgId)
  assert.equal(subscription.waiting.length, 1)
  assert.deepEqual((await trail(msgId)).dispatches, [{ channel: 'web_push', state: 'accepted', count: 1 }])
})

test('nothing looks for what is due: it is tried at its moment, after a restart too, and nothing waits after it', async t => {
  const { core, clock, peer, subscription, push, pass, trail } = await makeStage(t)
  assert.equal(clock.next, undefined)
  peer.instead = answer => answerWith(answer, 503)
  const msgId = await push()
  const attempted = (count: number) =>
    until(async () => {
      const { attempts, dispatches } = await trail(msgId)
      return attempts.length === count && dispatches[0]!.state !== 'under_way'
    })
  await attempted(1)
  const first = await until(async () => clock.next)
  assert.ok(first >= clock.now() + 8_000 && first <= clock.now() + 12_000, `in ${first - clock.now()} ms`)
  clock.advance(first - clock.now())
  await attempted(2)
  const second = await until(async () => clock.next !== first && clock.next)
  await core.stop()
  assert.equal(clock.next, undefined)
  await core.start()
  await core.runJob('dispatch')
  assert.equal(clock.next, second)
  clock.advance(second - clock.now() - 1)
  assert.equal((await trail(msgId)).attempts.length, 2)
  peer.instead = undefined
  clock.advance(1)
  await attempted(3)
  assert.equal(subscription.waiting.length, 1)
  await pass(0, msgId)
  assert.equal(clock.next, undefined)
})

test('a vendor that rests keeps nobody waiting who holds a session and is to have it there then', async t => {
  const { core } = await makeStage(t)
  const vendor = await HuaweiPeer.start(t)
  vendor.instead = answer => answerWith(answer, 503)
  const credentials = await core.makeApp('resting')
  const { origin } = vendor.http
  const huawei = { ...huaweiApp, base_url: origin, token_url: `${origin}/oauth2/v3/token` }
  await core.call('app.change', { org: 'test', app: 'resting', settings: { channels: { huawei } } })
  const registering: Caller = { as: 'app_key', key: credentials.app_key, ip: '' }
  const deviceIds: number[] = []
  const names: string[] = []
  // More than are asked for at once, so that some have not been when the vendor is given its rest.
  for (let count = 0; count < 130; count++) {
    const registration = { platform: 'android', channels: { huawei: { token: `t${count}` } } } as const
    const { registrationId, password } = await core.call('registration.create', registration, registering)
    const opening = { session: `s${count}`, appKey: credentials.app_key }
    const opened = await core.call('session.open', opening, { as: 'device', registrationId, password })
    deviceIds.push(opened.deviceId)
    names.push(registrationId)
  }
  const options = { third_party_channel: { huawei: { distribution: 'first_ospush' } } }
  const request: PushRequest = {
    sendno: '0',
    platforms: ['android'],
    audience: { registrationId: names },
    contents: { notification: { android: '{"alert":"hi"}' }, kept: JSON.stringify({ options }) },
    timeToLiveSeconds: 86_400,
    hasActivePushConflict: false,
  }
  core.wakes.length = 0
  await core.call('push.send', request, secretOf(credentials))
  const wokenDevices = () => core.wakes.flatMap(wake => (wake.kind === 'push' ? wake.devices : []))
  await until(async () => wokenDevices().length >= deviceIds.length)
  assert.deepEqual(new Set(wokenDevices()), new Set(deviceIds))
  assert.equal(wokenDevices().length, deviceIds.length)
  assert.ok(vendor.asked.send < deviceIds.length)
})

test('retries end with the time to live', async t => {
  const { peer, subscription, push, pass, trail } = await makeStage(t)
  peer.instead = answer => answerWith(answer, 503)
  const msgId = await push(60)
  for (let waited = 0; waited < 30; waited++) await pass(5_000, msgId)
  assert.deepEqual((await trail(msgId)).dispatches, [{ channel: 'web_push', state: 'expired', count: 1 }])
  const { attempts } = await trail(msgId)
  assert.ok(attempts.every(({ at }) => at <= attempts[0]!.at + minuteMs))
  peer.instead = undefined
  await pass(minuteMs, msgId)
  assert.equal(subscription.waiting.length, 0)
})

test('what was under way when the core went down is tried again where a repeat replaces the first', async t => {
  const { core, clock, peer, subscription, push, pass, trail } = await makeStage(t)
  peer.instead = silence
  const msgId = await push()
  await core.runJob('dispatch')
  await peer.http.heard(1)
  // Its answer is waited for a little, and then no longer.
  await core.stop()
  peer.instead = undefined
  await core.start()
  assert.deepEqual((await trail(msgId)).dispatches, [{ channel: 'web_push', state: 'under_way', count: 1 }])
  await pass(0, msgId)
  clock.advance(minuteMs)
  await pass(0, msgId)
  const { attempts, dispatches } = await trail(msgId)
  assert.deepEqual(dispatches, [{ channel: 'web_push', state: 'accepted', count: 1 }])
  assert.deepEqual(
    attempts.map(({ outcome }) => outcome),
    ['unknown', 'accepted'],
  )
  assert.equal(subscription.waiting.length, 1)
})
