// The decision table of contract.md §4.3, row by row: what each event is taken for, and what follows it. An attempt says of
// itself why another one follows, or none.
import assert from 'node:assert/strict'
import { type AddressInfo, createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import {
  createGroup,
  downloadFile,
  EasemobClient,
  getGroups,
  getUser,
  registerUser,
  registerUsers,
} from '../src/easemob.ts'
import { connectWithin, type PosthouseError, shareBudget } from '../src/index.ts'
import {
  getDevice,
  JpushClient,
  JpushDeveloperClient,
  listSchedules,
  listUsers,
  sendBatch,
  sendPush,
  updateDevice,
} from '../src/jpush.ts'
import { deleteApp } from '../src/jpush-admin.ts'
import { easemob, easemobRefusal, failureOf, jpush, push, refusal, token } from './clients.ts'
import { FakeClock } from './fake-clock.ts'
import { answer, closedPort, HostileServer, reset, type Script, silence } from './hostile-server.ts'

type Kind = 'read' | 'push' | 'change' | 'send' | 'creation'

/** What follows each attempt, in words: `transient`, or where none follows why. */
const stepsOf = ({ attempts }: PosthouseError) => attempts.map(({ retry, stopped }) => retry ?? stopped)

const calls: Readonly<
  Record<
    'jpush' | 'easemob',
    Readonly<Partial<Record<Kind, (t: TestContext, script: Script) => Promise<PosthouseError>>>>
  >
> = {
  jpush: {
    read: async (t, script) => failureOf((await jpush(t, [script])).read()),
    push: async (t, script) => failureOf((await jpush(t, [script])).send()),
    change: async (t, script) => {
      const { client } = await jpush(t, [script])
      return failureOf(updateDevice(client, { registrationId: '1a', alias: 'ann' }))
    },
  },
  easemob: {
    read: async (t, script) => failureOf(getUser((await easemob(t, [script])).client, { username: 'ann' })),
    send: async (t, script) => failureOf((await easemob(t, [script])).send()),
    creation: async (t, script) => {
      const { client } = await easemob(t, [script])
      return failureOf(createGroup(client, { groupname: 'ops', owner: 'ann', public: true }))
    },
  },
}

const thrice = (reason: string) => [reason, reason, 'attempts']

type Row = readonly [
  event: string,
  dialect: 'jpush' | 'easemob',
  kinds: readonly Kind[],
  script: Script,
  outcome: string,
  steps: readonly string[],
]

const rows: readonly Row[] = [
  ['a reset', 'jpush', ['read', 'push', 'change'], reset, 'unknown', thrice('transient')],
  ['a reset', 'easemob', ['read', 'send'], reset, 'unknown', thrice('transient')],
  ['a reset', 'easemob', ['creation'], reset, 'unknown', ['unrepeatable']],
  ['200 that is no JSON', 'jpush', ['push'], answer(200, '<html>'), 'unknown', ['unrepeatable']],
  ['200 that is no JSON', 'easemob', ['send'], answer(200, '<html>'), 'unknown', ['unrepeatable']],
  ['200 with an error', 'jpush', ['push'], answer(200, refusal(1011, 'x')), 'rejected', ['refused']],
  [
    '200 with an error',
    'easemob',
    ['send'],
    answer(200, easemobRefusal('illegal_argument', 'x')),
    'rejected',
    ['refused'],
  ],
  ['a redirect', 'jpush', ['push'], answer(302, ''), 'not_sent', ['refused']],
  ['a redirect', 'easemob', ['send'], answer(307, ''), 'not_sent', ['refused']],
  ['400', 'jpush', ['push'], answer(400, refusal(1003, 'x')), 'rejected', ['refused']],
  ['400', 'easemob', ['send'], answer(400, easemobRefusal('illegal_argument', 'x')), 'rejected', ['refused']],
  ['401', 'jpush', ['push'], answer(401, refusal(1004, 'Authen failed')), 'rejected', ['refused']],
  [
    '401',
    'easemob',
    ['send'],
    answer(
      401,
      easemobRefusal('auth_bad_access_token', 'Unable to authenticate due to corrupt access token'),
    ),
    'rejected',
    ['refresh', 'refused'],
  ],
  ['403', 'jpush', ['push'], answer(403, refusal(2003, 'x')), 'rejected', ['refused']],
  ['404', 'jpush', ['read'], answer(404, refusal(8104, 'x')), 'rejected', ['refused']],
  ['405', 'jpush', ['push'], answer(405, refusal(1001, 'x')), 'rejected', ['refused']],
  ['410', 'jpush', ['push'], answer(410, 'x'), 'rejected', ['refused']],
  ['501', 'easemob', ['send'], answer(501, 'x'), 'rejected', ['refused']],
  ['408', 'jpush', ['push'], answer(408, 'x'), 'rejected', thrice('transient')],
  ['408', 'easemob', ['send', 'creation'], answer(408, 'x'), 'rejected', thrice('transient')],
  [
    '409',
    'easemob',
    ['send'],
    answer(409, easemobRefusal('concurrent_operation_error', 'concurrency create app user failed')),
    'rejected',
    thrice('throttled'),
  ],
  ['413', 'easemob', ['send'], answer(413, 'x'), 'rejected', ['refused']],
  [
    '413 for a while',
    'easemob',
    ['send'],
    answer(413, 'x', { 'Retry-After': '2' }),
    'rejected',
    thrice('throttled'),
  ],
  ['429', 'jpush', ['push'], answer(429, refusal(2002, 'x')), 'rejected', thrice('throttled')],
  [
    '429',
    'easemob',
    ['send', 'creation'],
    answer(429, easemobRefusal('reach_limit', 'x')),
    'rejected',
    thrice('throttled'),
  ],
  [
    '429 of the plan',
    'easemob',
    ['send'],
    answer(429, easemobRefusal('resource_limited', 'x')),
    'rejected',
    ['refused'],
  ],
  [
    '403 of the rate of messages',
    'easemob',
    ['send'],
    answer(403, easemobRefusal('message_send_error', 'message send reach limit')),
    'rejected',
    thrice('throttled'),
  ],
  [
    '500',
    'jpush',
    ['read', 'push', 'change'],
    answer(500, refusal(1000, 'x')),
    'unknown',
    thrice('transient'),
  ],
  ['500', 'easemob', ['read'], answer(500, 'x'), 'unknown', thrice('transient')],
  ['500', 'easemob', ['send', 'creation'], answer(500, 'x'), 'unknown', ['unrepeatable']],
  [
    'a documented 500',
    'easemob',
    ['read', 'send'],
    answer(500, easemobRefusal('web_application', 'javax.ws.rs.WebApplicationException')),
    'rejected',
    ['refused'],
  ],
  ['502', 'jpush', ['read', 'push'], answer(502, 'x'), 'unknown', thrice('transient')],
  ['504', 'easemob', ['read'], answer(504, 'x'), 'unknown', thrice('transient')],
  ['502', 'easemob', ['send', 'creation'], answer(502, 'x'), 'unknown', ['unrepeatable']],
  [
    '503 of its timeout',
    'jpush',
    ['push'],
    answer(503, refusal(1030, 'Internal service timeout')),
    'unknown',
    thrice('transient'),
  ],
  [
    '503 of being busy',
    'jpush',
    ['read'],
    answer(503, refusal(7030, 'System busy, please retry later')),
    'rejected',
    thrice('throttled'),
  ],
  ['503 that says nothing', 'easemob', ['send'], answer(503, '<html>'), 'rejected', thrice('throttled')],
  ['an unknown 4xx', 'easemob', ['send'], answer(418, 'x'), 'rejected', ['refused']],
  ['an unknown 5xx', 'easemob', ['read'], answer(599, 'x'), 'unknown', thrice('transient')],
  ['an unknown 5xx', 'easemob', ['send'], answer(599, 'x'), 'unknown', ['unrepeatable']],
]

for (const [event, dialect, kinds, script, outcome, steps] of rows) {
  test(`${event} (${dialect}, ${kinds.join(', ')}): ${outcome}, ${steps.join(', ')}`, async t => {
    for (const kind of kinds) {
      const failure = await calls[dialect][kind]!(t, script)
      assert.deepEqual([failure.outcome, ...stepsOf(failure)], [outcome, ...steps], kind)
    }
  })
}

test('a server that is not reached is tried twice more for nothing, then as any other', async t => {
  const { send } = await jpush(t, [silence], { baseUrl: `http://127.0.0.1:${await closedPort()}` })
  const failure = await failureOf(send())
  assert.deepEqual(stepsOf(failure), ['unsent', 'unsent', 'unsent', 'unsent', 'attempts'])
})

test('each of several addresses was not reached', async t => {
  const { send } = await jpush(t, [silence], { baseUrl: `http://localhost:${await closedPort()}` })
  assert.equal((await failureOf(send())).id, 'connection_not_connected')
})

test('the breaker counts what says that a host is unwell, and nothing else', async t => {
  const code = (status: number, error: string) => answer(status, easemobRefusal(error, 'x'))
  const events: readonly (readonly ['jpush' | 'easemob', boolean, Script])[] = [
    ...[
      reset,
      silence,
      answer(500, 'x'),
      answer(502, 'x'),
      answer(504, 'x'),
      answer(503, 'x'),
      answer(599, 'x'),
    ].map(script => ['jpush', true, script] as const),
    ...[400, 401, 403, 404, 405, 408, 410, 413, 418, 429, 501].map(
      status => ['jpush', false, answer(status, '<html>')] as const,
    ),
    ['easemob', true, answer(500, 'x')],
    ['easemob', false, answer(500, easemobRefusal('web_application', 'javax.ws.rs.WebApplicationException'))],
    ['easemob', false, answer(503, 'x')],
    ['easemob', false, code(503, 'reach_limit')],
    ['easemob', false, answer(403, easemobRefusal('message_send_error', 'message send reach limit'))],
  ]
  for (const [dialect, counts, script] of events) {
    const states: string[] = []
    const options = {
      onBreaker: (state: string) => states.push(state),
      breaker: { callsMin: 1 },
      retry: { attempts: 1 },
      timeouts: { attemptMs: script === silence ? 20 : 10_000 },
    }
    const { send, server } = await (dialect === 'jpush'
      ? jpush(t, [script], options)
      : easemob(t, [script], options))
    const { id } = await failureOf(send())
    server.close()
    assert.deepEqual(states, counts ? ['open'] : [], `${dialect} ${id}`)
  }
})

test('in the live edition a 503 may have been executed, and is the server’s trouble', async t => {
  const states: string[] = []
  const onBreaker = (state: string) => states.push(state)
  const options = { edition: 'live', onBreaker, breaker: { callsMin: 2 } } as const
  const { send, calls } = await easemob(t, [answer(503, '<html>')], options)
  const failure = await failureOf(send())
  assert.deepEqual(
    [failure.class, failure.outcome, ...stepsOf(failure)],
    ['unavailable', 'unknown', 'unrepeatable'],
  )
  await failureOf(send())
  assert.deepEqual([states, calls().length], [['open'], 2])
  const limit = easemobRefusal('reach_limit', 'This request has reached api limit')
  const limited = await failureOf((await easemob(t, [answer(503, limit)], { edition: 'live' })).send())
  assert.deepEqual([limited.class, limited.outcome], ['throttled', 'rejected'])
})

test('what an attempt may have done is not denied by what kept the next one from being made', async t => {
  const limited = answer(429, refusal(2002, 'x'), { 'Retry-After': '3600' })
  const { send } = await jpush(t, [reset, limited])
  const failure = await failureOf(send())
  assert.deepEqual(
    [failure.id, failure.outcome, ...stepsOf(failure)],
    ['rate_limited', 'unknown', 'transient', 'deadline'],
  )
  const opened = await jpush(t, [reset], { breaker: { callsMin: 1 } })
  assert.deepEqual(
    [(await failureOf(opened.send())).id, (await failureOf(opened.send())).outcome],
    ['breaker_open', 'not_sent'],
  )
  const broken = await jpush(t, [reset], { breaker: { callsMin: 1 } })
  assert.equal((await failureOf(broken.send())).outcome, 'unknown')
  // Under a cid a refusal of the whole speaks for the attempts before.
  const refused = await jpush(t, [reset, answer(400, refusal(1003, 'x'))])
  assert.equal((await failureOf(refused.send())).outcome, 'rejected')
})

test('an attempt says how long it was held back, and whose wait follows', async t => {
  const left = { 'X-Rate-Limit-Limit': '600', 'X-Rate-Limit-Remaining': '5', 'X-Rate-Limit-Reset': '6' }
  const seen: object[] = []
  const { read } = await jpush(
    t,
    [
      answer(200, { tags: [], alias: '' }, left),
      answer(500, refusal(7000, 'x')),
      answer(429, refusal(2002, 'x'), { 'Retry-After': '3' }),
      answer(200, { tags: [], alias: '' }),
    ],
    { onAttempt: ({ pacedMs, retry, waitMs, isAsked }) => seen.push({ pacedMs, retry, waitMs, isAsked }) },
  )
  await read()
  await read()
  const own = { pacedMs: 1_000, retry: 'transient', waitMs: 50, isAsked: undefined }
  const asked = { pacedMs: 950, retry: 'throttled', waitMs: 3_150, isAsked: true }
  assert.deepEqual(seen.slice(1, 3), [own, asked])
  assert.equal(seen.length, 4)
})

test('without a cid nothing is sent, unless one may be made here', async t => {
  const script: Script = (socket, asked) =>
    (isCid(asked) ? answer(502, '') : answer(200, { sendno: '0', msg_id: '7' }))(socket, asked)
  const isCid = ({ path }: { readonly path: string }) => path.startsWith('/v3/push/cid')
  const { cid: _cid, ...keyless } = push
  const { client, server } = await jpush(t, [script])
  const failure = await failureOf(sendPush(client, { push: keyless }))
  assert.deepEqual([failure.operation, failure.outcome], ['GET /v3/push/cid', 'not_sent'])
  assert.ok(server.asked.every(isCid))
  const local = await jpush(t, [script], { cids: { allowLocalCid: true } })
  assert.equal((await sendPush(local.client, { push: keyless })).msg_id, '7')
  const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'
  const { body } = local.server.asked.find(each => !isCid(each))!
  assert.match(JSON.parse(body).cid, new RegExp(`^a1b2c3d4e5f60718293a4b5c-${uuid}$`))
})

test('a registration that is too large is split, and one whose answer was lost is looked up', async t => {
  const { client, calls } = await easemob(t, [
    (socket, asked) => {
      const users = JSON.parse(asked.body) as { username: string }[]
      if (users.length > 20) return answer(413, 'x')(socket, asked)
      return answer(200, { entities: users })(socket, asked)
    },
  ])
  const users = Array.from({ length: 70 }, (_, nth) => ({ username: `u${nth}`, password: 'x' }))
  const made = await registerUsers(client, { users })
  assert.deepEqual(
    made.users.map(({ username }) => username),
    users.map(({ username }) => username),
  )
  assert.deepEqual(
    calls().map(({ body }) => JSON.parse(body).length),
    [60, 30, 15, 15, 30, 15, 15, 10],
  )
  const taken = answer(
    400,
    easemobRefusal(
      'duplicate_unique_property_exists',
      'Application nullEntity user requires that property named username be unique, value of u1 exists',
    ),
  )
  const found: Script = (socket, asked) =>
    answer(200, { entities: [{ username: asked.path.split('/').at(-1) }] })(socket, asked)
  const lost = await easemob(t, [reset, taken, found])
  const two = await registerUsers(lost.client, { users: users.slice(0, 2) })
  assert.deepEqual(two.users.map(({ username }) => username).toSorted(), ['u0', 'u1'])
  // One of them is not there: then it was not this call that took the other name.
  const missing = answer(404, easemobRefusal('service_resource_not_found', 'Service resource not found'))
  const other = await easemob(t, [reset, taken, found, missing])
  assert.equal((await failureOf(registerUsers(other.client, { users: users.slice(0, 2) }))).id, 'user_exists')
  const alone = await easemob(t, [reset, taken, missing])
  assert.equal((await failureOf(registerUser(alone.client, { user: users[0]! }))).class, 'missing')
})

test('of failures in the same words that is meant which a new token cures, then the other; of a file its secret', async t => {
  const corrupt = answer(
    401,
    easemobRefusal('auth_bad_access_token', 'Unable to authenticate due to corrupt access token'),
  )
  const { client, tokens } = await easemob(t, [corrupt])
  const failure = await failureOf(getUser(client, { username: 'ann' }))
  assert.deepEqual(
    [failure.attempts[0]!.id, failure.id, tokens()],
    ['token_corrupt', 'token_insufficient', 2],
  )
  const own = await failureOf(getUser(client.asUser('YWMtx'), { username: 'ann' }))
  assert.deepEqual([own.id, own.advice, own.attempts.length], ['token_corrupt', 'refresh-auth', 1])
  const file = await failureOf(downloadFile(client, { fileId: 'f', secret: 'wrong' }))
  assert.deepEqual([file.id, ...stepsOf(file)], ['file_secret_wrong', 'refresh', 'refused'])
  const gone = answer(404, easemobRefusal('service_resource_not_found', 'Service resource not found'))
  const other = (await easemob(t, [gone])).client
  const ids = [
    getGroups(other, { groupIds: ['7'] }),
    downloadFile(other, { fileId: 'f' }),
    getUser(other, { username: 'ann' }),
  ]
  assert.deepEqual(
    (await Promise.all(ids.map(failureOf))).map(({ id }) => id),
    ['group_unknown', 'file_unknown', 'user_unknown'],
  )
})

test('a call whose time a token has taken is not sent', async t => {
  const clock = new FakeClock()
  const server = await HostileServer.start(t, (socket, asked) => {
    clock.time += 30_000
    answer(200, token)(socket, asked)
  })
  const base = { baseUrl: server.url, org: 'acme', app: 'chat', clientId: 'a', clientSecret: 'b', clock }
  const failure = await failureOf(getUser(new EasemobClient(base), { username: 'ann' }))
  assert.deepEqual([failure.class, failure.outcome, failure.stopped], ['timeout', 'not_sent', 'deadline'])
  assert.equal(server.asked.length, 1)
})

test('without an address JPush’s own hosts are called, each for what it is for', async () => {
  const hosts: string[] = []
  const seen: typeof fetch = async (input, { method } = {}) => {
    const { host, pathname } = new URL(String(input))
    hosts.push(`${method} ${host}${pathname}`)
    return new Response(
      JSON.stringify({ msg_id: '1', items: [], tags: [], alias: '', schedules: [], success: 'x' }),
    )
  }
  const client = new JpushClient({ appKey: 'k', masterSecret: 's', fetch: seen })
  await sendPush(client, { push })
  await getDevice(client, { registrationId: '1a' })
  await listUsers(client, { unit: 'DAY', start: '2026-01-05', duration: 1 })
  await listSchedules(client)
  await deleteApp(new JpushDeveloperClient({ devKey: 'k', devSecret: 's', fetch: seen }), { appKey: 'a' })
  assert.deepEqual(hosts, [
    'POST api.jpush.cn/v3/push',
    'GET device.jpush.cn/v3/devices/1a',
    'GET report.jpush.cn/v3/users',
    'GET api.jpush.cn/v3/schedules',
    'POST admin.jpush.cn/v1/app/a/delete',
  ])
})

test('a batch has a cid for each item, and is repeated under them', async t => {
  const { client, server } = await jpush(
    t,
    [
      answer(200, { cidlist: ['a', 'b'] }),
      answer(502, ''),
      answer(200, { a: { msg_id: '1' }, b: { msg_id: '2' } }),
    ],
    { cids: { refillAt: -1 } },
  )
  const { audience: _audience, cid: _cid, ...content } = push
  const items = ['ann', 'bob'].map(target => ({ ...content, target }))
  const results = await sendBatch(client, { items, by: 'alias' })
  assert.deepEqual(
    results.map(({ cid, result }) => [cid, 'msg_id' in result && result.msg_id]),
    [
      ['a', '1'],
      ['b', '2'],
    ],
  )
  assert.equal(server.asked[1]!.body, server.asked[2]!.body)
})

test('no more than nine tenths of what the vendor documents is spent, where that is asked for', async t => {
  const { clock, client } = await easemob(t, [answer(200, { entities: [{}] })], { rates: 'documented' })
  const startedAt = clock.now()
  for (let nth = 0; nth < 91; nth++) await getUser(client, { username: `u${nth}` })
  assert.deepEqual([clock.waits, clock.now() - startedAt], [[1_000], 1_000])
  const server = await HostileServer.start(t, answer(200, { tags: [], alias: '' }))
  const base = { baseUrl: server.url, appKey: 'k', masterSecret: 's', clock: new FakeClock() }
  const own = new JpushClient({ ...base, rates: { device: [{ max: 2, perMs: 60_000 }] } })
  await getDevice(own, { registrationId: '1a' })
  const paced = await failureOf(getDevice(own, { registrationId: '1a' }))
  assert.deepEqual(
    [paced.id, paced.outcome, paced.stopped, paced.retryAfterMs],
    ['paced_out', 'not_sent', 'deadline', 60_000],
  )
})

test('retries may be a share of what succeeds instead', async t => {
  const fine = answer(200, { tags: [], alias: '' })
  const clock = new FakeClock()
  const quota = () => shareBudget({ share: 0.5, perSecond: 0, clock })
  const { read, client } = await jpush(t, [fine, fine, answer(502, '')], { clock, quota })
  await read()
  await read()
  const failure = await failureOf(read())
  assert.deepEqual(stepsOf(failure), ['transient', 'quota'])
  assert.deepEqual(client.stateOf('push').retryQuota, { read: 0, write: 0 })
})

test('a connection that is not made in its time was not used: nothing was sent', async t => {
  const taken = createServer(() => {})
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
  t.after(() => taken.close())
  // It accepts, and never answers the handshake.
  const baseUrl = `https://127.0.0.1:${(taken.address() as AddressInfo).port}`
  const options = { baseUrl, fetch: connectWithin(50), retry: { attempts: 1, unsentRetries: 0 } }
  const { send } = await jpush(t, [silence], options)
  const failure = await failureOf(send())
  assert.deepEqual([failure.id, failure.outcome], ['connection_not_connected', 'not_sent'])
  assert.match(failure.attempts[0]!.detail!, /CONNECT_TIMEOUT/)
})
