// What an operator's tools ask.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from './http-client.ts'
import { startApp } from './start-app.ts'

test('alive and ready are two questions: a gateway without its core is alive, and not ready', async t => {
  const app = await startApp(t, { POSTHOUSE_GATEWAY_DEADLINE_MS: '300' })
  const ask = async (path: string) => (await send(app.http + path)).status
  assert.deepEqual([await ask('/healthz'), await ask('/readyz')], [200, 200])
  for (const [state, status] of [
    ['stopped', 502],
    ['frozen', 504],
  ] as const) {
    await app.admin('PUT', '/core', { state })
    assert.deepEqual([await ask('/healthz'), await ask('/readyz')], [200, status])
  }
  await app.admin('PUT', '/core', { state: 'running' })
  assert.equal(await ask('/readyz'), 200)
})

test('the metrics count every answer by dialect and status, and say whether the core is there', async t => {
  const app = await startApp(t)
  const read = async () => (await send(`${app.http}/metrics`)).text
  const metric = (text: string, name: string) =>
    Number(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  const wrong = 'posthouse_http_answers_total{dialect="jpush",status="401"}'
  const before = metric(await read(), wrong)
  for (let count = 0; count < 3; count++) await send(`${app.http}/v3/push`, { body: {} })
  const text = await read()
  assert.equal(metric(text, wrong) - before, 3)
  assert.equal(metric(text, 'posthouse_core_ready'), 1)
  assert.match(text, /^process_resident_memory_bytes \d+/m)
  assert.ok(!text.includes(app.runtime.admin_token) && !text.includes(app.demo.master_secret))

  const { headers } = await send(`${app.http}/metrics`)
  assert.match(headers['content-type']!, /^text\/plain; version=0\.0\.4/)
  await app.admin('PUT', '/core', { state: 'stopped' })
  assert.equal(metric(await read(), 'posthouse_core_ready'), 0)
})
