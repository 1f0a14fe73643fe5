// The vendor's Web SDK, unmodified, under Node: with the globals of a browser that it asks for, led here by its own
// options only.
import { createRequire } from 'node:module'
import type { EasemobChat, EasemobChatStatic } from 'easemob-websdk'
import { actAsBrowser } from './browser-globals.ts'
import {
  ChatClient,
  connectionOptions,
  handlerNames,
  type Scope,
  type SdkOptions,
  type Served,
  type World,
} from './chat-client.ts'

const require = createRequire(import.meta.url)

/** Loaded once: it reads the globals when it is. */
export const webIm = (() => {
  actAsBrowser()
  const loaded: EasemobChatStatic = require('easemob-websdk')
  loaded.logger.disableAll()
  return loaded
})()

export class SdkClient extends ChatClient {
  readonly connection: EasemobChat.Connection

  /** Closed with the scope. */
  constructor(scope: Scope, served: Served, options: SdkOptions = {}) {
    super()
    this.connection = withUnheldIntervals(
      () => new webIm.connection({ ...connectionOptions(served), ...options }),
    )
    const record = (on: string) => (value: unknown) => this.record(on, value)
    const handlers = Object.fromEntries(handlerNames.map(name => [name, record(name)]))
    this.connection.addEventHandler('test', handlers as EasemobChat.EventHandlerType)
    scope.after(() => this.connection.close())
  }

  async send(options: EasemobChat.CreateMsgType): Promise<string> {
    const { serverMsgId } = await this.connection.send(webIm.message.create(options))
    return serverMsgId
  }
}

export function underNode(server: World['server']): World {
  return { server, client: async (scope, served, options) => new SdkClient(scope, served, options) }
}

/** The SDK never ends the interval it keeps house by: it must not keep the process. */
export function withUnheldIntervals<T>(make: () => T): T {
  const { setInterval } = globalThis
  const unheld = (...args: Parameters<typeof setInterval>) => setInterval(...args).unref()
  globalThis.setInterval = unheld as typeof setInterval
  try {
    return make()
  } finally {
    globalThis.setInterval = setInterval
  }
}
