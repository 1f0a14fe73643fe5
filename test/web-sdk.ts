// The vendor's Web SDK, unmodified, under Node: with the globals of a browser that it asks for, led here by its own
// options only.
import { createRequire } from 'node:module'
import type { EasemobChat, EasemobChatStatic } from 'easemob-websdk'

const require = createRequire(import.meta.url)

/** Loaded once: it reads the globals when it is. */
export const webIm = (() => {
  const { XMLHttpRequest } = require('xmlhttprequest-ssl')
  Object.assign(globalThis, { self: globalThis, window: globalThis, XMLHttpRequest })
  const loaded: EasemobChatStatic = require('easemob-websdk')
  loaded.logger.disableAll()
  return loaded
})()

interface Scope {
  after(fn: () => Promise<void> | void): void
}

export interface Served {
  /** Base URL. */
  readonly http: string
  readonly org: string
  readonly app: string
}

export interface SdkEvent {
  /** The handler's name. */
  readonly on: string
  readonly value: any
}

/** Every handler an app can give the SDK. */
const handlerNames = [
  'onConnected',
  'onDisconnected',
  'onError',
  'onTokenWillExpire',
  'onTokenExpired',
  'onOfflineMessageSyncStart',
  'onOfflineMessageSyncFinish',
  'onTextMessage',
  'onImageMessage',
  'onVideoMessage',
  'onAudioMessage',
  'onFileMessage',
  'onLocationMessage',
  'onCmdMessage',
  'onCustomMessage',
  'onCombineMessage',
  'onReceivedMessage',
  'onDeliveredMessage',
  'onReadMessage',
  'onChannelMessage',
  'onRecallMessage',
  'onModifiedMessage',
  'onGroupEvent',
  'onChatroomEvent',
  'onContactInvited',
  'onContactDeleted',
  'onContactAdded',
  'onContactRefuse',
  'onContactAgreed',
  'onPresenceStatusChange',
]

/** One client, and everything its handlers were told, in order. */
export class SdkClient {
  readonly connection: EasemobChat.Connection
  readonly events: SdkEvent[] = []
  #changed = Promise.withResolvers<void>()

  /** Closed with the scope. @param options what an app may set beside the address */
  constructor(
    scope: Scope,
    { http, org, app }: Served,
    options: Partial<EasemobChat.ConnectionParameters> = {},
  ) {
    this.connection = withUnheldIntervals(
      () =>
        new webIm.connection({
          appKey: `${org}#${app}`,
          isHttpDNS: false,
          apiUrl: http,
          url: `${http.replace('http', 'ws')}/websocket`,
          https: false,
          ...options,
        }),
    )
    const record = (on: string) => (value: unknown) => {
      this.events.push({ on, value })
      this.#changed.resolve()
      this.#changed = Promise.withResolvers()
    }
    const handlers = Object.fromEntries(handlerNames.map(name => [name, record(name)]))
    this.connection.addEventHandler('test', handlers as EasemobChat.EventHandlerType)
    scope.after(() => this.connection.close())
  }

  async open(user: string, password = 'pw'): Promise<void> {
    await this.connection.open({ user, pwd: password })
  }

  /** What the handler was told so far, oldest first. */
  told(on: string): any[] {
    return this.events.filter(event => event.on === on).map(({ value }) => value)
  }

  /** Waits until the handler was told `count` times. @throws Error with what happened instead */
  async heard(on: string, count = 1, withinMs = 10_000): Promise<any[]> {
    const deadline = AbortSignal.timeout(withinMs)
    const late = new Promise<void>(resolve => deadline.addEventListener('abort', () => resolve()))
    while (this.told(on).length < count) {
      if (deadline.aborted)
        throw new Error(
          `${on} came ${this.told(on).length} times, not ${count}: ${JSON.stringify(this.events)}`,
        )
      await Promise.race([this.#changed.promise, late])
    }
    return this.told(on)
  }

  /** @returns the id that the server has given it */
  async send(options: EasemobChat.CreateMsgType): Promise<string> {
    const { serverMsgId } = await this.connection.send(webIm.message.create(options))
    return serverMsgId
  }

  text(to: string, msg: string, chatType: EasemobChat.ChatType = 'singleChat'): Promise<string> {
    return this.send({ type: 'txt', chatType, to, msg })
  }
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
