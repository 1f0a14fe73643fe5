// SIGTERM: what was accepted is finished, what is new is turned away, the process ends by itself (contract.md §8.1).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '../src/config.ts'
import { assertFailure } from './envelope.ts'
import { send } from './http-client.ts'
import { RawConnection } from './raw-connection.ts'
import { callerOf } from './server-caller.ts'
import { ServerProcess } from './server-process.ts'
import { startApp } from './start-app.ts'
import { until } from './until.ts'

test('work in hand when SIGTERM comes is answered; new work gets 503; the process exits with 0', async t => {
  const server = await ServerProcess.start(t, {
    env: { POSTHOUSE_GATEWAY_DEADLINE_MS: '20000', POSTHOUSE_CORE_DEADLINE_MS: '20000' },
  })
  const caller = callerOf(server.runtime)
  await caller.easemob('POST', '/users', { username: 'ann', password: 'pw' })
  await caller.admin('PUT', '/core', { state: 'frozen' })
  const inHand = Array.from({ length: 20 }, (_, number) =>
    caller.easemob('POST', '/users', { username: `user${number}`, password: 'pw' }),
  )
  await until(async () =>
    (await send(`${caller.http}/metrics`)).text.includes('posthouse_core_calls_in_flight 20'),
  )
  const connection = await RawConnection.open(server.runtime.http)
  const startedAt = performance.now()
  server.kill('SIGTERM')
  const refused = await until(async () => {
    const answer = await send(`${caller.http}/v3/nope`)
    return answer.status === 503 && answer
  })
  assertFailure(refused, 'jpush', [503, 1030], 'new')
  assert.deepEqual([refused.headers['retry-after'], refused.headers.connection], ['30', 'close'])
  for (const [dialect, path, wanted] of [
    ['easemob', '/demo/chat/users', [503, 'service_unavailable']],
    ['neutral', '/readyz', [503, 'core_draining']],
  ] as const)
    assertFailure(await send(caller.http + path), dialect, wanted, path)
  assert.equal((await send(`${caller.http}/healthz`)).status, 200)
  await connection.send('GET /v3/nope HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.equal((await connection.next()).status, 503)
  const handshake = await RawConnection.open(caller.http)
  await handshake.send(
    'GET /mqtt HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n',
  )
  assertFailure(await handshake.next(), 'neutral', [503, 'core_draining'], 'WebSocket')

  await caller.admin('PUT', '/core', { state: 'running' })
  for (const answer of await Promise.all(inHand)) assert.equal(answer.status, 200, answer.text)
  assert.deepEqual(await server.exited, { code: 0, signal: null })
  assert.ok(performance.now() - startedAt < 30_000)

  const again = await startApp(t, { POSTHOUSE_DATA: server.dataDir })
  const { json } = await callerOf(again.runtime).easemob('GET', '/users?limit=100')
  assert.equal(json.entities.length, 21)
})

test('under load every call that was carried out is answered, and holds after the restart', async t => {
  const server = await ServerProcess.start(t)
  const caller = callerOf(server.runtime)
  const done: string[] = []
  const notDone: string[] = []
  const busy = Promise.withResolvers<void>()
  const client = async (name: string) => {
    for (let number = 0; ; number++) {
      const username = `${name}-${number}`
      const answer = await caller
        .easemob('POST', '/users', { username, password: 'pw' })
        .catch(() => undefined)
      if (answer?.status === 200) done.push(username)
      else notDone.push(username)
      if (done.length > 200) busy.resolve()
      // Turned away on the doorstep: the server no longer listens.
      if (!answer) return
      assert.ok([200, 503].includes(answer.status), answer.text)
    }
  }
  const clients = Array.from({ length: 16 }, (_, number) => client(`c${number}`))
  await Promise.race([busy.promise, Promise.all(clients)])
  assert.ok(done.length > 200)
  server.kill('SIGTERM')
  assert.deepEqual(await server.exited, { code: 0, signal: null })
  await Promise.all(clients)

  const again = callerOf((await startApp(t, { POSTHOUSE_DATA: server.dataDir })).runtime)
  const statusOf = async (username: string) => (await again.easemob('GET', `/users/${username}`)).status
  for (const username of done) assert.equal(await statusOf(username), 200, username)
  for (const username of notDone) assert.equal(await statusOf(username), 404, username)
})

test('a core that never answers and a peer that never finishes do not keep the process beyond half a minute', async t => {
  const { http, link } = readConfig({})
  assert.ok(http.drainMs + http.lingerMs + link.stopMsMax < 30_000)
  const env = { POSTHOUSE_GATEWAY_DEADLINE_MS: '60000', POSTHOUSE_DRAIN_MS: '500' }
  const server = await ServerProcess.start(t, { env })
  const caller = callerOf(server.runtime)
  await caller.admin('PUT', '/core', { state: 'frozen' })
  const stuck = send(`${caller.http}/demo/chat/users`).catch(() => {})
  const slow = await RawConnection.open(caller.http)
  await slow.send('POST /v3/push HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{')
  await caller.admin('GET', '/core')
  const startedAt = performance.now()
  server.kill('SIGTERM')
  assert.deepEqual(await server.exited, { code: 0, signal: null })
  assert.ok(performance.now() - startedAt < 10_000)
  await stuck
})

test('a server that is told to stop the moment it is ready stops as it does later', async t => {
  const server = await ServerProcess.start(t)
  server.kill('SIGTERM')
  assert.deepEqual(await server.exited, { code: 0, signal: null })
})

test('a second signal does not wait', async t => {
  const server = await ServerProcess.start(t)
  await callerOf(server.runtime).admin('PUT', '/core', { state: 'frozen' })
  const stuck = send(`${server.runtime.http}/demo/chat/users`).catch(() => {})
  await send(`${server.runtime.http}/healthz`)
  server.kill('SIGTERM')
  await until(async () => (await send(`${server.runtime.http}/v3/nope`)).status === 503)
  server.kill('SIGTERM')
  assert.deepEqual(await server.exited, { code: 1, signal: null })
  await stuck
})
