// An app of one's own, spoken to in the Easemob dialect.
import type { AppCredentials } from '../src/contract/operations/apps.ts'
import { type Received, type Sent, send } from './http-client.ts'
import type { TestApp } from './start-app.ts'

export type Caller = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Sent['headers'],
) => Promise<Received>

export interface EasemobApp extends AppCredentials {
  /** Base URL. */
  readonly url: string
  /** Calls with the app's token. */
  readonly call: Caller
  /** Calls without a token. */
  readonly open: Caller
  /** Calls with this token. */
  as(token: string): Caller
  /** Registers users with password `pw`. */
  register(...names: string[]): Promise<void>
  /** A user's token, by its password. */
  login(username: string, password?: string): Promise<string>
  /** Changes settings of the app. */
  change(settings: object): Promise<unknown>
}

let lastApp = 0

export async function makeEasemobApp(server: TestApp, settings?: object): Promise<EasemobApp> {
  const name = `app${++lastApp}`
  const made = await server.admin('POST', '/apps', { org: 'acme', app: name })
  const change = (changes: object) => server.admin('PATCH', `/apps/acme/${name}`, changes)
  const url = `${server.http}/acme/${name}`
  const open: Caller = (method, path, body, headers) => sendJson(url + path, method, body, headers)
  const as = (token: string): Caller => {
    return (method, path, body, headers) =>
      open(method, path, body, { Authorization: `Bearer ${token}`, ...headers })
  }
  const { client_id, client_secret } = made
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const call = as(ok(await open('POST', '/token', grant)).json.access_token)
  if (settings) await change(settings)
  return {
    ...made,
    url,
    open,
    as,
    call,
    change,
    async register(...names) {
      for (const username of names) ok(await call('POST', '/users', { username, password: 'pw' }))
    },
    async login(username, password = 'pw') {
      const answer = await open('POST', '/token', { grant_type: 'password', username, password })
      return ok(answer).json.access_token
    },
  }
}

/** @throws Error when the answer is not 200 */
export function ok(answer: Received): Received {
  if (answer.status !== 200) throw new Error(`answered ${answer.status} ${answer.text}`)
  return answer
}

function sendJson(url: string, method: string, body: unknown, headers: Sent['headers'] = {}) {
  if (body === undefined) return send(url, { method, headers })
  const text = JSON.stringify(body)
  // Node frames the body of a DELETE only when it is told to.
  const length = { 'Content-Length': String(Buffer.byteLength(text)) }
  return send(url, { method, headers: { ...length, ...headers }, body: text })
}
