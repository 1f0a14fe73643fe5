// A client of a test that speaks through the vendor's Web SDK, wherever the SDK runs, and the worlds it runs in.
import type { EasemobChat } from 'easemob-websdk'
import { type EasemobApp, makeEasemobApp } from './easemob-caller.ts'
import type { TestApp } from './start-app.ts'

export interface Scope {
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

/** What an app may set beside the address. */
export type SdkOptions = Partial<EasemobChat.ConnectionParameters>

/** Every handler an app can give the SDK. */
export const handlerNames = [
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
  'onReactionChange',
  'onChatThreadChange',
  'onMultiDeviceEvent',
]

/** What leads the SDK here, and nothing else does. */
export function connectionOptions({ http, org, app }: Served): EasemobChat.ConnectionParameters {
  return {
    appKey: `${org}#${app}`,
    isHttpDNS: false,
    apiUrl: http,
    url: `${http.replace('http', 'ws')}/websocket`,
    https: false,
  }
}

/** One client, and everything its handlers were told, in order. */
export abstract class ChatClient {
  abstract readonly connection: EasemobChat.Connection
  readonly events: SdkEvent[] = []
  #changed = Promise.withResolvers<void>()

  /** @returns the id that the server has given it */
  abstract send(options: EasemobChat.CreateMsgType): Promise<string>

  /** A handler was told something. */
  record(on: string, value: unknown): void {
    this.events.push({ on, value })
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
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

  text(to: string, msg: string, chatType: EasemobChat.ChatType = 'singleChat'): Promise<string> {
    return this.send({ type: 'txt', chatType, to, msg })
  }
}

/** Where the SDK runs: what is said of it in `*.conform.ts` holds in each. */
export interface World<Client extends ChatClient = ChatClient> {
  readonly server: () => TestApp
  /** Closed with the scope. */
  client(scope: Scope, served: Served, options?: SdkOptions): Promise<Client>
}

/** An app of one's own with these users. */
export async function appWith({ server }: World, ...names: string[]): Promise<EasemobApp> {
  const app = await makeEasemobApp(server())
  await app.register(...names)
  return app
}

export function clientOf<Client extends ChatClient>(
  scope: Scope,
  world: World<Client>,
  { org, app }: EasemobApp,
  options?: SdkOptions,
): Promise<Client> {
  return world.client(scope, { http: world.server().http, org, app }, options)
}

/** A client of each of these users, logged in. */
export function loggedIn<Client extends ChatClient, Names extends string[]>(
  scope: Scope,
  world: World<Client>,
  app: EasemobApp,
  ...names: Names
): Promise<{ [Name in keyof Names]: Client }> {
  const clients = names.map(async name => {
    const client = await clientOf(scope, world, app)
    await client.open(name)
    return client
  })
  return Promise.all(clients) as Promise<{ [Name in keyof Names]: Client }>
}

/** A device of a user, logged in: a browser takes all its pages for one device unless it is told otherwise. */
export async function device<Client extends ChatClient>(
  scope: Scope,
  world: World<Client>,
  app: EasemobApp,
  user: string,
  deviceId: string,
): Promise<Client> {
  const client = await clientOf(scope, world, app, { isFixedDeviceId: false, deviceId })
  await client.open(user)
  return client
}
