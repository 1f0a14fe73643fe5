// What the gateway answers while the core is gone, silent, late, draining or overwhelmed (contract.md §6.3 SF-*, RL-08).
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, test } from 'node:test'
import type { Worker } from 'node:worker_threads'
import type { Dialect } from '../src/contract/failure.ts'
import { assertFailure, type Wanted } from './envelope.ts'
import { basic, type Received, send } from './http-client.ts'
import { sharedApp, startApp, type TestApp } from './start-app.ts'
import { until } from './until.ts'

const crashes: unknown[] = []
process.on('uncaughtException', error => crashes.push(error))
after(() => assert.deepEqual(crashes, []))

/** Every test leaves its core running. */
const server = sharedApp({ POSTHOUSE_CORE_RESTART_MS: '50' })

const dialects: readonly Dialect[] = ['easemob', 'jpush', 'neutral']
type Row = Readonly<Record<Dialect, Wanted>>

/** A call of each dialect that needs the core. */
function call(app: TestApp, dialect: Dialect): Promise<Received> {
  const { http, easemob, demo } = app
  if (dialect === 'easemob') return send(`${easemob}/nope`)
  if (dialect === 'neutral') return send(`${http}/readyz`)
  return send(`${http}/v3/push/cid?count=1`, {
    headers: { Authorization: basic(demo.app_key, demo.master_secret) },
  })
}

const served: Readonly<Record<Dialect, number>> = { easemob: 500, jpush: 200, neutral: 200 }

async function assertServed(app: TestApp): Promise<void> {
  for (const dialect of dialects) {
    const { status, text } = await call(app, dialect)
    assert.equal(status, served[dialect], text)
  }
  assert.equal((await send(`${app.easemob}/nope`)).json.error, 'web_application')
}

function setCore(app: TestApp, state: string): Promise<unknown> {
  return app.admin('PUT', '/core', { state })
}

/** Resolves when whatever was sent before has gone through the gateway. */
async function passedOn(app: TestApp): Promise<void> {
  for (let round = 0; round < 3; round++) await send(`${app.http}/healthz`)
}

/** Starts the core anew, so that the test gets hold of its thread. */
async function renewWorker(app: TestApp): Promise<Worker> {
  await setCore(app, 'stopped')
  const started = once(process, 'worker')
  await setCore(app, 'running')
  const [worker] = await started
  return worker
}

const gone: Row = { easemob: [502, 'bad_gateway'], jpush: [502, 9502], neutral: [502, 'core_gone'] }
const silent: Row = { easemob: [504, 'gateway_timeout'], jpush: [504, 9504], neutral: [504, 'core_silent'] }
const unavailable = (neutral: string): Row => ({
  easemob: [503, 'service_unavailable'],
  jpush: [503, 1030],
  neutral: [503, neutral],
})

test('a core that was stopped is 502 until it runs again', async () => {
  const app = server()
  await setCore(app, 'stopped')
  for (const dialect of dialects) assertFailure(await call(app, dialect), dialect, gone[dialect], dialect)
  assert.deepEqual(await app.admin('GET', '/core'), { state: 'stopped', ready: false })
  await setCore(app, 'running')
  await assertServed(app)
})

test('an exception that kills the core is 502 to those who wait, and the core comes back by itself', async () => {
  const app = server()
  const worker = await renewWorker(app)
  await setCore(app, 'frozen')
  const waiting = dialects.map(dialect => call(app, dialect))
  await passedOn(app)
  // Behind the commands that wait: a batch that is no JSON, which nothing catches.
  worker.postMessage({ commands: '{' })
  await setCore(app, 'running')
  for (const [index, answer] of (await Promise.all(waiting)).entries())
    assertFailure(answer, dialects[index]!, gone[dialects[index]!], dialects[index]!)
  await until(async () => (await send(`${app.http}/readyz`)).status === 200)
  await assertServed(app)
})

test('a core that is killed while it is frozen or drains comes back running', async () => {
  const app = server()
  for (const state of ['frozen', 'draining']) {
    const worker = await renewWorker(app)
    await setCore(app, state)
    const waiting = state === 'frozen' ? dialects.map(dialect => call(app, dialect)) : []
    await passedOn(app)
    await worker.terminate()
    for (const answer of await Promise.all(waiting)) assert.equal(answer.status, 502)
    await until(async () => (await send(`${app.http}/readyz`)).status === 200)
    assert.deepEqual(await app.admin('GET', '/core'), { state: 'running', ready: true })
    await assertServed(app)
  }
})

test('a frozen core is 504 once the gateway’s deadline has passed, and serves again when it thaws', async t => {
  const limitMs = 1_000
  const app = await startApp(t, { POSTHOUSE_GATEWAY_DEADLINE_MS: String(limitMs) })
  await setCore(app, 'frozen')
  await Promise.all(
    dialects.map(async dialect => {
      const startedAt = performance.now()
      assertFailure(await call(app, dialect), dialect, silent[dialect], dialect)
      const took = performance.now() - startedAt
      assert.ok(took >= limitMs && took < limitMs * 1.5 + 200, `${took} ms`)
    }),
  )
  assert.equal((await send(`${app.http}/healthz`)).status, 200)
  await setCore(app, 'running')
  await assertServed(app)
})

test('a core that comes to a command after its own deadline refuses it with 503', async t => {
  const app = await startApp(t, { POSTHOUSE_CORE_DEADLINE_MS: '200' })
  await setCore(app, 'frozen')
  const waiting = dialects.map(dialect => call(app, dialect))
  const sentAt = performance.now()
  await until(async () => (await send(`${app.http}/healthz`)) && performance.now() - sentAt > 300)
  await setCore(app, 'running')
  for (const [index, answer] of (await Promise.all(waiting)).entries())
    assertFailure(answer, dialects[index]!, unavailable('core_deadline_passed')[dialects[index]!], 'late')
  await assertServed(app)
})

test('a draining core refuses callers with 503 for half a minute, and still answers its operator', async () => {
  const app = server()
  await setCore(app, 'draining')
  for (const dialect of ['easemob', 'jpush'] as const) {
    const answer = await call(app, dialect)
    assertFailure(answer, dialect, unavailable('')[dialect], dialect)
    assert.equal(answer.headers['retry-after'], '30')
  }
  assert.equal((await app.admin('GET', '/apps')).apps.length, 1)
  await setCore(app, 'running')
  await assertServed(app)
})

test('more calls than the core may have in hand are 503, told to come back spread over seconds', async t => {
  const app = await startApp(t, { POSTHOUSE_IN_FLIGHT_MAX: '1', POSTHOUSE_GATEWAY_DEADLINE_MS: '20000' })
  await setCore(app, 'frozen')
  const first = call(app, 'jpush')
  await passedOn(app)
  for (const dialect of dialects) {
    const answer = await call(app, dialect)
    assertFailure(answer, dialect, unavailable('core_overloaded')[dialect], dialect)
    const seconds = Number(answer.headers['retry-after'])
    assert.ok(seconds >= 1 && seconds <= 5, String(seconds))
  }
  await setCore(app, 'running')
  assert.equal((await first).status, 200)
  await assertServed(app)
})

test('more calls a second than the node takes are 503, whoever makes them; the operator is always heard', async t => {
  const app = await startApp(t, { POSTHOUSE_CALLS_PER_SECOND_MAX: '1' })
  await send(`${app.easemob}/nope`)
  for (const [dialect, path, wanted] of [
    ['easemob', '/demo/chat/nope', [503, 'reach_limit']],
    ['jpush', '/v3/nope', [503, 1030]],
    ['neutral', '/nope', [503, 'node_rate_limited']],
  ] as const) {
    const answer = await send(app.http + path)
    assertFailure(answer, dialect, wanted, path)
    assert.equal(answer.headers['retry-after'], '1')
  }
  for (let call = 0; call < 5; call++) {
    assert.equal((await send(`${app.http}/healthz`)).status, 200)
    assert.deepEqual(await app.admin('GET', '/core'), { state: 'running', ready: true })
  }
})

test('the core is brought from any state into any other', async () => {
  const app = server()
  const states = ['stopped', 'frozen', 'draining', 'running']
  for (const from of states)
    for (const to of states) {
      await setCore(app, from)
      await setCore(app, to)
      assert.equal((await app.admin('GET', '/core')).state, to, `${from} → ${to}`)
    }
  await assertServed(app)
})

test('changes of state asked for at once are made one after the other', async () => {
  const app = server()
  const states = ['stopped', 'running', 'frozen', 'stopped', 'draining', 'stopped', 'running']
  await Promise.all(states.map(state => setCore(app, state)))
  await until(async () => (await send(`${app.http}/readyz`)).status === 200)
  await setCore(app, 'running')
  await assertServed(app)
})

test('a core that is told to end finishes what it has', async t => {
  const app = await startApp(t)
  const caller = { as: 'door' } as const
  const replies = Array.from({ length: 20 }, (_, number) =>
    app.link.call({
      op: 'app.create',
      args: { org: 'last', app: `app${number}` },
      caller,
      request: `request-${number}`,
    }),
  )
  await app.link.close()
  for (const reply of await Promise.all(replies)) assert.ok('result' in reply, JSON.stringify(reply))
})
