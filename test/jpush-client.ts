// An app server that speaks the JPush dialect to the server under test.
import { basic, type Received, send } from './http-client.ts'
import type { TestApp } from './start-app.ts'

export interface Credentials {
  readonly app_key: string
  readonly master_secret: string
}

export interface JpushApp extends Credentials {
  call(method: string, path: string, body?: string | object): Promise<Received>
  /** Calls and returns the body; throws on anything but 200. */
  ok(method: string, path: string, body?: string | object): Promise<any>
  /** Pushes; returns the msg_id. */
  push(push: object): Promise<string>
}

export function jpushApp({ http }: Pick<TestApp, 'http'>, credentials: Credentials): JpushApp {
  const headers = { Authorization: basic(credentials.app_key, credentials.master_secret) }
  const call: JpushApp['call'] = (method, path, body) =>
    send(`${http}${path}`, { method, headers, ...(body !== undefined && { body }) })
  const ok: JpushApp['ok'] = async (method, path, body) => {
    const { status, text, json } = await call(method, path, body)
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${text}`)
    return json
  }
  return { ...credentials, call, ok, push: async push => (await ok('POST', '/v3/push', push)).msg_id }
}

/** An app of the organisation `jpush`, which knows its name in the admin API. */
export interface NamedJpushApp extends JpushApp {
  readonly name: string
}

let lastApp = 0

/** A new app of its own on the server, so that no test meets another's devices. */
export async function makeJpushApp(app: TestApp, settings?: object): Promise<NamedJpushApp> {
  const name = `app${++lastApp}`
  const made = await app.admin('POST', '/apps', { org: 'jpush', app: name })
  if (settings) await app.admin('PATCH', `/apps/jpush/${name}`, settings)
  return { ...jpushApp(app, made), name }
}
