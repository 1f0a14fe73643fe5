// Every answer of contract.md §8.2, from a real server that misbehaves.
import assert from 'node:assert/strict'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { appleCertificate } from '../../test/peers/apple-certificates.ts'
import { peerCertificate } from '../../test/peers/certificate.ts'
import {
  addMember,
  createGroup,
  deleteGroup,
  downloadFile,
  EasemobClient,
  getUser,
  registerUser,
  removeMember,
  sendMessage,
  setUserAttributes,
} from '../src/easemob.ts'
import { PosthouseError } from '../src/index.ts'
import { getDevice, JpushClient, sendPush } from '../src/jpush.ts'
import {
  clientSecret,
  easemob,
  easemobRefusal,
  failureOf,
  isToken,
  jpush,
  masterSecret,
  push,
  refusal,
  shortOf,
  token,
} from './clients.ts'
import { FakeClock } from './fake-clock.ts'
import { answer, bytes, closedPort, HostileServer, reset, type Script, silence } from './hostile-server.ts'
import { fetchWith, startNameServer } from './name-server.ts'

const sent = { sendno: '0', msg_id: '18100286953954624' }
const device = { tags: [], alias: '', mobile: '' }

test('a gateway’s page instead of an answer is its 502, with the start of the page', async t => {
  const page = '<html><head><title>502 Bad Gateway</title></head></html>'
  for (const script of [answer(502, page, { 'Content-Type': 'text/html' }), answer(502, '')]) {
    const { send, server } = await jpush(t, [script])
    const failure = await failureOf(send())
    assert.deepEqual(shortOf(failure), ['status_502', 'upstream', 'unknown', 3, 'attempts'])
    assert.equal(server.asked.length, 3)
    assert.equal(new Set(server.asked.map(({ body }) => JSON.parse(body).cid)).size, 1)
  }
  const packed = gzipSync(page)
  const { send } = await jpush(t, [
    socket => {
      const head = `HTTP/1.1 502 X\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\nConnection: close\r\n\r\n`
      socket.write(head)
      socket.end(packed)
    },
  ])
  assert.equal((await failureOf(send())).text, page)
})

test('a success that is no JSON may have been executed, and is not repeated', async t => {
  const { send, server } = await jpush(t, [answer(200, '<html>Welcome to the hotel</html>')])
  assert.deepEqual(shortOf(await failureOf(send())), [
    'answer_unreadable',
    'protocol',
    'unknown',
    1,
    undefined,
  ])
  assert.equal(server.asked.length, 1)
})

test('a redirect is not followed: nothing was sent', async t => {
  const { server: other } = await jpush(t, [answer(200, sent)])
  const { send } = await jpush(t, [answer(302, '', { Location: `${other.url}/login` })])
  assert.deepEqual(shortOf(await failureOf(send())), ['status_302', 'config', 'not_sent', 1, undefined])
  assert.equal(other.asked.length, 0)
})

test('half an answer is none: under a cid it is asked for again, else the outcome is unknown', async t => {
  const halves = [
    bytes('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"sendno":'),
    bytes('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"sen\r\nzz\r\n'),
    bytes('HTTP/1.1 200 OK\r\nContent-Le'),
    reset,
  ]
  for (const half of halves) {
    const { send, server } = await jpush(t, [half, answer(200, sent)])
    assert.deepEqual(await send(), sent)
    assert.equal(server.asked.length, 2)
    const parked = await easemob(t, [half, answer(200, { data: { bob: '1' } })], { onUnknown: 'park' })
    const failure = await failureOf(parked.send())
    assert.equal(failure.outcome, 'unknown')
    assert.equal(parked.calls().length, 1)
    assert.ok(failure.key)
  }
  const { send } = await jpush(t, [answer(200, '{"sendno":"0","msg')])
  assert.equal((await failureOf(send())).outcome, 'unknown')
})

test('an error under 200 is an error', async t => {
  const { send } = await jpush(t, [answer(200, refusal(1011, 'cannot find user by this audience'))])
  const failure = await failureOf(send())
  assert.deepEqual(shortOf(failure), ['audience_empty', 'request', 'rejected', 1, undefined])
  assert.equal(failure.code, '1011')
})

test('any status of the two hundreds is a success; one that lacks what is promised is none', async t => {
  for (const status of [200, 201, 202, 299]) {
    const { send } = await jpush(t, [answer(status, sent)])
    assert.deepEqual(await send(), sent)
  }
  const { send } = await jpush(t, [answer(200, {})])
  assert.deepEqual(shortOf(await failureOf(send())), [
    'answer_incomplete',
    'protocol',
    'unknown',
    1,
    undefined,
  ])
  const { send: sendToo } = await jpush(t, [bytes('HTTP/1.1 204 X\r\nConnection: close\r\n\r\n')])
  assert.equal((await failureOf(sendToo())).id, 'answer_incomplete')
})

const limited = refusal(2002, 'Rate limit exceeded')

test('Retry-After is waited for, never shorter; what is longer than a call may wait is left to the caller', async t => {
  const cases: readonly (readonly [header: string | undefined, waited: number | undefined])[] = [
    ['5', 5_250],
    ['0', 750],
    ['-1', 750],
    ['soon', 750],
    [undefined, 750],
    ['3600', undefined],
    ['99999999999', undefined],
  ]
  for (const [header, waited] of cases) {
    const headers = header === undefined ? {} : { 'Retry-After': header }
    const { send, clock } = await jpush(t, [answer(429, limited, headers), answer(200, sent)])
    if (waited === undefined) {
      const failure = await failureOf(send())
      assert.deepEqual(shortOf(failure), ['rate_limited', 'throttled', 'rejected', 1, 'deadline'])
      assert.ok(failure.retryAfterMs! >= Number(header) * 1_000)
      continue
    }
    assert.deepEqual(await send(), sent)
    assert.deepEqual(clock.waits, [waited], header)
  }
})

test('without Retry-After the seconds left in the window are waited for', async t => {
  const headers = { 'X-Rate-Limit-Limit': '600', 'X-Rate-Limit-Remaining': '0', 'X-Rate-Limit-Reset': '8' }
  const { send, clock } = await jpush(t, [answer(429, limited, headers), answer(200, sent)])
  assert.deepEqual(await send(), sent)
  assert.ok(clock.waits[0]! >= 8_000)
})

test('the headers of a limit say nothing of a failure that is none', async t => {
  const headers = { 'X-Rate-Limit-Limit': '600', 'X-Rate-Limit-Remaining': '599', 'X-Rate-Limit-Reset': '60' }
  const unwell = answer(503, refusal(1030, 'Internal service timeout'), headers)
  const { send, clock } = await jpush(t, [unwell, answer(200, sent, headers)])
  assert.deepEqual(await send(), sent)
  assert.deepEqual(clock.waits, [50])
  const { send: sendToo } = await jpush(t, [answer(400, refusal(1009, 'Unsupported key x'), headers)])
  assert.equal((await failureOf(sendToo())).retryAfterMs, undefined)
})

test('near the limit the calls left are spread over the window', async t => {
  const headers = { 'X-Rate-Limit-Limit': '600', 'X-Rate-Limit-Remaining': '5', 'X-Rate-Limit-Reset': '6' }
  const { send, clock } = await jpush(t, [answer(200, sent, headers)])
  await send()
  assert.deepEqual(clock.waits, [])
  await send()
  await send()
  assert.deepEqual(clock.waits, [1_000, 1_000])
})

test('a 503 for ever: three attempts a call, then the breaker, then probes', async t => {
  const states: string[] = []
  const { send, server, clock } = await jpush(t, [answer(503, refusal(1030, 'Internal service timeout'))], {
    onBreaker: state => states.push(state),
  })
  for (let nth = 0; nth < 7; nth++) await failureOf(send())
  assert.deepEqual(states, ['open'])
  const asked = server.asked.length
  assert.equal(asked, 20)
  const failure = await failureOf(send())
  assert.deepEqual(shortOf(failure), ['breaker_open', 'unavailable', 'not_sent', 0, 'breaker'])
  assert.ok(failure.retryAfterMs! > 0)
  assert.equal(server.asked.length, asked)
  clock.time += 20_000
  await failureOf(send())
  assert.equal(server.asked.length, asked + 2)
  assert.deepEqual(states, ['open', 'half_open', 'open'])
})

test('retries are paid for: while a server is down they dry up, and a person may allow them again', async t => {
  const { send, server, client } = await jpush(t, [answer(502, '')], {
    quota: { capacity: 30 },
    breaker: { callsMin: 1_000 },
  })
  assert.equal((await failureOf(send())).attempts.length, 3)
  const failure = await failureOf(send())
  assert.deepEqual([failure.attempts.length, failure.stopped], [1, 'quota'])
  assert.deepEqual(client.stateOf('push').retryQuota, { read: 30, write: 2 })
  assert.equal(server.asked.length, 4)
  // Reads pay for their own, and a person may allow the others again.
  assert.equal((await failureOf(getDevice(client, { registrationId: '1a' }))).attempts.length, 3)
  client.resetRetryQuota()
  assert.equal((await failureOf(send())).attempts.length, 3)
})

test('a token that is refused is renewed once, by one request for a hundred calls', async t => {
  const expired = { error: '', error_description: 'Unable to authenticate due to expired access token' }
  const user = { entities: [{ username: 'bob' }] }
  const refused = new Set<string>()
  let tokens = 0
  const server = await HostileServer.start(t, (socket, asked) => {
    if (isToken(asked.path))
      return answer(200, { ...token, access_token: `token-${++tokens}` })(socket, asked)
    const isOld = asked.headers.authorization === 'Bearer token-1'
    if (isOld) refused.add(asked.path)
    return (isOld ? answer(401, expired) : answer(200, user))(socket, asked)
  })
  const base = { baseUrl: server.url, org: 'acme', app: 'chat', clientId: 'YXA6id', clientSecret }
  const client = new EasemobClient(base)
  await Promise.all(Array.from({ length: 100 }, (_, nth) => getUser(client, { username: `u${nth}` })))
  assert.equal(tokens, 2)
  assert.equal(refused.size, 100)
})

test('a token that is refused for ever is renewed once a call, and no more', async t => {
  const unauthorized = { error: 'unauthorized', error_description: 'Unable to authenticate (OAuth)' }
  const { send, tokens, calls } = await easemob(t, [answer(401, unauthorized)])
  const failure = await failureOf(send())
  assert.deepEqual([failure.class, failure.outcome, failure.attempts.length], ['auth', 'rejected', 2])
  assert.deepEqual([tokens(), calls().length], [2, 2])
})

test('credentials that are wrong mean that nothing was sent', async t => {
  const server = await HostileServer.start(
    t,
    answer(400, { error: 'invalid_grant', error_description: 'client_secret does not match' }),
  )
  const base = { baseUrl: server.url, org: 'acme', app: 'chat', clientId: 'YXA6id', clientSecret }
  const failure = await failureOf(getUser(new EasemobClient(base), { username: 'bob' }))
  assert.deepEqual([failure.operation, failure.outcome], ['GET /users/:username', 'not_sent'])
  assert.equal(server.asked.length, 1)
})

test('a send that is too large is split until it fits, and every receiver is told of', async t => {
  const tooLarge = { error: 'Request Entity Too Large', error_description: 'Request Entity Too Large' }
  const { client, calls } = await easemob(t, [
    (socket, asked) => {
      const { to } = JSON.parse(asked.body)
      if (to.length > 150) return answer(413, tooLarge)(socket, asked)
      if (to.includes('u599')) return answer(400, { error: 'x', error_description: 'y' })(socket, asked)
      return answer(200, { data: Object.fromEntries(to.map((name: string) => [name, '1'])) })(socket, asked)
    },
  ])
  const users = Array.from({ length: 600 }, (_, nth) => `u${nth}`)
  const { ids, failed } = await sendMessage(client, { to: { users }, type: 'txt', body: { msg: 'x' } })
  assert.deepEqual([Object.keys(ids).length, failed.length, failed[0]!.receivers.length], [450, 1, 150])
  assert.equal(failed[0]!.error.outcome, 'rejected')
  const marks = calls().map(({ body }) => JSON.parse(body).ext.em_dedupe)
  assert.equal(new Set(marks).size, marks.length)
})

test('of a send in several requests that all failed, one that may have been executed speaks for the whole', async t => {
  const wrong = { error: 'illegal_argument', error_description: 'from is invalid' }
  const { client } = await easemob(t, [answer(400, wrong), answer(504, '')])
  const to = { users: ['ann', 'bob'] }
  const send = sendMessage(client, { to, receiversMax: 1, type: 'txt', body: { msg: 'x' } })
  assert.equal((await failureOf(send)).outcome, 'unknown')
})

test('a limit of the Easemob dialect is waited for at least a second; a limit of the plan is not', async t => {
  const reached = { error: 'message_send_error', error_description: 'message send reach limit' }
  const { send, clock, calls } = await easemob(t, [answer(403, reached), answer(200, { data: { bob: '1' } })])
  await send()
  assert.equal(calls().length, 2)
  assert.ok(clock.waits[0]! >= 1_000)
  const plan = {
    error: 'resource_limited',
    error_description: 'You have exceeded the limit of the Free edition. Please upgrade to higher edition.',
  }
  const limitedByPlan = await easemob(t, [answer(429, plan)])
  const failure = await failureOf(limitedByPlan.send())
  assert.deepEqual([failure.class, failure.attempts.length], ['plan_limit', 1])
})

test('a status that nobody knows is as the first of its class', async t => {
  const { send } = await jpush(t, [answer(418, 'a teapot')])
  assert.deepEqual(shortOf(await failureOf(send())), ['status_418', 'request', 'rejected', 1, undefined])
  const { send: sendToo } = await jpush(t, [answer(599, 'x')])
  assert.deepEqual(shortOf(await failureOf(sendToo())), ['status_599', 'transient', 'unknown', 3, 'attempts'])
})

test('interim answers are passed over', async t => {
  const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(20)
  const body = JSON.stringify(sent)
  const whole = `${early}HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`
  const { send } = await jpush(t, [bytes(whole)])
  assert.deepEqual(await send(), sent)
})

test('an endless body and a dripping one end at their bounds', async t => {
  const { read } = await jpush(t, [
    socket => {
      socket.write('HTTP/1.1 400 X\r\nTransfer-Encoding: chunked\r\n\r\n')
      const block = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`
      const pour = () => {
        while (!socket.destroyed && socket.write(block));
      }
      socket.on('drain', pour)
      pour()
    },
  ])
  const failure = await failureOf(read())
  assert.equal(failure.status, 400)
  assert.ok(failure.text.length <= 512)
  const drip = await jpush(
    t,
    [
      socket => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n')
        const timer = setInterval(() => socket.write('x'), 20)
        socket.on('close', () => clearInterval(timer))
      },
    ],
    { timeouts: { attemptMs: 150 }, retry: { attempts: 1 } },
  )
  assert.deepEqual(shortOf(await failureOf(drip.read())), [
    'connection_timeout',
    'timeout',
    'unknown',
    1,
    'attempts',
  ])
})

test('ids beyond 2^53 keep every digit, strings that look like them stay strings', async t => {
  const text =
    '{"sendno":"0","msg_id":1029457500870543736,"note":"id 1029457500870543736","small":12,"real":1.5e300,"ratio":0.30000000000000004}'
  const { send } = await jpush(t, [answer(200, text)])
  assert.deepEqual(await send(), {
    sendno: '0',
    msg_id: '1029457500870543736',
    note: 'id 1029457500870543736',
    small: 12,
    real: 1.5e300,
    ratio: 0.30000000000000004,
  })
})

test('an error member that is no error object leaves the status to say what it is', async t => {
  for (const body of [
    '{"error":null}',
    '{"error":7}',
    '{"error":{}}',
    '{"error":{"code":"x"},"error":{}}',
    '[]',
  ]) {
    const { send } = await jpush(t, [answer(404, body)])
    assert.deepEqual(
      shortOf(await failureOf(send())),
      ['status_404', 'missing', 'rejected', 1, undefined],
      body,
    )
    const { send: sendToo } = await easemob(t, [answer(404, body)])
    assert.deepEqual((await failureOf(sendToo())).id, 'status_404', body)
  }
})

test('an error in other words is recognised by its code', async t => {
  const { send } = await jpush(t, [answer(400, refusal(1011, '没有找到对应的用户'))])
  assert.equal((await failureOf(send())).id, 'audience_empty')
})

test('a connection that the server closed while it was idle costs no attempt', async t => {
  const served = new WeakSet<object>()
  const server = await HostileServer.start(t, socket => {
    // A connection serves one request; the next finds it closed.
    if (served.has(socket)) return void socket.destroy()
    served.add(socket)
    const body = JSON.stringify(device)
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: keep-alive\r\n\r\n${body}`)
  })
  const clock = new FakeClock()
  const base = { baseUrl: server.url, appKey: 'a1b2c3d4e5f60718293a4b5c', masterSecret, clock }
  const client = new JpushClient({ ...base, retry: { attempts: 1 } })
  for (let nth = 0; nth < 5; nth++) await getDevice(client, { registrationId: '1a' })
  assert.deepEqual(clock.waits, [])
})

test('a certificate that is not trusted, has expired or is another host’s is never tried again', async t => {
  const trusted = peerCertificate()
  const expired = appleCertificate({ notAfter: '20200201000000Z' })
  const names = await startNameServer(t, ['found'])
  const cases = [
    { shown: trusted, host: '127.0.0.1', told: /SELF_SIGNED/ },
    { shown: trusted, host: 'push.test', ca: trusted.cert, told: /ERR_TLS_CERT_ALTNAME_INVALID/ },
    { shown: expired, host: 'push.test', ca: expired.cert, told: /CERT_HAS_EXPIRED/ },
  ]
  for (const { shown, host, ca, told } of cases) {
    const { key, cert } = shown
    const server = createServer({ key, cert }, () => assert.fail('nothing gets here'))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close())
    const baseUrl = `https://${host}:${(server.address() as AddressInfo).port}`
    const given = ca === undefined ? {} : { fetch: await fetchWith(names, { ca }) }
    const { send } = await jpush(t, [silence], { baseUrl, ...given })
    const failure = await failureOf(send())
    assert.deepEqual(shortOf(failure), ['connection_untrusted', 'config', 'not_sent', 1, undefined])
    assert.equal(failure.advice, 'page-a-human')
    assert.match(failure.text, told)
  }
})

test('a server that is not reached is tried more often: nothing was sent', async t => {
  const { send } = await jpush(t, [silence], { baseUrl: `http://127.0.0.1:${await closedPort()}` })
  const refused = await failureOf(send())
  assert.deepEqual(shortOf(refused), ['connection_not_connected', 'network', 'not_sent', 5, 'attempts'])
  assert.match(refused.attempts[0]!.detail!, /ECONNREFUSED/)
  const { send: lost } = await jpush(t, [silence], { baseUrl: 'http://no-such-host.invalid' })
  assert.equal((await failureOf(lost())).outcome, 'not_sent')
})

test('a name that is lost and found again: nothing was sent, and it is tried again', async t => {
  for (const lost of ['no such name', 'failure', 'refused', 'format', 'nothing'] as const) {
    const names = await startNameServer(t, [lost, 'found', lost, lost, 'found'])
    const { server, calls } = await easemob(t, [answer(200, { data: { bob: '1' } })])
    const app = { org: 'acme', app: 'chat', clientId: 'YXA6id', clientSecret, onUnknown: 'park' } as const
    const clock = new FakeClock()
    const base = {
      baseUrl: server.url.replace('127.0.0.1', 'push.test'),
      fetch: await fetchWith(names),
      clock,
    }
    const client = new EasemobClient({ ...base, ...app })
    const message = { to: { users: ['bob'] }, type: 'txt', body: { msg: 'hello' } } as const
    // The name is lost under the request for the token, and under the send.
    assert.deepEqual((await sendMessage(client, message)).ids, { bob: '1' }, lost)
    assert.deepEqual([names.asked(), calls().length, clock.waits.length], [5, 1, 3], lost)
  }
  const names = await startNameServer(t, ['failure'])
  const { send } = await jpush(t, [silence], { baseUrl: 'http://push.test', fetch: await fetchWith(names) })
  const failure = await failureOf(send())
  assert.deepEqual(shortOf(failure), ['connection_not_connected', 'network', 'not_sent', 5, 'attempts'])
  assert.match(failure.attempts[0]!.detail!, /ESERVFAIL/)
})

test('a server whose clock says 2099, before an outage and after it, is waited for as long as it asks', async t => {
  const date = 'Fri, 02 Jan 2099 03:04:05 GMT'
  const busy = answer(503, refusal(7030, 'busy'), {
    Date: date,
    'Retry-After': 'Fri, 02 Jan 2099 03:04:10 GMT',
  })
  const ended = answer(503, refusal(7030, 'busy'), { Date: date, 'Retry-After': date })
  const { send, clock } = await jpush(t, [busy, ended, answer(200, sent, { Date: date })])
  assert.deepEqual(await send(), sent)
  // Five seconds, and up to a tenth more; then its own back-off, since the moment that is named has come.
  assert.deepEqual(clock.waits, [5_250, 100])
  const stamp = Date.parse(date)
  const data = { data: { bob: '1' }, timestamp: stamp, duration: 0 }
  const away = answer(502, '<html>', { Date: date })
  const chat = await easemob(t, [answer(200, data), away, away, answer(200, data)], { isPosthouse: true })
  for (let nth = 0; nth < 2; nth++) assert.deepEqual((await chat.send()).ids, { bob: '1' })
  assert.deepEqual([chat.tokens(), chat.clock.waits], [1, [50, 100]])
})

test('a timeout is repeated as the seed advises, and its outcome is unknown when it stays one', async t => {
  const options = { timeouts: { attemptMs: 50 } }
  const { send, calls } = await easemob(t, [silence, answer(200, { data: { bob: '7' } })], options)
  assert.deepEqual((await send()).ids, { bob: '7' })
  const [first, second] = calls().map(({ body }) => JSON.parse(body))
  assert.deepEqual(first, second)
  assert.ok(first.ext.em_dedupe)
  const gateway = await easemob(t, [answer(504, 'x')])
  const failure = await failureOf(gateway.send())
  assert.deepEqual([failure.outcome, gateway.calls().length], ['unknown', 1])
  const keyed = await easemob(t, [answer(504, 'x'), answer(200, { data: { bob: '8' } })], {
    isPosthouse: true,
  })
  assert.deepEqual((await keyed.send()).ids, { bob: '8' })
  const keys = keyed.calls().map(({ headers }) => headers['idempotency-key'])
  assert.ok(keys[0] && keys[0] === keys[1])
})

test('a registration whose answer was lost is recognised in the refusal of its repeat', async t => {
  const taken = {
    error: 'duplicate_unique_property_exists',
    error_description:
      'Application nullEntity user requires that property named username be unique, value of bob exists',
  }
  const user = { username: 'bob', uuid: '1' }
  const { client } = await easemob(t, [reset, answer(400, taken), answer(200, { entities: [user] })])
  assert.deepEqual(await registerUser(client, { user: { username: 'bob', password: 'x' } }), user)
  const other = await easemob(t, [answer(400, taken)])
  const failure = await failureOf(registerUser(other.client, { user: { username: 'bob', password: 'x' } }))
  assert.equal(failure.code, 'duplicate_unique_property_exists')
})

test('a call that is cancelled is not repeated', async t => {
  const aborter = new AbortController()
  const { client, server } = await jpush(t, [
    () => {
      aborter.abort()
    },
  ])
  const failure = await failureOf(sendPush(client, { push, signal: aborter.signal }))
  assert.deepEqual(shortOf(failure), ['connection_cancelled', 'cancelled', 'unknown', 1, undefined])
  assert.equal(server.asked.length, 1)
})

test('a call that is cancelled before it begins was not sent', async t => {
  const { client, server } = await jpush(t, [answer(200, sent)])
  const failure = await failureOf(sendPush(client, { push, signal: AbortSignal.abort() }))
  assert.deepEqual([failure.class, failure.outcome, server.asked.length], ['cancelled', 'not_sent', 0])
})

test('an error holds no secret and fits a line, however it is shown', async t => {
  const long = refusal(1003, `bad ${'x'.repeat(60_000)}`)
  const failures = []
  for (const script of [
    answer(400, long),
    answer(502, ''),
    reset,
    answer(401, refusal(1004, 'Authen failed')),
  ]) {
    const { send } = await jpush(t, [script])
    failures.push(await failureOf(send()))
    const chat = await easemob(t, [script])
    failures.push(await failureOf(chat.send()))
  }
  for (const failure of failures) {
    const shown = [JSON.stringify(failure), inspect(failure, { depth: 9 }), String(failure)]
    for (const text of shown) {
      for (const secret of [masterSecret, clientSecret, token.access_token, 'Basic ', 'hello'])
        assert.ok(!text.includes(secret), `${secret} in ${text}`)
    }
    assert.ok(shown[0]!.length <= 4_096)
  }
})

test('instanceof holds for an error of another copy of the package', async () => {
  const copy = `../src/error.ts?copy`
  const { PosthouseError: Other } = await import(copy)
  const fields = {
    id: 'x',
    dialect: 'jpush',
    operation: 'GET /',
    class: 'request',
    outcome: 'rejected',
    advice: 'never',
    params: {},
    text: '',
    attempts: [],
  }
  assert.notEqual(Other, PosthouseError)
  assert.ok(new Other(fields) instanceof PosthouseError)
  assert.ok(!(new Error('x') instanceof PosthouseError))
})

const place = { groupId: '7', username: 'bob' }

test('what an attempt without an answer has done is done, though the next one is refused for it', async t => {
  const already = 'can not join this group, reason:user: bob already in group: 7\n'
  const joined = answer(403, easemobRefusal('forbidden_op', already))
  const gone = answer(404, easemobRefusal('service_resource_not_found', 'Service resource not found'))
  const none = 'users [bob] are not members of this group!'
  const absent = answer(403, easemobRefusal('forbidden_op', none))
  const cases = [
    [joined, (client: EasemobClient) => addMember(client, place)],
    [absent, (client: EasemobClient) => removeMember(client, place)],
    [gone, (client: EasemobClient) => deleteGroup(client, place)],
  ] as const
  for (const [refused, call] of cases) {
    const after = await easemob(t, [reset, refused])
    assert.equal(await call(after.client), undefined)
    assert.equal(after.calls().length, 2)
    const first = await easemob(t, [refused])
    assert.equal((await failureOf(call(first.client))).outcome, 'rejected')
  }
})

const group = { groupname: 'ops', owner: 'ann', public: true }

test('a creation whose answer is lost is repeated at a Posthouse alone, under one key', async t => {
  const made = answer(200, { data: { groupid: '7' } })
  const cloud = await easemob(t, [reset, made])
  assert.equal((await failureOf(createGroup(cloud.client, group))).outcome, 'unknown')
  assert.equal(cloud.calls().length, 1)
  const own = await easemob(t, [reset, made], { isPosthouse: true })
  assert.equal(await createGroup(own.client, group), '7')
  assert.equal(new Set(own.calls().map(({ headers }) => headers['idempotency-key'])).size, 1)
})

test('a success without what it is asked for is no answer of this API', async t => {
  for (const body of [{}, { data: null }, { data: {} }, { data: [] }]) {
    const { client } = await easemob(t, [answer(200, body)])
    assert.equal((await failureOf(createGroup(client, group))).id, 'answer_incomplete')
  }
})

test('a file comes byte for byte; half of one is asked for again, and a refusal of it is read', async t => {
  const content = Uint8Array.from({ length: 1_000 }, (_, at) => at % 256)
  const whole: Script = socket => {
    socket.write(
      `HTTP/1.1 200 X\r\nContent-Type: image/png\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n`,
    )
    socket.end(content)
  }
  const half: Script = socket => {
    socket.write(`HTTP/1.1 200 X\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n`)
    socket.end(content.subarray(0, 500))
  }
  const { client, calls } = await easemob(t, [half, answer(502, ''), whole])
  const file = await downloadFile(client, { fileId: 'f', secret: 's' })
  assert.deepEqual(file, { bytes: content, type: 'image/png' })
  assert.deepEqual(
    calls().map(({ path, headers }) => [path, headers['share-secret'], headers.accept]),
    Array(3).fill(['/acme/chat/chatfiles/f', 's', '*/*']),
  )
  const gone = answer(404, easemobRefusal('service_resource_not_found', 'Service resource not found'))
  const refused = await easemob(t, [gone])
  const failure = await failureOf(downloadFile(refused.client, { fileId: 'f' }))
  assert.deepEqual([failure.class, failure.code], ['missing', 'service_resource_not_found'])
  const small = await easemob(t, [whole], { bytesMax: { file: 999 } })
  assert.equal((await failureOf(downloadFile(small.client, { fileId: 'f' }))).id, 'answer_unreadable')
  const empty = await easemob(t, [answer(200, '')])
  assert.equal((await downloadFile(empty.client, { fileId: 'f' })).bytes.length, 0)
})

test('an address that an answer names gets no credentials', async t => {
  const { client, server, tokens } = await easemob(t, [answer(200, 'x')])
  await client.fetchFile(`${server.url}/elsewhere?Signature=abc`)
  const [{ path, headers }] = server.asked as [(typeof server.asked)[number]]
  assert.deepEqual([path, headers.authorization, tokens()], ['/elsewhere?Signature=abc', undefined, 0])
  const failing = await easemob(t, [answer(403, '<Error/>')])
  const failure = await failureOf(failing.client.fetchFile(`${failing.server.url}/a?Signature=abc`))
  assert.ok(!inspect(failure).includes('abc') && !JSON.stringify(failure).includes('abc'))
})

test('a user’s own token is sent, and not renewed', async t => {
  const corrupt = easemobRefusal('auth_bad_access_token', 'Unable to authenticate')
  const { client, calls, tokens } = await easemob(t, [answer(401, corrupt)])
  const failure = await failureOf(getUser(client.asUser('YWMtown'), { username: 'ann' }))
  assert.deepEqual([failure.class, failure.attempts.length, tokens()], ['auth', 1, 0])
  assert.equal(calls()[0]!.headers.authorization, 'Bearer YWMtown')
  assert.ok(!inspect(failure).includes('YWMtown'))
})

test('attributes go as a form', async t => {
  const { client, calls } = await easemob(t, [answer(200, { data: {} })])
  await setUserAttributes(client, { username: 'ann', attributes: { sign: 'a&b=北' } })
  const [{ headers, body }] = calls() as [ReturnType<typeof calls>[number]]
  assert.match(headers['content-type']!, /^application\/x-www-form-urlencoded/)
  assert.equal(new URLSearchParams(body).get('sign'), 'a&b=北')
})
