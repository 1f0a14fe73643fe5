// Clients of a server that does as it is told, with a clock that does not make them wait.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { inspect } from 'node:util'
import { EasemobClient, type EasemobOptions, sendMessage } from '../src/easemob.ts'
import { PosthouseError } from '../src/index.ts'
import { getDevice, JpushClient, type JpushOptions, sendPush } from '../src/jpush.ts'
import { FakeClock } from './fake-clock.ts'
import { answer, HostileServer, type Script } from './hostile-server.ts'

export const masterSecret = '0f1e2d3c4b5a69788796a5b4'
export const clientSecret = 'YXA6c2VjcmV0'
export const push = {
  platform: 'all',
  audience: 'all',
  notification: { alert: 'hello' },
  cid: 'a1b2c3d4e5f60718293a4b5c-5b1f0a52-7c36-4c0e-9a55-1f5f2d0c9e11',
} as const

export async function jpush(t: TestContext, scripts: Script[], options: Partial<JpushOptions> = {}) {
  const server = await HostileServer.start(t, ...scripts)
  const clock = new FakeClock()
  const base = { baseUrl: server.url, appKey: 'a1b2c3d4e5f60718293a4b5c', masterSecret }
  const client = new JpushClient({ ...base, clock, random: () => 0.5, ...options })
  const send = () => sendPush(client, { push })
  return { server, clock, client, send, read: () => getDevice(client, { registrationId: '1a' }) }
}

export const token = { access_token: 'YWMtsecrettoken', expires_in: 5_184_000 }
export const isToken = (path: string) => path.endsWith('/token')

/** Tokens are given by a server that behaves; the scripts are for the other calls. */
export async function easemob(t: TestContext, scripts: Script[], options: Partial<EasemobOptions> = {}) {
  let tokens = 0
  const left = [...scripts]
  const server = await HostileServer.start(t, (socket, asked) => {
    if (isToken(asked.path)) tokens++
    const script = isToken(asked.path) ? answer(200, token) : left.length > 1 ? left.shift()! : left[0]!
    script(socket, asked)
  })
  const clock = new FakeClock()
  const base = { baseUrl: server.url, org: 'acme', app: 'chat', clientId: 'YXA6id', clientSecret }
  const client = new EasemobClient({ ...base, clock, random: () => 0.5, ...options })
  const send = () => sendMessage(client, { to: { users: ['bob'] }, type: 'txt', body: { msg: 'hello' } })
  const calls = () => server.asked.filter(({ path }) => !isToken(path))
  return { server, clock, client, send, calls, tokens: () => tokens }
}

export async function failureOf(call: Promise<unknown>): Promise<PosthouseError> {
  try {
    await call
  } catch (error) {
    assert.ok(error instanceof PosthouseError, inspect(error))
    return error
  }
  assert.fail('it succeeded')
}

/** What a failure is, in short. */
export const shortOf = ({ id, class: kind, outcome, attempts, stopped }: PosthouseError) => [
  id,
  kind,
  outcome,
  attempts.length,
  stopped,
]

/** As the JPush dialect refuses. */
export const refusal = (code: number, message: string) => ({ error: { code, message } })
export const easemobRefusal = (error: string, error_description: string) => ({ error, error_description })
