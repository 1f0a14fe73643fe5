// From what clients do to what people are told, and when.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { until as untilSo } from '../../test/until.ts'
import {
  type AlertMessage,
  type AlertRule,
  type AlertSink,
  type AlertsOptions,
  alertRules,
  dingtalkSink,
  openAlerts,
  SinkError,
  webhookSink,
} from '../src/alerts.ts'
import { EasemobClient, getUser, sendMessage } from '../src/easemob.ts'
import type { CallEvent, ClientEvent } from '../src/index.ts'
import { PosthouseError } from '../src/index.ts'
import { getDevice, JpushClient, type JpushOptions, sendPush } from '../src/jpush.ts'
import { Outbox } from '../src/outbox.ts'
import { answer, closedPort, HostileServer, reset, type Script } from './hostile-server.ts'
import { ManualClock } from './manual-clock.ts'

const minute = 60_000
const hour = 60 * minute
const push = { platform: 'all', audience: 'all', notification: { alert: 'hello' } } as const
const place = { dialect: 'jpush', host: 'api.jpush.cn' } as const

/** A call that was refused for its credentials, or as `fields` say. */
function refused(operation = 'POST /v3/push', fields: Partial<PosthouseError> = {}): CallEvent {
  const error = new PosthouseError({
    id: 'credentials_wrong',
    dialect: 'jpush',
    operation,
    class: 'auth',
    outcome: 'rejected',
    advice: 'page-a-human',
    status: 401,
    params: {},
    text: 'Authen failed',
    attempts: [],
    ...fields,
  })
  const { id, outcome } = error
  const call = { is: 'call', attempts: 1, ms: 3, isUsers: false, class: 'write', retryQuota: 500 } as const
  return { ...call, ...place, operation, outcome, id, error }
}

/** Keeps what it is sent; says no for as long as it is told to. */
function makeSink(name = 'own', more: Partial<AlertSink> = {}) {
  const got: AlertMessage[] = []
  let failure: SinkError | undefined
  let tries = 0
  const sink: AlertSink = {
    name,
    send(message) {
      tries++
      if (failure) throw failure
      got.push(message)
    },
    ...more,
  }
  const fail = (error: SinkError | undefined) => {
    failure = error
  }
  /** Of each message, its alerts. */
  const told = () =>
    got.map(({ alerts }) => alerts.map(({ operation, state }) => `${operation} ${state}`).toSorted())
  return { sink, got, told, fail, tries: () => tries }
}

async function makeStage(t: TestContext, sinks: readonly AlertSink[], options: Partial<AlertsOptions> = {}) {
  const clock = new ManualClock()
  const lines: { readonly level: string; readonly fields: object; readonly text: string }[] = []
  const at = (level: string) => (fields: object, text: string) => void lines.push({ level, fields, text })
  const logger = { info: at('info'), warn: at('warn'), error: at('error') }
  const open = (more: Partial<AlertsOptions> = {}) =>
    openAlerts({ sinks, clock, logger, random: () => 0.5, ...options, ...more })
  const alerts = await open()
  t.after(() => alerts.close({ timeoutMs: 0 }).catch(() => {}))
  /** In steps as short as the engine looks: what is due in between happens at its time. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 10_000) {
      clock.advance(Math.min(left, 10_000))
      for (let turn = 0; turn < 6; turn++) await new Promise(resolve => setImmediate(resolve))
    }
  }
  return { clock, alerts, lines, pass, open }
}

const until = (ask: () => unknown) => untilSo(async () => (await ask()) || undefined)

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-alerts-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

test('the first is told at once, those of half a minute together, later ones after five minutes', async t => {
  const { sink, told } = makeSink()
  const { alerts, pass } = await makeStage(t, [sink])
  alerts.observe(refused('a'))
  await until(() => told().length === 1)
  alerts.observe(refused('b'))
  await pass(20_000)
  alerts.observe(refused('c'))
  for (let nth = 0; nth < 100; nth++) alerts.observe(refused('a'))
  assert.equal(told().length, 1)
  await pass(10_000)
  await until(() => told().length === 2)
  alerts.observe(refused('d'))
  for (let passed = 0; passed < 290_000; passed += 145_000) {
    await pass(145_000)
    for (const operation of ['a', 'b', 'c', 'd']) alerts.observe(refused(operation))
  }
  assert.equal(told().length, 2)
  await pass(10_000)
  await until(() => told().length === 3)
  assert.deepEqual(told(), [['a firing'], ['b firing', 'c firing'], ['d firing']])
})

test('what goes on is told again after four hours, and what has not happened for five minutes is over', async t => {
  const { sink, got, told } = makeSink()
  const { alerts, pass, clock } = await makeStage(t, [sink])
  const begun = clock.now()
  for (let passed = 0; passed < 4 * hour + minute; passed += minute) {
    alerts.observe(refused())
    await pass(minute)
  }
  assert.deepEqual(told(), [['POST /v3/push firing'], ['POST /v3/push firing']])
  assert.ok(got[1]!.at - got[0]!.at >= 4 * hour && got[1]!.at - got[0]!.at < 4 * hour + minute)
  assert.equal(got[1]!.alerts[0]!.count, 241)
  await pass(10 * minute)
  assert.deepEqual(told().at(-1), ['POST /v3/push resolved'])
  const { count, startedAt } = got[2]!.alerts[0]!
  assert.deepEqual([count, startedAt, alerts.firing], [241, begun, []])
  alerts.observe(refused())
  await pass(5 * minute)
  assert.equal(got.length, 4)
  assert.notEqual(got[3]!.alerts[0]!.startedAt, begun)
})

test('what could not be delivered is tried until it is, in one message, and the four hours begin then', async t => {
  const { sink, got, told, fail, tries } = makeSink()
  const { alerts, pass, lines } = await makeStage(t, [sink])
  fail(new SinkError('away'))
  alerts.observe(refused('a'))
  await until(() => tries() === 1)
  const keepOn = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += minute) {
      alerts.observe(refused('a'))
      alerts.observe(refused('b'))
      await pass(minute)
    }
  }
  await keepOn(5 * hour)
  assert.ok(tries() > 50 && tries() < 90, String(tries()))
  assert.deepEqual(alerts.figures, { sent: {}, undelivered: { own: 1 } })
  assert.ok(
    lines.some(({ level, text }) => level === 'warn' && text === 'an alert could not be delivered yet'),
  )
  fail(undefined)
  await keepOn(6 * minute)
  assert.deepEqual(told(), [['a firing', 'b firing']])
  assert.deepEqual(alerts.figures, { sent: { own: 1 }, undelivered: { own: 0 } })
  await keepOn(3 * hour + 50 * minute)
  assert.equal(got.length, 1)
  await keepOn(20 * minute)
  assert.equal(got.length, 2)
})

test('what a sink asks for is waited for, and a trouble that ends before it is told is told as such', async t => {
  const { sink, told, fail, tries } = makeSink()
  const { alerts, pass } = await makeStage(t, [sink])
  fail(new SinkError('slow', { retryAfterMs: 20 * minute }))
  alerts.observe(refused())
  await until(() => tries() === 1)
  fail(undefined)
  await pass(19 * minute)
  assert.equal(tries(), 1)
  await pass(minute)
  assert.deepEqual(told(), [['POST /v3/push resolved']])
})

test('what a sink refuses for good goes to the fallback, and is a line at error level', async t => {
  const own = makeSink()
  const spare = makeSink('spare')
  own.fail(new SinkError('403 gone', { isFinal: true }))
  const { alerts, pass, lines } = await makeStage(t, [own.sink], { fallback: spare.sink })
  alerts.observe(refused())
  await until(() => spare.got.length === 1)
  const line = lines.find(({ level }) => level === 'error')!
  assert.equal(line.text, 'an alert was refused by its sink')
  assert.match(JSON.stringify(line.fields), /403 gone.*credentials_wrong.*Authen failed/)
  for (let nth = 0; nth < 60; nth++) {
    await pass(minute)
    alerts.observe(refused())
  }
  assert.deepEqual([own.tries(), spare.got.length], [1, 1])
})

test('where no sink takes it, the log has it, every five minutes as long as it goes on', async t => {
  const own = makeSink()
  own.fail(new SinkError('403 gone', { isFinal: true }))
  const { alerts, pass, lines } = await makeStage(t, [own.sink])
  for (let nth = 0; nth < 60; nth++) {
    alerts.observe(refused())
    await pass(minute)
  }
  const errors = lines.filter(({ level }) => level === 'error').length
  assert.ok(errors >= 11 && errors <= 13, String(errors))
  assert.equal(own.tries(), errors)
})

test('pages and tickets go to the sinks that take them, and no sink gets more a minute than it may', async t => {
  const pages = makeSink('pages', { severities: ['page'], perMinute: 3 })
  const tickets = makeSink('tickets', { severities: ['ticket'] })
  const { alerts, pass } = await makeStage(t, [pages.sink, tickets.sink])
  for (let nth = 0; nth < 9; nth++) alerts.observe({ ...refused(), host: `h${nth}` })
  alerts.observe(refused('a', { class: 'gone', id: 'retired' }))
  await until(() => pages.got.length === 3 && tickets.got.length === 1)
  assert.equal(tickets.got[0]!.severity, 'ticket')
  await pass(59_000)
  assert.equal(pages.got.length, 3)
  await pass(1_000)
  await until(() => pages.got.length === 6)
})

test('alerts of however many operations stay bounded', async t => {
  const { sink, got } = makeSink()
  const { alerts, pass } = await makeStage(t, [sink], { alertsMax: 20 })
  for (let nth = 0; nth < 500; nth++) alerts.observe(refused(`GET /${nth}`))
  await pass(minute)
  assert.equal(alerts.firing.length, 21)
  assert.equal(alerts.firing.find(({ operation }) => operation === '')?.count, 480)
  assert.equal(new Set(got.flatMap(({ alerts: all }) => all.map(({ key }) => key))).size, 21)
})

const refusal = (code: number, message: string) => ({ error: { code, message } })
const cidlist = ['a1b2c3d4e5f60718293a4b5c-1']
const token = { access_token: 'YWMt', expires_in: 5_184_000 }

interface Provoked {
  readonly scripts: readonly Script[]
  readonly options?: Partial<JpushOptions>
  readonly call?: (client: JpushClient) => Promise<unknown>
  readonly times?: number
}

const keyed = { ...push, cid: 'c1' }
const provoked: readonly (readonly [rule: string, severity: string, id: string, Provoked])[] = [
  ['auth', 'page', 'credentials_wrong', { scripts: [answer(401, refusal(1004, 'Authen failed'))] }],
  ['policy', 'page', 'not_vip', { scripts: [answer(403, refusal(2003, 'No permission to use this API'))] }],
  [
    'policy',
    'page',
    'volume_unreasonable',
    { scripts: [answer(403, refusal(2005, 'Too many messages to the same users'))] },
  ],
  [
    'gone',
    'ticket',
    'retired',
    { scripts: [answer(410, refusal(9410, 'The interface has gone offline: x'))] },
  ],
  [
    'plan_limit',
    'ticket',
    'broadcast_limit',
    { scripts: [answer(403, refusal(2008, 'The limit of broadcasts for this day is reached'))] },
  ],
  ['advised', 'page', 'status_302', { scripts: [answer(302, '', { Location: 'http://x/login' })] }],
  ['advised', 'page', 'answer_unreadable', { scripts: [answer(200, '<html>Welcome to the hotel</html>')] }],
  ['system', 'ticket', 'status_502', { scripts: [answer(502, 'x')] }],
  ['system', 'ticket', 'connection_reset', { scripts: [reset] }],
  ['system', 'ticket', 'rate_limited', { scripts: [answer(429, refusal(2002, 'Rate limit exceeded'))] }],
  [
    'missing_burst',
    'ticket',
    'status_404',
    { scripts: [answer(404, 'x')], call: client => getDevice(client, { registrationId: '1a' }), times: 10 },
  ],
  [
    'breaker',
    'page',
    'breaker_open',
    { scripts: [reset], options: { breaker: { callsMin: 1 }, retry: { attempts: 1, staleRetries: 0 } } },
  ],
  [
    'cids',
    'ticket',
    'cids_empty',
    { scripts: [answer(500, 'x')], call: client => sendPush(client, { push }) },
  ],
]

test('what a client meets fires the rule that is for it', async t => {
  for (const [rule, severity, id, { scripts, options, call, times = 1 }] of provoked) {
    const { sink, got } = makeSink()
    const { alerts, pass } = await makeStage(t, [sink])
    const server = await HostileServer.start(t, ...scripts)
    const retry = { transient: { baseMs: 1, maxMs: 1 }, throttled: { baseMs: 1, maxMs: 1 } }
    const client = new JpushClient({
      baseUrl: server.url,
      appKey: 'k',
      masterSecret: 's',
      retry,
      observer: alerts.observe,
      ...options,
    })
    for (let nth = 0; nth < times; nth++) {
      assert.deepEqual(got, [], rule)
      await assert.rejects(call?.(client) ?? sendPush(client, { push: keyed }))
    }
    const find = () => alerts.firing.find(alert => alert.rule === rule && alert.id === id)
    assert.equal(find()?.severity, severity, `${rule} ${JSON.stringify(alerts.firing)}`)
    assert.equal(find()?.host, new URL(server.url).host)
    await pass(30_000)
    await until(() => got.some(message => message.alerts.some(alert => alert.key === find()?.key)))
  }
})

test('what is well, what was refused once, and what a user has to do something about is no alert', async t => {
  const { sink } = makeSink()
  const { alerts } = await makeStage(t, [sink])
  const empty = answer(400, refusal(1011, 'cannot find user by this audience'))
  const server = await HostileServer.start(
    t,
    answer(200, { sendno: '0', msg_id: '7' }),
    empty,
    answer(404, 'x'),
    answer(401, { error: 'unauthorized', error_description: 'Unable to authenticate (OAuth)' }),
  )
  const client = new JpushClient({
    baseUrl: server.url,
    appKey: 'k',
    masterSecret: 's',
    observer: alerts.observe,
  })
  await sendPush(client, { push: keyed })
  await assert.rejects(sendPush(client, { push: keyed }))
  await assert.rejects(getDevice(client, { registrationId: '1a' }))
  const user = new EasemobClient({
    baseUrl: server.url,
    org: 'acme',
    app: 'chat',
    token: 'x',
    observer: alerts.observe,
  })
  await assert.rejects(getUser(user, { username: 'ann' }))
  assert.deepEqual(alerts.firing, [])
})

test('a breaker that is open is an alert until it is closed, however long that takes', async t => {
  const { sink, told } = makeSink()
  const { alerts, pass } = await makeStage(t, [sink])
  const event = (state: 'open' | 'half_open' | 'closed'): ClientEvent => ({
    ...place,
    is: 'breaker',
    operation: '',
    state,
  })
  alerts.observe(event('open'))
  await pass(hour)
  alerts.observe(event('half_open'))
  assert.deepEqual(told(), [[' firing']])
  alerts.observe(event('closed'))
  await pass(4 * minute)
  assert.equal(told().length, 1)
  await pass(minute)
  assert.deepEqual(told()[1], [' resolved'])
})

test('an item that is dead, one that waits for a person and an outbox that stands still are alerts, kept in its file', async t => {
  const { sink, told } = makeSink()
  const path = join(makeFolder(t), 'outbox.db')
  const { alerts, clock } = await makeStage(t, [sink], { path })
  const scripts = [
    answer(400, refusal(1009, 'Unsupported key x')),
    answer(429, refusal(2002, 'Rate limit exceeded')),
  ]
  const server = await HostileServer.start(t, (socket, asked) => {
    if (asked.path.startsWith('/v3/push/cid'))
      return answer(200, { cidlist: cidlist.map(one => one + server.asked.length) })(socket, asked)
    if (asked.path.endsWith('/token')) return answer(200, token)(socket, asked)
    if (asked.path.includes('/messages/')) return answer(502, 'x')(socket, asked)
    return (scripts.length > 1 ? scripts.shift()! : scripts[0]!)(socket, asked)
  })
  const shared = { baseUrl: server.url, retry: { attempts: 1 } }
  const jpush = new JpushClient({ ...shared, appKey: 'k', masterSecret: 's' })
  const easemob = new EasemobClient({ ...shared, org: 'acme', app: 'chat', clientId: 'c', clientSecret: 's' })
  const outbox = new Outbox({
    path,
    jpush,
    easemob,
    clock,
    observer: alerts.observe,
  })
  t.after(() => outbox.close())
  await outbox.send({ kind: 'push', push })
  const find = (rule: string) => alerts.firing.find(alert => alert.rule === rule)
  await until(() => find('dead'))
  assert.deepEqual(
    [find('dead')?.id, find('dead')?.operation, find('dead')?.severity],
    ['unsupported_key', 'POST /v3/push', 'page'],
  )
  await outbox.send({
    kind: 'message',
    message: { to: { users: ['bob'] }, type: 'txt', body: { msg: 'hello' } },
  })
  await until(() => find('undecided'))
  assert.equal(find('undecided')?.id, 'status_502')
  await outbox.send({ kind: 'push', push })
  await until(async () => (await outbox.count()).waiting === 1)
  clock.advance(15 * minute + 1)
  await until(() => find('outbox_age'))
  assert.equal(find('outbox_age')!.text, '15 min')
  await until(() => told().flat().length >= 3)
})

test('rules are data: one put first decides, one left out is silent, one may want several in a window', async t => {
  const { sink, got } = makeSink()
  const slow: AlertRule = {
    name: 'slow',
    severity: 'ticket',
    matches: event => event.is === 'call' && event.ms > 2_000,
    threshold: 3,
    windowMs: minute,
  }
  const known: AlertRule = {
    name: 'known',
    severity: 'none',
    matches: event => event.operation === 'GET /known',
  }
  const rules = [known, slow, ...alertRules.filter(({ name }) => name !== 'gone')]
  const { alerts, pass } = await makeStage(t, [sink], { rules })
  alerts.observe(refused('GET /known'))
  alerts.observe(refused('a', { class: 'gone', advice: 'never', id: 'retired' }))
  const { error: _error, ...call } = refused('GET /slow')
  const ok: CallEvent = { ...call, outcome: 'accepted', id: 'ok', ms: 3_000 }
  alerts.observe(ok)
  alerts.observe(ok)
  await pass(minute)
  alerts.observe(ok)
  alerts.observe(ok)
  assert.deepEqual([alerts.firing, got], [[], []])
  alerts.observe(ok)
  assert.deepEqual(
    alerts.firing.map(({ rule, id }) => [rule, id]),
    [['slow', 'slow']],
  )
})

test('what waits when the alerts are closed is tried once more; on the disk it is kept, else it is a line', async t => {
  const own = makeSink()
  const path = join(makeFolder(t), 'alerts.db')
  own.fail(new SinkError('away'))
  const { alerts, open, lines, pass } = await makeStage(t, [own.sink], { path })
  alerts.observe(refused())
  await until(() => own.tries() === 1)
  assert.deepEqual(await alerts.close(), { kept: 1, lost: 0 })
  assert.equal(own.tries(), 2)
  const forgetful = makeSink('forgetful')
  forgetful.fail(new SinkError('away'))
  const inMemory = await openAlerts({
    sinks: [forgetful.sink],
    logger: {
      info() {},
      warn() {},
      error: (fields, text) => void lines.push({ level: 'error', fields, text }),
    },
  })
  inMemory.observe(refused())
  await until(() => forgetful.tries() === 1)
  assert.deepEqual(await inMemory.close(), { kept: 0, lost: 1 })
  assert.match(
    JSON.stringify(lines.filter(({ text }) => text === 'an alert is lost')),
    /credentials_wrong firing/,
  )
  own.fail(undefined)
  const again = await open()
  t.after(() => again.close())
  await pass(minute)
  await until(() => own.got.length === 1)
  assert.equal(own.got[0]!.alerts[0]!.id, 'credentials_wrong')
})

test('a restart tells nobody twice, and the end of what was told before it is told after it', async t => {
  const { sink, told } = makeSink()
  const path = join(makeFolder(t), 'alerts.db')
  const { alerts, open, pass } = await makeStage(t, [sink], { path })
  alerts.observe(refused())
  await until(() => told().length === 1)
  await alerts.close()
  const again = await open()
  t.after(() => again.close())
  again.observe(refused())
  await pass(minute)
  assert.equal(told().length, 1)
  await pass(6 * minute)
  assert.deepEqual(told(), [['POST /v3/push firing'], ['POST /v3/push resolved']])
})

test('processes that share a file tell a trouble once, and its end when neither has it any more', async t => {
  const { sink, told } = makeSink()
  const path = join(makeFolder(t), 'shared.db')
  const { alerts, open, pass } = await makeStage(t, [sink], { path })
  const other = await open()
  t.after(() => other.close())
  for (let nth = 0; nth < 10; nth++) {
    alerts.observe(refused())
    if (nth < 2) other.observe(refused())
    await pass(minute)
  }
  assert.deepEqual(told(), [['POST /v3/push firing']])
  await pass(6 * minute)
  assert.deepEqual(told(), [['POST /v3/push firing'], ['POST /v3/push resolved']])
})

test('kill -9 loses no alert that was not taken yet, and one whose answer was lost comes again under its id', async t => {
  for (const isTaken of [false, true]) {
    const path = join(makeFolder(t), 'alerts.db')
    let killed: ChildProcess | undefined
    const server = await HostileServer.start(t, (socket, asked) => {
      if (isTaken) killed?.kill('SIGKILL')
      answer(killed && !isTaken ? 503 : 204, '')(socket, asked)
    })
    const child = join(import.meta.dirname, 'alerts-child.ts')
    const nowhere = `http://127.0.0.1:${await closedPort()}`
    killed = spawn(process.execPath, [child, path, server.url, nowhere], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await until(() => server.asked.length > 0)
    killed.kill('SIGKILL')
    if (killed.signalCode === null) await once(killed, 'exit')
    killed = undefined
    const before = server.asked.length
    const { alerts } = await makeStage(t, [webhookSink({ url: server.url })], { path, clock: laterClock() })
    await until(() => alerts.figures.sent.webhook === 1)
    assert.equal(server.asked.length, before + 1)
    const { data } = JSON.parse(server.asked.at(-1)!.body)
    assert.deepEqual([data.alerts[0].id, data.alerts[0].rule], ['connection_not_connected', 'system'])
    assert.equal(server.asked.at(-1)!.headers['webhook-id'], server.asked[0]!.headers['webhook-id'])
  }
})

/** Some time after the kill: nobody has a lease any more, and the trouble is not over yet. */
function laterClock(): ManualClock {
  const clock = new ManualClock()
  clock.advance(Date.now() + 2 * minute - clock.now())
  return clock
}

test('a disk that fails keeps nobody from being told', async t => {
  const { sink, told } = makeSink()
  const path = join(makeFolder(t), 'alerts.db')
  const { alerts, lines } = await makeStage(t, [sink], { path })
  const db = new DatabaseSync(path)
  db.exec('DROP TABLE alert_records')
  db.close()
  alerts.observe(refused())
  await until(() => told().length === 1)
  assert.match(lines.find(({ level }) => level === 'error')!.text, /cannot be read or written/)
  assert.deepEqual(await alerts.close(), { kept: 0, lost: 0 })
})

test('an address and a key of a webhook are in no line, whatever it answers', async t => {
  const secret = 'SEC0123456789abcdef'
  const accessToken = 'f3a9c1d2e4b5'
  const echo: Script = (socket, asked) => answer(500, `${asked.path} ${asked.body}`)(socket, asked)
  const server = await HostileServer.start(
    t,
    echo,
    answer(200, { errcode: 310000, errmsg: `no ${accessToken}` }),
  )
  const url = `${server.url}/robot/send?access_token=${accessToken}`
  const nowhere = `http://127.0.0.1:${await closedPort()}/robot/send?access_token=${accessToken}`
  const sinks = [dingtalkSink({ url, secret }), dingtalkSink({ name: 'other', url: nowhere, secret })]
  const { alerts, lines, pass } = await makeStage(t, sinks)
  alerts.observe(refused())
  await until(() => lines.filter(({ level }) => level === 'warn').length === 2)
  await pass(minute)
  await until(() => lines.some(({ level }) => level === 'error'))
  assert.doesNotMatch(JSON.stringify(lines), new RegExp(`${accessToken}|${secret}|sign=`))
})

test('a sink whose answer does not come holds no close up, and no call waits for it', async t => {
  const silent: AlertSink = { name: 'silent', send: () => new Promise(() => {}) }
  const { alerts } = await makeStage(t, [silent], { path: join(makeFolder(t), 'alerts.db') })
  alerts.observe(refused())
  assert.deepEqual(await alerts.close({ timeoutMs: 0 }), { kept: 1, lost: 0 })
  await assert.rejects(openAlerts({ sinks: [silent, silent] }), TypeError)
})

test('an observer that throws breaks no call', async t => {
  const server = await HostileServer.start(t, answer(200, token), answer(200, { data: { bob: '1' } }))
  const lines: string[] = []
  const logger = { info() {}, warn() {}, error: (_: object, text: string) => void lines.push(text) }
  const observer = () => {
    throw new Error('no')
  }
  const app = { org: 'acme', app: 'chat', clientId: 'c', clientSecret: 's' }
  const client = new EasemobClient({ baseUrl: server.url, ...app, observer, logger })
  await sendMessage(client, { to: { users: ['bob'] }, type: 'txt', body: { msg: 'hello' } })
  assert.equal(new Set(lines).size, 1)
})
