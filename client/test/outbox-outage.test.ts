// Two minutes without a server, under load, on a clock that runs two hundred times as fast; then it is back. What counts is
// what the server has accepted and the device has got, not what the client says. In real time, and beside the vendor's own
// SDK: bench/outage.ts.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeDevice } from '../../test/devices.ts'
import { makeJpushApp } from '../../test/jpush-client.ts'
import { MqttDevice } from '../../test/mqtt-device.ts'
import { startApp, type TestApp } from '../../test/start-app.ts'
import { readRows } from '../../test/table-rows.ts'
import { until } from '../../test/until.ts'
import { JpushClient } from '../src/jpush.ts'
import { Outbox } from '../src/outbox.ts'
import { ScaledClock } from './scaled-clock.ts'

const speed = 200
const outageMs = 120_000
/** Between two pushes. */
const everyMs = 800
/** Before the outage, and after it. */
const aroundMs = 20_000

/** How the server goes away. @returns how it comes back */
type Leave = (stage: Stage) => Promise<() => Promise<unknown>>

interface Stage {
  readonly app: TestApp
  stop(): Promise<() => Promise<unknown>>
}

async function startStage(t: TestContext): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-outage-'))
  const closers: (() => Promise<void> | void)[] = []
  const start = (env: Record<string, string> = {}) =>
    startApp({ after: closer => closers.push(closer) }, { POSTHOUSE_DATA: dataDir, ...env })
  const close = async () => {
    for (const closer of closers.splice(0)) await closer()
  }
  t.after(async () => {
    await close()
    rmSync(dataDir, { recursive: true })
  })
  const app = await start()
  const ports = {
    POSTHOUSE_PORT: new URL(app.http).port,
    POSTHOUSE_MQTT_PORT: new URL(app.runtime.mqtt).port,
  }
  const stop = async () => {
    await close()
    return () => start(ports)
  }
  return { app, stop }
}

const forms: readonly (readonly [name: string, leave: Leave])[] = [
  ['nobody listens any more', ({ stop }) => stop()],
  [
    'the gateway answers 502 for a core that is gone',
    async ({ app }) => {
      await app.admin('PUT', '/core', { state: 'stopped' })
      return () => app.admin('PUT', '/core', { state: 'running' })
    },
  ],
]

// One of them in each run of the tests; all with OUTAGE_FORMS=2.
for (const [name, leave] of forms.slice(0, Number(process.env.OUTAGE_FORMS ?? 1)))
  test(`an outage of two minutes under load costs nothing and repeats little: ${name}`, async t => {
    const stage = await startStage(t)
    const { app } = stage
    const jpush = await makeJpushApp(app, { limits: { push_per_minute: 1_000_000 } })
    const access = await makeDevice(app, jpush)
    const device = await MqttDevice.connect(t, app, access, { appKey: jpush.app_key, reconnectMs: 20 })
    const clock = new ScaledClock(speed)
    let requests = 0
    let isAway = false
    const client = new JpushClient({
      baseUrl: app.http,
      appKey: jpush.app_key,
      masterSecret: jpush.master_secret,
      clock,
      fetch: (url, init) => {
        if (isAway) requests++
        return fetch(url, init)
      },
    })
    const folder = mkdtempSync(join(tmpdir(), 'posthouse-outbox-'))
    // The machine may be busy for longer than a lease lasts on this clock.
    const outbox = new Outbox({ path: join(folder, 'outbox.db'), jpush: client, clock, leaseMs: 3_600_000 })
    t.after(async () => {
      await outbox.close()
      rmSync(folder, { recursive: true })
    })
    const texts: string[] = []
    const load = async (ms: number) => {
      for (const end = clock.now() + ms; clock.now() < end; await clock.wait(everyMs)) {
        const alert = `n${texts.length}`
        texts.push(alert)
        const audience = { registration_id: [access.rid] }
        await outbox.send({ kind: 'push', push: { platform: 'all', audience, notification: { alert } } })
      }
    }

    await load(aroundMs)
    const comeBack = await leave(stage)
    isAway = true
    const before = texts.length
    await load(outageMs)
    const during = texts.length - before
    isAway = false
    await comeBack()
    const backAt = clock.now()
    await load(aroundMs)
    await until(async () => (await outbox.count()).sent === texts.length, 30_000)
    const drainMs = clock.now() - backAt

    const accepted = acceptedBy(app, access.rid)
    assert.deepEqual(accepted.toSorted(), texts.toSorted())
    // A connection that ends before an acknowledgement brings the same push again, by the same msg_id: MQTT's at least once.
    const got = new Map<string, string>()
    await until(async () => {
      for (const { msg_id, notification } of device.received) got.set(msg_id, notification.alert)
      return got.size >= texts.length
    })
    const alerts = [...got.values()]
    assert.deepEqual(alerts.toSorted(), texts.toSorted())
    assert.ok(requests < during, `${requests} requests for ${during} pushes`)
    t.diagnostic(
      `${texts.length} pushes, ${during} of them in the outage: lost 0, twice 0, ${(requests / during).toFixed(2)} requests a push, drained in ${Math.round(drainMs / 1_000)} s`,
    )
  })

/** What the server has on its disk for the device, by its text. */
function acceptedBy({ dataDir }: TestApp, rid: string): string[] {
  const rows = readRows(
    dataDir,
    `SELECT content FROM pushes JOIN push_targets USING (msg_id) JOIN devices USING (device_id)
     WHERE registration_id = '${rid}'`,
  )
  return rows.map(({ content }) => /alert\W+(n\d+)/.exec(String(content))?.[1] ?? String(content))
}
