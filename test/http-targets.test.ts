// Paths, methods and queries (contract.md §6.3 HT-10, HT-13 … HT-15, HT-20 … HT-22, §8.1; DESIGN.md §7).
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Dialect } from '../src/contract/failure.ts'
import { assertFailure, type Wanted } from './envelope.ts'
import { basic, type Received, send } from './http-client.ts'
import { RawConnection } from './raw-connection.ts'
import { sharedApp } from './start-app.ts'

const app = sharedApp()
const crashes: unknown[] = []
process.on('uncaughtException', error => crashes.push(error))
after(() => assert.deepEqual(crashes, []))

/** Sends one request with this target, byte for byte, as an app that may call. */
async function ask(target: string | Buffer, method = 'GET', lines = ''): Promise<Received> {
  const { app_key, master_secret } = app().demo
  const connection = await RawConnection.open(app().http)
  const credentials = target.includes('/v3') ? `Authorization: ${basic(app_key, master_secret)}\r\n` : ''
  await connection.send(
    Buffer.concat([
      Buffer.from(`${method} `),
      typeof target === 'string' ? Buffer.from(target, 'latin1') : target,
      Buffer.from(` HTTP/1.1\r\nHost: a\r\n${credentials}${lines}\r\n`, 'latin1'),
    ]),
  )
  const answer = await connection.next(method === 'HEAD')
  connection.destroy()
  return answer
}

const easemobTarget: Wanted = [400, 'illegal_argument']
const jpushTarget: Wanted = [400, 1003]
const neutralTarget: Wanted = [400, 'target_invalid']
const noRoute: Wanted = [500, 'web_application']
const noPath: Wanted = [404, 9404]
const nothing: Wanted = [404, 'path_unknown']

const targets: readonly (readonly [target: string | Buffer, dialect: Dialect, wanted: Wanted])[] = [
  ['/v3/%zz', 'jpush', jpushTarget],
  ['/v3/device%', 'jpush', [400, 1003]],
  ['/v3/devices/%00', 'jpush', [400, 7002]],
  ['/v3/tags/%c0%af', 'jpush', [400, 7002]],
  ['/v3/tags/%ed%a0%80', 'jpush', [400, 7002]],
  [Buffer.from('/v3/tags/标签'), 'jpush', [400, 7002]],
  ['/v3/tags/\xff', 'jpush', [400, 7002]],
  ['/v3/./push', 'jpush', jpushTarget],
  ['/v3/../v3/push', 'jpush', jpushTarget],
  ['/v3/%2e%2e/push', 'jpush', jpushTarget],
  ['/v3/push/..%2fcid', 'jpush', jpushTarget],
  ['/v3/push/..%5ccid', 'jpush', jpushTarget],
  ['/v3\\push', 'neutral', neutralTarget],
  ['/v3/push\\cid', 'jpush', jpushTarget],
  ['/v3/push#there', 'jpush', jpushTarget],
  ['/v3/push?a#there', 'jpush', jpushTarget],
  [`/v3/push/${'x'.repeat(8_192)}`, 'jpush', jpushTarget],
  [`/v3/push?${'x'.repeat(20_480)}`, 'jpush', jpushTarget],
  ['/v3/nope', 'jpush', noPath],
  ['/v3', 'jpush', noPath],
  ['/v1/app', 'jpush', [405, 4001]],
  ['/v1/apps', 'jpush', noPath],
  ['/V3/PUSH', 'jpush', noPath],
  ['/v3/PUSH', 'jpush', noPath],
  ['/v3/push%2Fcid', 'jpush', noPath],
  ['/demo/chat/%zz', 'easemob', easemobTarget],
  ['/demo/chat/users/%00', 'easemob', easemobTarget],
  ['/demo/chat/users/%c0%af', 'easemob', easemobTarget],
  [Buffer.from('/demo/chat/users/张三'), 'easemob', easemobTarget],
  ['/demo/chat/users/..', 'easemob', easemobTarget],
  ['/demo/chat/users/%2E%2e', 'easemob', easemobTarget],
  ['/demo/../admin/v1/apps', 'easemob', easemobTarget],
  ['/demo/chat/us ers', 'easemob', easemobTarget],
  ['/demo/chat/users#x', 'easemob', easemobTarget],
  [`/demo/chat/${'x'.repeat(20_480)}`, 'easemob', easemobTarget],
  ['/demo/chat/nope', 'easemob', noRoute],
  ['/demo/chat', 'easemob', noRoute],
  ['/demo/chat/', 'easemob', noRoute],
  ['/demo/chat//', 'easemob', noRoute],
  ['/demo/chat/USERS', 'easemob', noRoute],
  ['/demo/chat/%6eope', 'easemob', noRoute],
  ['/%64emo/ch%61t/nope', 'easemob', noRoute],
  ['/Demo/chat/nope', 'easemob', [400, 'organization_application_not_found']],
  ['/demo/%0d%0aX-Injected:%201/nope', 'easemob', [400, 'organization_application_not_found']],
  ['//evil/x', 'easemob', [400, 'organization_application_not_found']],
  ['/a\\..\\b', 'neutral', neutralTarget],
  ['/%2e%2e/', 'neutral', neutralTarget],
  ['*', 'neutral', neutralTarget],
  ['http://evil/demo/chat/users', 'easemob', easemobTarget],
  ['http://evil/v3/push', 'jpush', jpushTarget],
  ['http://a@a/v3/push', 'jpush', jpushTarget],
  ['http://a', 'neutral', nothing],
  ['http://a/v3/nope', 'jpush', noPath],
  ['HTTP://A/demo/chat/nope', 'easemob', noRoute],
  ['/', 'neutral', nothing],
  ['/nope', 'neutral', nothing],
  ['/favicon.ico', 'neutral', nothing],
  ['/admin/v1/nope', 'neutral', nothing],
  ['/healthz/nope', 'neutral', nothing],
  ['/HEALTHZ', 'neutral', nothing],
]

for (const [target, dialect, wanted] of targets) {
  const shown = target.toString().slice(0, 60)
  test(`GET ${JSON.stringify(shown)} answers ${wanted.join(' ')} (${dialect})`, async () => {
    assertFailure(await ask(target), dialect, wanted, shown)
    assert.equal((await send(`${app().http}/healthz`)).status, 200)
  })
}

const same: readonly (readonly string[])[] = [
  ['/healthz', '//healthz', '/healthz/', '///healthz//', '/%68ealthz', 'http://a/healthz', '/healthz?x=%zz'],
  ['/v3/push/cid?count=1', '/v3//push/cid/?count=1', '//v3/push//cid?count=1', '/v3/push/%63id?count=1'],
]

for (const [first, ...others] of same) {
  test(`${first} is the same with other slashes and percent-encoded letters`, async () => {
    for (const target of [first!, ...others]) assert.equal((await ask(target)).status, 200, target)
  })
}

test('CR and LF in a path never reach a header', async () => {
  const answer = await ask('/demo/%0d%0aX-Injected:%201/nope')
  assert.equal(answer.headers['x-injected'], undefined)
})

const methods: readonly (readonly [method: string, target: string, dialect: Dialect, wanted: Wanted])[] = [
  ['FROB', '/demo/chat/users', 'easemob', [501, 'not_implemented']],
  ['get', '/demo/chat/users', 'easemob', [501, 'not_implemented']],
  ['TRACE', '/demo/chat/users', 'easemob', [501, 'not_implemented']],
  ['PROPFIND', '/demo/chat/users', 'easemob', [501, 'not_implemented']],
  ['QUERY', '/demo/chat/users', 'easemob', [501, 'not_implemented']],
  ['FROB', '/nope/nope/nope', 'easemob', [501, 'not_implemented']],
  ['PATCH', '/demo/chat/users', 'easemob', [500, 'unsupported_service_operation']],
  ['FROB', '/v3/push', 'jpush', [405, 1001]],
  ['post', '/v3/push', 'jpush', [405, 1001]],
  ['GET', '/v3/push', 'jpush', [405, 1001]],
  ['TRACE', '/v3/push', 'jpush', [405, 1001]],
  ['PROPFIND', '/v3/push', 'jpush', [405, 1001]],
  ['FROB', '/v3/nope', 'jpush', noPath],
  ['TRACE', '/v3/nope', 'jpush', noPath],
  ['FROB', '/v2/push', 'jpush', [410, 9410]],
  ['POST', '/v2/push', 'jpush', [410, 9410]],
  ['FROB', '/healthz', 'neutral', [501, 'method_unknown']],
  ['PROPFIND', '/healthz', 'neutral', [501, 'method_unknown']],
  ['FROB', '/nope', 'neutral', nothing],
  ['DELETE', '/healthz', 'neutral', [405, 'method_not_allowed']],
]

for (const [method, target, dialect, wanted] of methods) {
  test(`${method} ${target} answers ${wanted.join(' ')} (${dialect})`, async () => {
    assertFailure(await ask(target, method), dialect, wanted, method)
  })
}

test('Allow names the methods that the path does offer', async () => {
  assert.equal((await ask('/v3/push')).headers.allow, 'POST')
  assert.equal((await ask('/healthz', 'PUT')).headers.allow, 'GET, HEAD')
  assert.equal((await ask('/admin/v1/apps', 'DELETE')).headers.allow, 'GET, HEAD, POST')
  assert.equal((await ask('/demo/chat/users', 'PATCH')).headers.allow, 'GET, HEAD, POST, DELETE')
})

test('OPTIONS answers 204 without a body, of a route and of the server', async () => {
  for (const [target, allow] of [
    ['/v3/push', /^POST, OPTIONS$/],
    ['/healthz', /^GET, HEAD, OPTIONS$/],
    ['/demo/chat/users', /POST.*OPTIONS/],
    ['/nope/nope/nope', /POST.*OPTIONS/],
    ['*', /GET.*OPTIONS/],
  ] as const) {
    const { status, headers, text } = await ask(target, 'OPTIONS')
    assert.deepEqual([status, text, headers['content-length']], [204, '', undefined], target)
    assert.match(String(headers.allow), allow, target)
    assert.ok(headers['x-request-id'], target)
  }
  assertFailure(await ask('/v3/nope', 'OPTIONS'), 'jpush', noPath, '/v3/nope')
})

test('HEAD answers as GET does, without the body', async () => {
  for (const target of ['/healthz', '/nope', '/v3/nope', '/demo/chat/nope', '/v3/push', '/demo/chat/%zz']) {
    const [get, head] = [await ask(target), await ask(target, 'HEAD')]
    assert.equal(head.status, get.status, target)
    assert.equal(head.headers['content-type'], get.headers['content-type'], target)
    // What a body says of its own duration may have another number of digits the second time; nothing else may differ.
    const [duration, digits = ''] = /"duration":(\d+)/.exec(get.text) ?? []
    const difference = Number(head.headers['content-length']) - (get.text.length - digits.length)
    if (duration === undefined) assert.equal(difference, 0, target)
    else assert.ok(difference >= 1 && difference <= 3, `${target} ${difference}`)
    assert.equal(head.headers.allow, get.headers.allow, target)
  }
})

test('HEAD in a version that is not spoken is refused without a body', async () => {
  const connection = await RawConnection.open(app().http)
  await connection.send('HEAD /v3/push HTTP/1.2\r\nHost: a\r\n\r\n')
  assert.equal((await connection.next(true)).status, 400)
  connection.end()
  assert.equal(await connection.rest(), '')
})

test('every 401 says how to authenticate', async () => {
  for (const [target, challenge] of [
    ['/v3/push/cid', /^Basic /],
    ['/demo/chat/users', /^Bearer/],
    ['/admin/v1/apps', /^Bearer/],
  ] as const) {
    const { status, headers } = await send(app().http + target)
    assert.equal(status, 401, target)
    assert.match(String(headers['www-authenticate']), challenge, target)
  }
})

test('a known key sees its window on every answer, an unknown one on none', async () => {
  const { app_key, master_secret } = app().demo
  for (const [target, method] of [
    ['/v3/push/cid?count=1', 'GET'],
    ['/v3/push/cid?count=0', 'GET'],
    ['/v3/push', 'GET'],
    ['/v3/nope', 'GET'],
    ['/v2/push', 'POST'],
    ['/v3/push', 'POST'],
  ] as const) {
    const known = await send(app().http + target, {
      method,
      headers: { Authorization: basic(app_key, master_secret) },
    })
    for (const name of ['limit', 'quota', 'remaining', 'reset'])
      assert.match(String(known.headers[`x-rate-limit-${name}`]), /^\d+$/, `${method} ${target}`)
    const stranger = await send(app().http + target, {
      method,
      headers: { Authorization: basic(app_key, 'wrong') },
    })
    assert.equal(stranger.headers['x-rate-limit-limit'], undefined, `${method} ${target}`)
  }
})

test('each call of a known key takes one from its window, whatever comes of it', async () => {
  const { app_key, master_secret } = await app().admin('POST', '/apps', { org: 'windows', app: 'one' })
  const headers = { Authorization: basic(app_key, master_secret) }
  const remaining = async (target: string) =>
    Number((await send(app().http + target, { headers })).headers['x-rate-limit-remaining'])
  assert.equal(await remaining('/v3/push/cid?count=1'), 599)
  assert.equal(await remaining('/v3/nope'), 598)
  assert.equal(await remaining('/v3/push/cid?count=zero'), 597)
  assert.equal(await remaining('/v3/devices/nope/nope/nope'), 599)
})

test('bad credentials spend nothing of the window', async () => {
  const { app_key, master_secret } = await app().admin('POST', '/apps', { org: 'windows', app: 'two' })
  for (let call = 0; call < 20; call++)
    await send(`${app().http}/v3/push/cid`, { headers: { Authorization: basic(app_key, 'wrong') } })
  const { headers } = await send(`${app().http}/v3/push/cid?count=1`, {
    headers: { Authorization: basic(app_key, master_secret) },
  })
  assert.equal(headers['x-rate-limit-remaining'], '599')
})

test('request ids are never given twice', async () => {
  const ids = new Set<unknown>()
  for (let call = 0; call < 50; call++) ids.add((await send(`${app().http}/healthz`)).headers['x-request-id'])
  assert.equal(ids.size, 50)
})
