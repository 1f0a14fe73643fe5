import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FailureId, failures } from './failures.ts'
import { Refusal } from './refusal.ts'
import { renderEasemob, renderJpush, renderNeutral } from './render.ts'

const easemob = { edition: 'seed', family: undefined, timestamp: 1418307327088, duration: 3 } as const

function plain(id: string, params: Record<string, string> = {}, facts = {}) {
  return { id, params, facts }
}

test('an Easemob body has its members in the recorded order', () => {
  const { status, body } = renderEasemob(
    new Refusal('user_exists', { application: 'a', username: 'jliu' }),
    easemob,
  )
  assert.equal(status, 400)
  assert.deepEqual(Object.entries(JSON.parse(body)), [
    ['error', 'duplicate_unique_property_exists'],
    ['timestamp', 1418307327088],
    ['duration', 3],
    ['exception', 'org.apache.usergrid.persistence.exceptions.DuplicateUniquePropertyExistsException'],
    [
      'error_description',
      'Application aEntity user requires that property named username be unique, value of jliu exists',
    ],
  ])
})

test('a refused grant is an OAuth body of two members', () => {
  const { body } = renderEasemob(new Refusal('grant_password_wrong'), easemob)
  assert.deepEqual(JSON.parse(body), {
    error: 'invalid_grant',
    error_description: 'invalid username or password',
  })
})

test('a JSON fault names the given source, or the context’s where there is none', () => {
  const params = { fault: 'f', source: 'cafe1234', line: '2', column: '9' }
  const own = JSON.parse(renderEasemob(new Refusal('json_malformed', params), easemob).body)
  assert.equal(
    own.error_description,
    'f\n at [Source: java.io.BufferedInputStream@cafe1234; line: 2, column: 9]',
  )
  const { source: _, ...rest } = params
  const lent = JSON.parse(renderEasemob(plain('json_malformed', rest), { ...easemob, hex: 'beef0001' }).body)
  assert.match(lent.error_description, /@beef0001; line: 2/)
})

test('the live edition and the family decide the words of a missing token', () => {
  const params = { verb: 'get', application: 'uuid', path: '/users' }
  const text = (family: 'users' | 'groups' | 'activation' | undefined, edition: 'seed' | 'live') =>
    JSON.parse(renderEasemob(new Refusal('token_missing', params), { ...easemob, family, edition }).body)
      .error_description
  assert.equal(text('users', 'seed'), 'Subject does not have permission [applications:get:uuid:/users]')
  assert.equal(text('groups', 'seed'), 'token is blank!')
  assert.equal(text('activation', 'seed'), 'No admin user access authorized')
  assert.equal(text(undefined, 'seed'), 'Unable to authenticate (OAuth)')
  for (const family of ['users', 'groups', 'activation', undefined] as const) {
    assert.equal(text(family, 'live'), 'Unable to authenticate (OAuth)')
  }
})

test('a live error may carry the vendor’s number', () => {
  const live = { ...easemob, edition: 'live', family: 'messages_modern' } as const
  const { body } = renderEasemob(new Refusal('message_too_large'), live)
  assert.equal(JSON.parse(body).error_code, 14007)
})

test('a JPush body is an error object, after the msg_id where one was allocated', () => {
  const bare = renderJpush(new Refusal('credentials_wrong'), { family: 'push' })
  assert.deepEqual([bare.status, bare.body], [401, '{"error":{"code":1004,"message":"Authen failed"}}'])
  const late = renderJpush(new Refusal('audience_empty', {}, { msgId: '42' }), { family: 'push' })
  assert.equal(
    late.body,
    '{"msg_id":"42","error":{"code":1011,"message":"cannot find user by this audience"}}',
  )
})

test('registration ids at fault stand inside the JPush error', () => {
  const { body } = renderJpush(new Refusal('device_parameters_invalid', {}, { illegalRids: ['x'] }), {
    family: 'device',
  })
  assert.equal(
    body,
    '{"error":{"code":7013,"message":"Part of the parameters are invalid","illegal_rids":["x"]}}',
  )
})

test('a JPush failure has the code of the API it happened in', () => {
  const code = (id: FailureId, family: 'push' | 'report' | 'device' | 'schedule') =>
    JSON.parse(renderJpush(plain(id), { family }).body).error.code
  const codes = (id: FailureId) =>
    (['push', 'report', 'device', 'schedule'] as const).map(family => code(id, family))
  assert.deepEqual(codes('internal'), [1000, 10, 7000, 8200])
  assert.deepEqual(codes('credentials_missing'), [1004, 3001, 7001, 8101])
  assert.deepEqual(codes('credentials_wrong'), [1004, 3001, 7004, 8101])
  assert.deepEqual(codes('method_not_allowed'), [1001, 3002, 7002, 8100])
  assert.deepEqual(codes('core_overloaded'), [1030, 1030, 7030, 8203])
  assert.deepEqual(codes('rate_limited'), [2002, 2002, 2002, 2002])
  assert.deepEqual(codes('core_gone'), [9502, 9502, 9502, 9502])
  assert.deepEqual(codes('core_silent'), [9504, 9504, 9504, 9504])
  assert.deepEqual(codes('retired'), [9410, 9410, 9410, 9410])
})

test('a neutral body names the failure and the request', () => {
  const refusal = new Refusal('app_exists', { org: 'demo', app: 'chat' })
  const { status, body } = renderNeutral(refusal, { requestId: 'r-1' })
  assert.equal(status, 409)
  assert.equal(
    body,
    '{"error":{"id":"app_exists","message":"The app demo/chat exists already"},"request_id":"r-1"}',
  )
})

test('429 and 503 always say how long to wait, rounded up and never zero', () => {
  const wait = (id: FailureId, facts = {}) =>
    renderJpush(plain(id, {}, facts), { family: 'push' }).headers['Retry-After']
  assert.equal(wait('rate_limited', { retryAfterMs: 1001 }), '2')
  assert.equal(wait('rate_limited', { retryAfterMs: 0 }), '1')
  assert.equal(wait('rate_limited'), '1')
  for (const id of [
    'core_draining',
    'core_overloaded',
    'core_deadline_passed',
    'store_unavailable',
  ] as const) {
    assert.equal(wait(id), '1')
  }
  assert.equal(wait('internal'), undefined)
})

test('a refusal that knows its end says so with any status', () => {
  const { status, headers } = renderEasemob(
    plain('message_rate_reached', {}, { retryAfterMs: 30_000 }),
    easemob,
  )
  assert.deepEqual([status, headers['Retry-After']], [403, '30'])
})

test('a method that is not offered is answered with those that are', () => {
  const { headers } = renderJpush(plain('method_not_allowed', {}, { allow: ['GET', 'POST'] }), {
    family: 'push',
  })
  assert.equal(headers.Allow, 'GET, POST')
})

test('every 401 carries the challenge of its door, and nothing else does', () => {
  for (const [id, { dialects }] of Object.entries(failures)) {
    const answers = [
      ['easemob', renderEasemob(plain(id), easemob), /^Bearer/],
      ['jpush', renderJpush(plain(id), { family: 'push' }), /^Basic realm="jpush"$/],
      ['neutral', renderNeutral(plain(id), { requestId: 'r' }), /^(Bearer|Basic realm="device")$/],
    ] as const
    for (const [dialect, { status, headers }, challenge] of answers) {
      if (!(dialects as readonly string[]).includes(dialect)) continue
      if (status === 401) assert.match(headers['WWW-Authenticate']!, challenge, id)
      else assert.equal(headers['WWW-Authenticate'], undefined, id)
    }
  }
  const expired = renderEasemob(plain('token_expired'), easemob)
  assert.equal(expired.headers['WWW-Authenticate'], 'Bearer error="invalid_token"')
})

test('a failure that is not the dialect’s is answered as an internal error, never not at all', () => {
  for (const id of ['push_unknown', 'toString', '__proto__', 'constructor']) {
    const { status, body } = renderEasemob(plain(id), easemob)
    assert.deepEqual([status, JSON.parse(body).error], [500, 'internal_server_error'])
  }
  assert.equal(JSON.parse(renderJpush(plain('user_exists'), { family: 'report' }).body).error.code, 10)
  assert.equal(JSON.parse(renderNeutral(plain('user_exists'), { requestId: 'r' }).body).error.id, 'internal')
})
