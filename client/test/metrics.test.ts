// Figures, read as Prometheus reads them.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import parsePrometheusTextFormat from 'parse-prometheus-text-format'
import { until as untilSo } from '../../test/until.ts'
import type { ClientEvent } from '../src/index.ts'
import { getDevice, JpushClient, sendPush } from '../src/jpush.ts'
import { Metrics } from '../src/metrics.ts'
import { Outbox } from '../src/outbox.ts'
import { FakeClock } from './fake-clock.ts'
import { answer, closedPort, HostileServer } from './hostile-server.ts'
import { ManualClock } from './manual-clock.ts'

const push = { platform: 'all', audience: 'all', notification: { alert: 'hello' } } as const
const sent = { sendno: '0', msg_id: '7' }
const cidlist = Array.from({ length: 3 }, (_, index) => `a1b2c3d4e5f60718293a4b5c-${index}`)
const keys = { appKey: 'k', masterSecret: 's' }

/** Text exposition format 0.0.4, line by line: names, label values escaped, numbers; each family once and in one piece. */
function checkGrammar(text: string): void {
  const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\n"])*"'
  const number = '(?:[0-9.]+(?:e[+-]?[0-9]+)?|\\+Inf|NaN)'
  const sample = new RegExp(`^([a-z_]+?)(_bucket|_sum|_count)?(?:\\{${label}(?:,${label})*\\})? ${number}$`)
  const seen = new Set<string>()
  let family = ''
  let isHistogram = false
  assert.ok(text.endsWith('\n'))
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-z_]+) [^\n]+$/.exec(line)?.[1]
    const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line)
    if (help) {
      assert.ok(!seen.has(help), line)
      seen.add(help)
      family = help
    } else if (type) {
      assert.equal(type[1], family)
      isHistogram = type[2] === 'histogram'
      assert.equal(type[2] === 'counter', family.endsWith('_total'))
    } else {
      const [, name, suffix = ''] = sample.exec(line) ?? assert.fail(line)
      if (isHistogram) assert.equal(name, family)
      else assert.equal(name + suffix, family)
    }
  }
}

test('calls, attempts, retries, waits, the breaker, the quota and cids are counted, and Prometheus can read it', async t => {
  const metrics = new Metrics()
  const server = await HostileServer.start(
    t,
    answer(200, { cidlist }),
    answer(502, 'x'),
    answer(429, { error: { code: 2002, message: 'Rate limit exceeded' } }),
    answer(200, sent),
    answer(404, '{"say":"\\"no\\""}'),
  )
  const clock = new FakeClock()
  const options = { ...keys, clock, random: () => 0.5, observer: metrics.observe, cids: { refillAt: -1 } }
  const client = new JpushClient({ baseUrl: server.url, ...options })
  await sendPush(client, { push })
  await assert.rejects(getDevice(client, { registrationId: '1a' }))
  const nowhere = `http://127.0.0.1:${await closedPort()}`
  const lost = new JpushClient({ baseUrl: nowhere, ...options, breaker: { connectFailuresMax: 2 } })
  await assert.rejects(sendPush(lost, { push }))
  const text = await metrics.text()
  checkGrammar(text)
  const families = parsePrometheusTextFormat(text)
  const totalOf = (name: string, labels: Record<string, string>) => {
    const { metrics: samples } =
      families.find(family => family.name === `posthouse_client_${name}`) ?? assert.fail(name)
    const matching = samples.filter(sample =>
      Object.entries(labels).every(([label, value]) => sample.labels?.[label] === value),
    )
    return matching.reduce((sum, { value }) => sum + Number(value), 0)
  }
  const host = new URL(server.url).host
  const operation = 'POST /v3/push'
  assert.equal(totalOf('calls_total', { host, operation, outcome: 'accepted', id: 'ok' }), 1)
  assert.equal(totalOf('calls_total', { host, operation: 'GET /v3/devices/:rid', id: 'status_404' }), 1)
  assert.equal(totalOf('attempts_total', { host, operation }), 3)
  assert.equal(totalOf('attempts_total', { host, operation, status: '502', outcome: 'unknown' }), 1)
  assert.equal(totalOf('retries_total', { host, operation }), 2)
  assert.equal(totalOf('waits_total', { host, operation, why: 'retry' }), 2)
  assert.equal(
    totalOf('wait_seconds_total', { host, operation }),
    clock.waits.slice(0, 2).reduce((sum, ms) => sum + ms, 0) / 1_000,
  )
  // The parser does not tell the histograms of a family apart.
  const place = `dialect="jpush",host="${host}",operation="POST /v3/push"`
  assert.ok(text.includes(`posthouse_client_call_seconds_bucket{${place},le="+Inf"} 1\n`))
  assert.ok(text.includes(`posthouse_client_call_seconds_count{${place}} 1\n`))
  assert.equal(totalOf('breaker_state', { host, state: 'closed' }), 1)
  assert.equal(totalOf('breaker_state', { host: new URL(nowhere).host, state: 'open' }), 1)
  assert.equal(totalOf('breaker_opened_total', { host: new URL(nowhere).host }), 1)
  assert.equal(totalOf('cids_ready', { host, type: 'push' }), 2)
  assert.equal(totalOf('cids_starved_total', { host: new URL(nowhere).host }), 1)
  assert.equal(totalOf('retry_quota', { host, class: 'write' }), client.stateOf('push').retryQuota.write)
  const read = await metrics.read()
  assert.deepEqual(
    read.posthouse_client_retries_total?.samples.find(({ labels }) => labels.operation === operation)?.value,
    2,
  )
  assert.equal(read.posthouse_client_call_seconds?.type, 'histogram')
})

test('a wait for one’s turn is counted apart', async t => {
  const metrics = new Metrics()
  const limits = { 'X-Rate-Limit-Limit': '600', 'X-Rate-Limit-Remaining': '1', 'X-Rate-Limit-Reset': '4' }
  const server = await HostileServer.start(t, answer(200, sent, limits))
  const clock = new FakeClock()
  const client = new JpushClient({ baseUrl: server.url, ...keys, clock, observer: [metrics.observe] })
  for (let nth = 0; nth < 2; nth++) await sendPush(client, { push: { ...push, cid: 'c' } })
  const { samples } = (await metrics.read()).posthouse_client_waits_total!
  assert.deepEqual(
    samples.map(({ labels, value }) => [labels.why, value]),
    [['pace', 1]],
  )
})

test('an outbox is counted by state, and its oldest item has an age', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-metrics-'))
  const server = await HostileServer.start(
    t,
    answer(429, { error: { code: 2002, message: 'Rate limit exceeded' } }),
  )
  const clock = new ManualClock()
  const jpush = new JpushClient({ baseUrl: server.url, ...keys, retry: { attempts: 1 } })
  const outbox = new Outbox({ path: join(folder, 'outbox.db'), jpush, clock })
  t.after(async () => {
    await outbox.close()
    rmSync(folder, { recursive: true })
  })
  const metrics = new Metrics({}, clock)
  metrics.watch({ outbox, alerts: { figures: { sent: { slack: 3 }, undelivered: { slack: 1 } } } })
  await outbox.send({ kind: 'push', push })
  await untilSo(async () => (await outbox.count()).waiting === 1)
  clock.advance(4_000)
  const text = await metrics.text()
  checkGrammar(text)
  assert.match(text, /^posthouse_client_outbox_items\{state="waiting"\} 1$/m)
  assert.match(text, /^posthouse_client_outbox_items\{state="dead"\} 0$/m)
  assert.match(text, /^posthouse_client_outbox_oldest_seconds 4$/m)
  assert.match(text, /^posthouse_client_alerts_sent_total\{sink="slack"\} 3$/m)
  assert.match(text, /^posthouse_client_alerts_undelivered\{sink="slack"\} 1$/m)
})

test('however many operations there are, the figures stay bounded, and label values of any kind can be read', async () => {
  const metrics = new Metrics({ seriesMax: 10 })
  const event = (operation: string): ClientEvent => {
    const place = { dialect: 'jpush', host: 'a\\b"c\nd', operation } as const
    return {
      ...place,
      is: 'call',
      outcome: 'accepted',
      id: 'ok',
      attempts: 1,
      ms: 3,
      isUsers: false,
      class: 'write',
      retryQuota: 500,
    }
  }
  for (let nth = 0; nth < 1_000; nth++) metrics.observe(event(`GET /${nth}`))
  const { samples } = (await metrics.read()).posthouse_client_calls_total!
  assert.equal(samples.length, 11)
  assert.equal(samples.find(({ labels }) => labels.operation === 'other')?.value, 990)
  assert.equal(
    samples.reduce((sum, { value }) => sum + value, 0),
    1_000,
  )
  const text = await metrics.text()
  checkGrammar(text)
  assert.ok(parsePrometheusTextFormat(text).length > 0)
})
