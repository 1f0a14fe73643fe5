// The rows of both seed documents, word for word (their typographic quotes are the page's, not the wire's).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FailureId } from './failures.ts'
import { parseEasemob } from './parse.ts'
import { type RefusalLike, renderEasemob } from './render.ts'
import { easemobVariants, jpushVariants } from './variants.ts'
import type { EasemobFamily } from './wire.ts'

interface SeedRow {
  readonly row: string
  readonly status: number
  readonly error: string
  readonly text: string
  readonly ids: readonly FailureId[]
  readonly params?: Record<string, string>
  readonly family?: EasemobFamily
}

const seedRows: readonly SeedRow[] = [
  {
    row: 'S-1',
    status: 400,
    error: 'invalid_grant',
    text: 'invalid username or password',
    ids: ['grant_invalid', 'grant_user_unknown', 'grant_password_wrong'],
  },
  {
    row: 'S-2',
    status: 400,
    error: 'organization_application_not_found',
    text: 'Could not find application for easemob-demo/aachatdemoui from URI: easemob-demo/aachatdemoui/users',
    ids: ['app_unknown'],
    params: { org: 'easemob-demo', app: 'aachatdemoui', uri: 'easemob-demo/aachatdemoui/users' },
  },
  {
    row: 'S-3',
    status: 400,
    error: 'illegal_argument',
    text: 'Entity user requires a property named username',
    ids: ['username_missing'],
  },
  {
    row: 'S-4 and S-6',
    status: 400,
    error: 'illegal_argument',
    text: 'password or pin must provided',
    ids: ['password_missing'],
  },
  {
    row: 'S-5',
    status: 400,
    error: 'json_parse',
    text: "Unexpected character ('=' (code 61)): was expecting a colon to separate field name and value\n at [Source: java.io.BufferedInputStream@170e3f35; line: 1, column: 23]",
    ids: ['json_malformed'],
    params: {
      fault: "Unexpected character ('=' (code 61)): was expecting a colon to separate field name and value",
      source: '170e3f35',
      line: '1',
      column: '23',
    },
  },
  {
    row: 'S-7',
    status: 400,
    error: 'duplicate_unique_property_exists',
    text: 'Application 4d7e4ba0-dc4a-11e3-90d5-e1ffbaacdaf5Entity user requires that property named username be unique, value of dddd exists',
    ids: ['user_exists'],
    params: { application: '4d7e4ba0-dc4a-11e3-90d5-e1ffbaacdaf5', username: 'dddd' },
  },
  {
    row: 'S-8',
    status: 400,
    error: 'illegal_argument',
    text: 'newpassword is required',
    ids: ['newpassword_missing'],
  },
  {
    row: 'S-9',
    status: 400,
    error: 'illegal_argument',
    text: "group member username1 doesn't exist",
    ids: ['member_unknown'],
    params: { username: 'username1' },
  },
  {
    row: 'S-10',
    status: 401,
    error: 'unauthorized',
    text: 'registration is not open, please contact the app admin',
    ids: ['registration_closed'],
    family: 'registration',
  },
  {
    row: 'S-11',
    status: 401,
    error: 'auth_bad_access_token',
    text: 'Unable to authenticate due to corrupt access token',
    ids: ['token_corrupt'],
  },
  {
    row: 'S-12',
    status: 401,
    error: 'auth_bad_access_token',
    text: 'Unable to authenticate',
    ids: ['token_unknown'],
  },
  {
    // The seed leaves `error` blank; the name is the one recorded on the wire of its time.
    row: 'S-13',
    status: 401,
    error: 'expired_token',
    text: 'Unable to authenticate due to expired access token',
    ids: ['token_expired'],
  },
  {
    row: 'S-14',
    status: 404,
    error: 'service_resource_not_found',
    text: 'Service resource not found',
    ids: [
      'user_unknown',
      'group_unknown',
      'group_details_unknown',
      'single_member_unknown',
      'targets_unknown',
      'file_unknown',
    ],
    params: { group: '1', username: 'u' },
  },
  {
    row: 'S-15',
    status: 413,
    error: 'Request Entity Too Large',
    text: 'Request Entity Too Large',
    ids: ['body_too_large', 'file_too_large'],
  },
  {
    row: 'S-16',
    status: 429,
    error: 'reach_limit',
    text: 'This request has reached api limit',
    ids: ['rate_limited'],
  },
  {
    row: 'the 503 of the status list',
    status: 503,
    error: 'reach_limit',
    text: 'This request has reached api limit',
    ids: ['node_rate_limited'],
  },
  {
    row: 'S-17',
    status: 500,
    error: 'no_full_text_index',
    text: "Entity 'user' with property named 'username' is not full text indexed. You cannot use the 'contains' operand on this field",
    ids: ['full_text_index_missing'],
    params: { property: 'username' },
  },
  {
    row: 'S-18',
    status: 500,
    error: 'unsupported_service_operation',
    text: 'Service operation not supported',
    ids: ['method_not_allowed'],
  },
  {
    row: 'S-19',
    status: 500,
    error: 'web_application',
    text: 'javax.ws.rs.WebApplicationException',
    ids: ['path_unknown'],
  },
]

const context = { edition: 'seed', timestamp: 1418307327088, duration: 0 } as const

for (const { row, status, error, text, ids, params = {}, family } of seedRows) {
  test(`Easemob seed row ${row} is answered in its own words and recognised`, () => {
    for (const id of ids) {
      const refusal: RefusalLike = { id, params, facts: {} }
      const answer = renderEasemob(refusal, { ...context, family })
      const body = JSON.parse(answer.body)
      assert.deepEqual([answer.status, body.error, body.error_description], [status, error, text], id)
      assert.ok(parseEasemob(status, { error, error_description: text }, 'seed')?.candidates.includes(id), id)
    }
  })
}

test('every row that claims to come from the Easemob seed is one of the seed’s rows', () => {
  const known = new Set(seedRows.map(row => `${row.status} ${row.error}`))
  for (const { id, row, editions } of easemobVariants) {
    if (!editions.includes('seed') || !/^S-/.test(row.source)) continue
    assert.ok(known.has(`${row.status} ${row.error}`), id)
  }
})

test('an expired token is recognised with the blank error of the seed page', () => {
  const text = 'Unable to authenticate due to expired access token'
  for (const error of ['', 'expired_token', 'unauthorized', undefined]) {
    assert.equal(parseEasemob(401, { error, error_description: text })?.id, 'token_expired')
  }
})

test('every status of both seeds has a failure that is answered with it', () => {
  const easemob = new Set(
    easemobVariants.filter(v => v.editions.includes('seed')).map(({ row }) => row.status),
  )
  const jpush = new Set(jpushVariants.map(({ row }) => row.status))
  const failing = [400, 401, 403, 404, 408, 413, 429, 500, 501, 502, 503, 504]
  for (const status of failing) assert.ok(easemob.has(status), `Easemob ${status}`)
  for (const status of [400, 401, 403, 404, 405, 410, 429, 500, 502, 503, 504]) {
    assert.ok(jpush.has(status), `JPush ${status}`)
  }
})
