// The lines of the client and of the outbox, as pino writes them.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import pino from 'pino'
import { until as untilSo } from '../../test/until.ts'
import { EasemobClient, sendMessage } from '../src/easemob.ts'
import { JpushClient, sendPush } from '../src/jpush.ts'
import { Outbox } from '../src/outbox.ts'
import { FakeClock } from './fake-clock.ts'
import { answer, bytes, HostileServer } from './hostile-server.ts'
import { ManualClock } from './manual-clock.ts'

type Line = Readonly<Record<string, unknown>>

function openLog() {
  const written: string[] = []
  const logger = pino({ base: null, timestamp: false }, { write: text => void written.push(text) })
  return { logger, text: () => written.join(''), lines: () => written.map(text => JSON.parse(text) as Line) }
}

const push = { platform: 'all', audience: 'all', notification: { alert: '你好' }, cid: 'c1' } as const
const sent = { sendno: '0', msg_id: '7' }
const masterSecret = '0f1e2d3c4b5a69788796a5b4'
const clientSecret = 'YXA6c2VjcmV0'
const token = { access_token: 'YWMtsecrettoken', expires_in: 5_184_000 }
const info = 30
const warn = 40
const error = 50

test('each attempt is a line and each call is one, of one trace, with sizes and without bodies', async t => {
  const { logger, lines, text } = openLog()
  const server = await HostileServer.start(t, answer(502, 'gateway'), answer(200, sent))
  const client = new JpushClient({
    baseUrl: server.url,
    appKey: 'k',
    masterSecret,
    logger,
    clock: new FakeClock(),
  })
  await sendPush(client, { push })
  const [first, second, call, ...others] = lines()
  assert.deepEqual(others, [])
  const host = new URL(server.url).host
  const place = { dialect: 'jpush', host, operation: 'POST /v3/push', traceId: call?.traceId }
  assert.match(String(call?.traceId), /^[0-9a-f]{32}$/)
  const requestBytes = Buffer.byteLength(JSON.stringify(push))
  for (const [index, line] of [first, second].entries()) {
    assert.deepEqual({ ...line, ...place }, line)
    assert.equal(line?.requestBytes, requestBytes)
    assert.equal(line?.responseBytes, Buffer.byteLength([`gateway`, JSON.stringify(sent)][index]!))
    assert.deepEqual([line?.msg, line?.level, line?.attempt], ['attempt', info, index + 1])
  }
  const { ms: _ms, ...fields } = call!
  assert.deepEqual(fields, { level: info, ...place, attempts: 2, msg: 'call succeeded' })
  assert.doesNotMatch(text(), /你好|msg_id|Basic|0f1e2d3c/)
})

test('a call that failed is a line at error level', async t => {
  const { logger, lines } = openLog()
  const server = await HostileServer.start(
    t,
    answer(400, { error: { code: 1011, message: 'cannot find user by this audience' } }),
  )
  const client = new JpushClient({ baseUrl: server.url, appKey: 'k', masterSecret, logger })
  await assert.rejects(sendPush(client, { push }))
  const { level, id, outcome, msg } = lines().at(-1)!
  assert.deepEqual([level, id, outcome, msg], [error, 'audience_empty', 'rejected', 'call failed'])
})

async function easemobStage(t: TestContext, tokenAnswer: Parameters<typeof HostileServer.start>[1]) {
  const { logger, ...log } = openLog()
  const server = await HostileServer.start(t, (socket, asked) =>
    asked.path.endsWith('/token')
      ? tokenAnswer(socket, asked)
      : answer(200, { data: { bob: '1' } })(socket, asked),
  )
  const app = { org: 'acme', app: 'chat', clientId: 'YXA6id', clientSecret }
  const client = new EasemobClient({
    baseUrl: server.url,
    ...app,
    logger,
    logBodies: true,
    clock: new FakeClock(),
  })
  return {
    ...log,
    send: () => sendMessage(client, { to: { users: ['bob'] }, type: 'txt', body: { msg: 'hello' } }),
  }
}

test('bodies are in the lines where that is wanted, and secrets, passwords and tokens never', async t => {
  const { send, lines, text } = await easemobStage(t, answer(200, token))
  await send()
  const [granted, , message] = lines()
  assert.match(String(granted?.requestBody), /"client_id":"YXA6id","client_secret":"\*\*\*"/)
  assert.equal(granted?.responseBody, '{"access_token":"***","expires_in":5184000}')
  assert.match(String(message?.requestBody), /"msg":"hello"/)
  assert.equal(message?.responseBody, '{"data":{"bob":"1"}}')
  assert.doesNotMatch(text(), /YXA6c2VjcmV0|YWMtsecrettoken/)
})

test('half of an answer that grants a token tells nobody the token', async t => {
  const half = bytes(
    'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"expires_in":1,"access_token":"YWMtsecrettoken","app',
  )
  const { send, text } = await easemobStage(t, half)
  const failure = await send().catch(error => error)
  assert.equal(failure.id, 'answer_unreadable')
  assert.match(failure.text, /"access_token":"\*\*\*/)
  assert.doesNotMatch(text() + JSON.stringify(failure) + failure.message, /YWMtsecrettoken/)
})

test('each change of an item is a line: at error level where only a person can do more about it', async t => {
  const { logger, lines } = openLog()
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-logs-'))
  const refused = answer(400, { error: { code: 1009, message: 'Unsupported key x' } })
  const busy = answer(429, { error: { code: 2002, message: 'Rate limit exceeded' } })
  const cidlist = ['c1', 'c2', 'c3', 'c4'].map(name => name.padEnd(40, '0'))
  const server = await HostileServer.start(t, answer(200, { cidlist }), answer(200, sent), refused, busy)
  const jpush = new JpushClient({
    baseUrl: server.url,
    appKey: 'k',
    masterSecret,
    cids: { refillAt: -1 },
    retry: { attempts: 1 },
  })
  const clock = new ManualClock()
  const outbox = new Outbox({ path: join(folder, 'outbox.db'), jpush, logger, clock })
  t.after(async () => {
    await outbox.close()
    rmSync(folder, { recursive: true })
  })
  const { cid: _cid, ...content } = push
  const changesOf = (itemId: string) => lines().filter(line => line.itemId === itemId)
  const put = async (last: string, expiresAt?: number) => {
    const itemId = await outbox.send({ kind: 'push', push: content, ...(expiresAt && { expiresAt }) })
    await untilSo(async () => changesOf(itemId).at(-1)?.state === last)
    return itemId
  }
  const statesOf = (itemId: string) => changesOf(itemId).map(({ state, level }) => [state, level])
  const begun = [
    ['pending', info],
    ['sending', info],
  ]
  assert.deepEqual(statesOf(await put('sent')), [...begun, ['sent', info]])
  const second = await put('dead')
  assert.deepEqual(statesOf(second), [...begun, ['dead', error]])
  assert.equal(changesOf(second).at(-1)?.failure, 'unsupported_key')
  const third = await put('waiting', clock.now() + 1_000)
  clock.advance(60_000)
  await untilSo(async () => changesOf(third).at(-1)?.state === 'expired')
  assert.deepEqual(statesOf(third), [...begun, ['waiting', info], ['expired', warn]])
  assert.ok(lines().every(line => JSON.stringify(line).includes('你好') === false))
})
