import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { peerCertificate } from '../../test/peers/certificate.ts'
import { cut, HttpPeer, type HttpReply, respond, silence } from '../../test/peers/http-peer.ts'
import { ManualClock } from '../lib/clock.ts'
import { AccessToken, type TokenEndpoint } from './access-token.ts'
import type { Members } from './channel.ts'
import { HttpOrigins } from './http-request.ts'

const minute = 60_000

async function stage(t: TestContext, { timeoutMs = 10_000, isVendors = false } = {}) {
  /** What becomes of the next requests, each once, in place of a token. */
  const next: HttpReply[] = []
  let given = 0
  const grant: HttpReply = (answer, asked) =>
    respond(200, { access_token: `token-${++given}`, expires_in: 3_600 })(answer, asked)
  const peer = await HttpPeer.start(t, (answer, asked) => (next.shift() ?? grant)(answer, asked))
  const http = new HttpOrigins({ ca: [peerCertificate().cert], timeoutMs })
  t.after(() => http.close())
  const clock = new ManualClock(Date.now())
  const endpoint: TokenEndpoint = {
    url: `${peer.origin}/token`,
    vendorsUrl: isVendors ? `${peer.origin}/token` : 'https://vendor.example/token',
    form: () => ({ grant_type: 'client_credentials', client_secret: 'a+/=' }),
    nameOfRefusal: ({ error }) => (typeof error === 'string' ? error : undefined),
    flowStatuses: [429],
    youngestMs: minute,
  }
  return { peer, next, clock, access: new AccessToken(endpoint, http, () => clock.now()) }
}

async function tokenOf(access: AccessToken): Promise<string> {
  const known = await access.get()
  assert.ok('token' in known, JSON.stringify(known))
  return known.token
}

async function outcomeOf(access: AccessToken) {
  const known = await access.get()
  assert.ok('outcome' in known && known.outcome.is === 'retry', 'the push was certainly not sent')
  return known.outcome
}

test('a token is asked for once, by however many wait, and kept until five minutes before its end', async t => {
  const { peer, clock, access } = await stage(t)
  const tokens = await Promise.all(Array.from({ length: 50 }, () => tokenOf(access)))
  assert.deepEqual([...new Set(tokens)], ['token-1'])
  const { method, path, headers, body } = (await peer.heard(1))[0]!
  assert.deepEqual([method, path], ['POST', '/token'])
  assert.equal(headers['content-type'], 'application/x-www-form-urlencoded')
  assert.equal(body.toString(), 'grant_type=client_credentials&client_secret=a%2B%2F%3D')
  clock.advance(55 * minute - 1)
  assert.equal(await tokenOf(access), 'token-1')
  clock.advance(1)
  assert.equal(await tokenOf(access), 'token-2')
  assert.equal(peer.asked.length, 2)
})

test('a short life is renewed in its middle; one that is not told is an hour', async t => {
  const { next, clock, access } = await stage(t)
  next.push(
    respond(200, { access_token: 'short', expires_in: 8 * 60 }),
    respond(200, { access_token: 'untold' }),
  )
  assert.equal(await tokenOf(access), 'short')
  clock.advance(4 * minute)
  assert.equal(await tokenOf(access), 'untold')
  clock.advance(54 * minute)
  assert.equal(await tokenOf(access), 'untold')
  clock.advance(minute)
  assert.equal(await tokenOf(access), 'token-1')
})

test('a token that is to be renewed and cannot be serves to its end', async t => {
  const { next, clock, access } = await stage(t)
  await tokenOf(access)
  clock.advance(58 * minute)
  next.push(respond(503))
  assert.equal(await tokenOf(access), 'token-1')
  clock.advance(3 * minute)
  next.push(respond(503, '', { 'retry-after': '9' }))
  assert.equal((await outcomeOf(access)).retryAfterMs, 9_000)
  assert.equal(await tokenOf(access), 'token-2')
})

test('a token that is not taken any more is replaced, unless it has only just come', async t => {
  const { clock, access } = await stage(t)
  const token = await tokenOf(access)
  assert.equal(access.drop(token), false)
  assert.equal(await tokenOf(access), token)
  clock.advance(minute)
  assert.equal(access.drop(token), true)
  assert.equal(await tokenOf(access), 'token-2')
  // Who comes late with the first one does not end the second.
  assert.equal(access.drop(token), true)
  assert.equal(await tokenOf(access), 'token-2')
})

const operators = { of: 'app', retryAfterMs: 30 * minute }
const failures: [name: string, reply: HttpReply, expected: object][] = [
  [
    'a refusal',
    respond(400, { error: 'invalid_grant' }),
    { ...operators, reason: 'no access token: invalid_grant' },
  ],
  ['a status alone', respond(403, 'words'), { ...operators, reason: 'no access token: status 403' }],
  ['asking too often', respond(429, '', { 'retry-after': '9' }), { of: 'app', retryAfterMs: 9_000 }],
  ['a failure', respond(500, 'words'), { retryAfterMs: undefined, reason: 'no access token: status 500' }],
  ['a page of a proxy', respond(200, '<html>'), { retryAfterMs: undefined }],
  ['a token that no header takes', respond(200, { access_token: 'a\nb' }), { retryAfterMs: undefined }],
  ['a connection that breaks', cut, { retryAfterMs: undefined }],
  ['silence', silence, { reason: 'no access token: no answer in time' }],
]

for (const isVendors of [true, false])
  test(`an endpoint of the ${isVendors ? 'vendor’s' : 'operator’s'} that fails leaves the push to be tried again`, async t => {
    const { next, access } = await stage(t, { isVendors, timeoutMs: 300 })
    for (const [name, reply, expected] of failures) {
      next.push(reply)
      const outcome = await outcomeOf(access)
      for (const [member, value] of Object.entries({ of: isVendors ? 'provider' : 'app', ...expected }))
        assert.deepEqual((outcome as Members)[member], value, `${name}: ${member}`)
      assert.ok(!outcome.reason.includes('words'))
    }
    assert.equal(await tokenOf(access), 'token-1')
  })
