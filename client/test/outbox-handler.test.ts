// The outbox of a running service over HTTP: its handler over real sockets, and the command that asks it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { connectDevice, register } from '../../test/devices.ts'
import { makeJpushApp } from '../../test/jpush-client.ts'
import { sharedApp } from '../../test/start-app.ts'
import { until } from '../../test/until.ts'
import { JpushClient } from '../src/jpush.ts'
import { Outbox } from '../src/outbox.ts'
import { type HandlerOptions, outboxHandler, RemoteDesk, toNodeListener } from '../src/outbox-handler.ts'
import { ManualClock } from './manual-clock.ts'

const token = 'a-token-that-nobody-guesses'
const push = { platform: 'all', audience: { alias: ['nobody'] }, notification: { alert: 'hello' } } as const
const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
const shared = sharedApp()

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A service with an outbox and its handler; nobody has the alias that its pushes go to. */
async function makeService(
  t: TestContext,
  more: Partial<HandlerOptions & { clock: ManualClock; leaseMs: number }> = {},
) {
  const { clock, leaseMs, ...options } = more
  const server = shared()
  const app = await makeJpushApp(server)
  const jpush = new JpushClient({
    baseUrl: server.http,
    appKey: app.app_key,
    masterSecret: app.master_secret,
  })
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-outbox-'))
  const path = join(folder, 'outbox.db')
  const outbox = new Outbox({ path, jpush, ...(clock && { clock }), ...(leaseMs && { leaseMs }) })
  const handler = outboxHandler(outbox, { token, path: '/outbox', ...options } as HandlerOptions)
  const url = `${await serve(t, toNodeListener(handler))}/outbox`
  t.after(async () => {
    await outbox.close().catch(() => {})
    rmSync(folder, { recursive: true })
  })
  const putDead = async (count: number) => {
    await Promise.all(Array.from({ length: count }, () => outbox.send({ kind: 'push', push })))
    await until(async () => (await outbox.count()).dead === count)
  }
  const ask = (name: string, body: string, init: RequestInit = {}) =>
    fetch(`${url}/${name}`, { method: 'POST', body, headers: { Authorization: `Bearer ${token}` }, ...init })
  return { server, app, outbox, url, path, putDead, ask, desk: new RemoteDesk({ url, token }) }
}

test('what is sent again over HTTP is sent at once', async t => {
  const { server, app, outbox, desk, putDead } = await makeService(t, { clock: new ManualClock() })
  await putDead(1)
  await register(server, app, { platform: 'android', alias: 'nobody' })
  const { itemId } = (await desk.list({ states: ['dead'] }, 10))[0]!
  assert.deepEqual(await desk.resend([{ itemId }], { by: 'ann', why: 'registered' }), [
    { itemId, outcome: 'done' },
  ])
  // The clock stands: nothing but the call can have woken it.
  await until(async () => (await outbox.find(itemId))!.state === 'sent')
  const { item, mayHaveBeenSent, audits } = (await desk.look(itemId))!
  assert.deepEqual([item.state, mayHaveBeenSent, audits.at(-1)!.actor], ['sent', false, 'ann'])
  assert.deepEqual(await desk.count({ kind: 'push' }), { sent: 1 })
  assert.equal(await desk.look('nope'), undefined)
})

test('two people with the real command, one on the file and one over HTTP, send each item again once', async t => {
  const { server, app, outbox, url, path, putDead } = await makeService(t, { leaseMs: 600 })
  await putDead(30)
  const device = await connectDevice(t, server, app, { alias: 'nobody' })
  const args = ['outbox', 'resend', '--state', 'dead', '--yes', '--rate', '1000/s', '--delay', '0s', '--json']
  const env = { ...process.env, POSTHOUSE_OUTBOX_TOKEN: token }
  const call = (...more: string[]) =>
    promisify(execFile)(process.execPath, [main, ...args, ...more], { env }).catch(failure => failure)
  const both = await Promise.all([call('--url', url), call('--file', path)])
  await until(async () => (await outbox.count()).sent === 30)
  const pushes = await until(async () => device.received.length >= 30 && device.received)
  assert.equal(pushes.length, 30)
  const actions = (await outbox.audits({}, 500)).map(({ action, itemId }) => `${action} ${itemId}`)
  assert.deepEqual([actions.length, new Set(actions).size], [30, 30])
  for (const { stdout, stderr } of both) assert.ok(!`${stdout}${stderr}`.includes(token))
})

test('nobody is let in without the token, and nothing but what is known is taken', async t => {
  const { url, ask } = await makeService(t, { bytesMax: 2_000 })
  const list = '{"filter": {}, "count": 1}'
  const bearer = (value: string) => ({ headers: { Authorization: value } })
  const cases: [string, string, RequestInit, number, RegExp][] = [
    ['list', list, { headers: {} }, 401, /missing or wrong/],
    ['list', list, bearer(`Bearer ${token}x`), 401, /missing or wrong/],
    ['list', list, bearer(token), 401, /missing or wrong/],
    ['nope', list, { headers: {} }, 401, /missing or wrong/],
    ['nope', list, {}, 404, /no such call/],
    ['constructor', list, {}, 404, /no such call/],
    ['list', '', { method: 'PUT' }, 405, /is a POST/],
    ['list', 'x', {}, 400, /not JSON/],
    ['list', '[]', {}, 400, /not an object/],
    ['list', '{"filter": {}}', {}, 400, /has no \\"count/],
    ['list', '{"filter": {"state": "dead"}, "count": 1}', {}, 400, /\\"state\\", which is not known/],
    ['list', '{"filter": {"states": ["lost"]}, "count": 1}', {}, 400, /states/],
    ['list', '{"filter": {}, "count": 501}', {}, 400, /from 1 to 500/],
    ['resend', '{"targets": [], "options": {}}', {}, 400, /list of 1 to 100/],
    [
      'edit',
      '{"target": {"itemId": "x"}, "content": {"kind": "mail"}, "options": {}}',
      {},
      400,
      /a content is/,
    ],
    ['import', '{"items": [{"itemId": "x"}], "options": {}}', {}, 400, /state of the item x/],
    ['list', `{"x": "${'x'.repeat(2_000)}"}`, {}, 413, /at most 2000 bytes/],
    ['list', list, {}, 200, /"items":\[\]/],
  ]
  for (const [name, body, init, status, said] of cases) {
    const answer = await ask(name, body, init)
    const text = await answer.text()
    assert.equal(answer.status, status, `${name} ${body.slice(0, 80)}: ${text}`)
    assert.match(text, said)
    assert.match(answer.headers.get('content-type')!, /^application\/json/)
    assert.equal(answer.headers.get('access-control-allow-origin'), null)
    assert.equal(answer.headers.get('www-authenticate'), status === 401 ? 'Bearer' : null)
    assert.equal(answer.headers.get('allow'), status === 405 ? 'POST' : null)
  }
  const preflight = await fetch(`${url}/list`, {
    method: 'OPTIONS',
    headers: { Origin: 'http://evil.example' },
  })
  assert.equal(preflight.status, 401)
  await preflight.text()
  assert.throws(() => outboxHandler({} as Outbox, { token: 'short' }), /at least 16 characters/)
})

test('what is left of a long body that was refused is not taken for the next request', async t => {
  const { ask } = await makeService(t)
  const stranger = { headers: { Authorization: 'Bearer x' } }
  // The last is longer than what is waited for.
  for (const bytes of [100_000, 3_000_000, 12_000_000]) {
    const refused = await ask('list', 'x'.repeat(bytes), stranger)
    assert.equal(refused.status, 401)
    assert.equal(refused.headers.get('connection'), bytes > 4_194_304 ? 'close' : 'keep-alive')
    await refused.text()
    const next = await ask('count', '{"filter": {}}', { signal: AbortSignal.timeout(5_000) })
    assert.deepEqual(await next.json(), { counts: {} })
  }
})

test('who the service says it is, it is; a body that a framework has read is taken as it is', async t => {
  const authorize = ({ headers }: Request) => headers.get('x-user') ?? false
  const { outbox, putDead } = await makeService(t)
  await putDead(1)
  const listener = toNodeListener(outboxHandler(outbox, { authorize }))
  const url = await serve(t, async (request, response) => {
    const chunks = await Array.fromAsync(request)
    await listener(Object.assign(request, { body: JSON.parse(Buffer.concat(chunks).toString()) }), response)
  })
  const { itemId } = (await outbox.list())[0]!
  const body = JSON.stringify({ targets: [{ itemId }], options: { by: 'somebody else' } })
  const ask = (headers: Record<string, string>) => fetch(`${url}/resend`, { method: 'POST', body, headers })
  assert.equal((await ask({})).status, 401)
  const { results } = (await (await ask({ 'x-user': 'eve' })).json()) as { results: unknown }
  assert.deepEqual(results, [{ itemId, outcome: 'done' }])
  assert.equal((await outbox.audits({ itemId }))[0]!.actor, 'eve')
})

test('a database that fails is told to the service, and not to who asks', async t => {
  const errors: unknown[] = []
  const { outbox, ask } = await makeService(t, { onError: error => errors.push(error) })
  await outbox.close()
  const answer = await ask('count', '{"filter": {}}')
  assert.deepEqual(
    [answer.status, await answer.json()],
    [500, { error: { id: 'outbox_failed', message: 'the outbox cannot be read or written' } }],
  )
  assert.match(String(errors[0]), /finalized|not open/)
})

test('what is no outbox, or does not answer, is said to be so', async t => {
  const page = await serve(t, (_request, response) => response.writeHead(200).end('<html>'))
  const failing = await serve(t, (_request, response) => response.writeHead(502).end('x'))
  const gone = await serve(t, (_request, response) => response.destroy())
  await assert.rejects(
    new RemoteDesk({ url: page, token }).count({}),
    /answers 200, and not as an outbox does/,
  )
  await assert.rejects(new RemoteDesk({ url: failing, token }).count({}), /answers 502, and not/)
  await assert.rejects(new RemoteDesk({ url: gone, token }).count({}), {
    message: /does not answer/,
    status: undefined,
  })
})
