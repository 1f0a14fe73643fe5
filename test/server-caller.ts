// Speaks every dialect to a server in another process, as its demo app.
import type { Runtime } from '../src/runtime-file.ts'
import { basic, type Received, type Sent, send } from './http-client.ts'

export interface ServerCaller {
  readonly http: string
  admin(method: string, path: string, body?: object): Promise<Received>
  /** With the app's token, got on the first call. */
  easemob(method: string, path: string, body?: object, headers?: Sent['headers']): Promise<Received>
  jpush(method: string, path: string, body?: object): Promise<Received>
  /** Registers a device. @returns its registration id */
  device(): Promise<string>
}

export function callerOf({ http, admin_token, apps }: Runtime): ServerCaller {
  const demo = apps.find(({ org, app }) => org === 'demo' && app === 'chat')!
  const base = `${http}/demo/chat`
  let token: Promise<string> | undefined
  const getToken = async () => {
    const { client_id, client_secret } = demo
    const answer = await send(`${base}/token`, {
      body: { grant_type: 'client_credentials', client_id, client_secret },
    })
    return answer.json.access_token as string
  }
  const call = (
    url: string,
    method: string,
    Authorization: string,
    body?: object,
    headers?: Sent['headers'],
  ) => send(url, { method, headers: { Authorization, ...headers }, ...(body && { body }) })
  return {
    http,
    admin: (method, path, body) => call(`${http}/admin/v1${path}`, method, `Bearer ${admin_token}`, body),
    async easemob(method, path, body, headers) {
      token ??= getToken()
      return call(base + path, method, `Bearer ${await token}`, body, headers)
    },
    jpush: (method, path, body) => call(http + path, method, basic(demo.app_key, demo.master_secret), body),
    async device() {
      const answer = await call(`${http}/device/v1/registrations`, 'POST', basic(demo.app_key, ''), {
        platform: 'android',
      })
      return answer.json.registration_id
    },
  }
}
