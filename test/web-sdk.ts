// The vendor's Web SDK, unmodified, under Node: with the globals of a browser that it asks for, led here by its own
// options only.
import { createRequire } from 'node:module'
import type { TestContext } from 'node:test'
import type { EasemobChat, EasemobChatStatic } from 'easemob-websdk'

const require = createRequire(import.meta.url)

export type Connection = EasemobChat.Connection

/** Loaded once: it reads the globals when it is. */
const sdk = (() => {
  const { XMLHttpRequest } = require('xmlhttprequest-ssl')
  Object.assign(globalThis, { self: globalThis, window: globalThis, XMLHttpRequest })
  const loaded: EasemobChatStatic = require('easemob-websdk')
  loaded.logger.disableAll()
  return loaded
})()

export const { message } = sdk

export interface Served {
  readonly http: string
  readonly org: string
  readonly app: string
}

/** A client of its own, closed with the test. @param options what an app may set beside the address */
export function connection(
  t: TestContext,
  { http, org, app }: Served,
  options: Partial<EasemobChat.ConnectionParameters> = {},
): Connection {
  const client = new sdk.connection({
    appKey: `${org}#${app}`,
    isHttpDNS: false,
    apiUrl: http,
    url: `${http.replace('http', 'ws')}/websocket`,
    https: false,
    ...options,
  })
  t.after(() => client.close())
  return client
}
