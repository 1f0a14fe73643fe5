// The vendor's Web SDK, as it is published, in a page: what `SdkClient` is under Node.
import { join } from 'node:path'
import { after, before } from 'node:test'
import type { EasemobChat } from 'easemob-websdk'
import type { Page } from 'playwright-core'
import { noBrowser, openPage } from './browser.ts'
import {
  ChatClient,
  connectionOptions,
  handlerNames,
  type Scope,
  type SdkOptions,
  type Served,
  type World,
} from './chat-client.ts'

const sdkFile = join(import.meta.dirname, '..', 'node_modules', 'easemob-websdk', 'Easemob-chat.js')

type Outcome = { readonly answer: any } | { readonly error: { readonly message: string } }

/** Runs in the page: keeps its clients by number, and passes on what their handlers are told. */
function prepare(names: string[]): void {
  const { websdk, tell } = globalThis as any
  websdk.logger.disableAll()
  const clients: any[] = []
  const outcomeOf = (call: () => Promise<unknown>): Promise<Outcome> =>
    // The SDK throws what is no Error, with requests of the browser in it.
    Promise.try(call).then(
      answer => ({ answer }),
      ({ type, message }) => ({ error: { type, message } }),
    )
  Object.assign(globalThis, {
    clients,
    connect(at: number, options: object) {
      clients[at] = new websdk.connection(options)
      const record = (on: string) => (value: unknown) => {
        tell(at, on, value)
      }
      clients[at].addEventHandler('page', Object.fromEntries(names.map(name => [name, record(name)])))
    },
    call: (at: number, method: string, ...args: unknown[]) => outcomeOf(() => clients[at][method](...args)),
    send: (at: number, options: any, content?: { bytes: Uint8Array<ArrayBuffer>; type: string }) =>
      outcomeOf(() => {
        const { file } = options
        if (content) file.data = new File([content.bytes], file.filename, { type: content.type })
        return clients[at].send(websdk.message.create(options))
      }),
  })
}

export class PageClient extends ChatClient {
  readonly connection: EasemobChat.Connection
  readonly #page: Page
  readonly #at: number

  /** @param at its number in the page */
  constructor(page: Page, at: number) {
    super()
    this.#page = page
    this.#at = at
    this.connection = new Proxy({} as EasemobChat.Connection, {
      get:
        (_, method) =>
        (...args: unknown[]) =>
          this.#ask('call', method, ...args),
    })
  }

  async send(options: EasemobChat.CreateMsgType): Promise<string> {
    const { serverMsgId } = await this.#ask('send', ...(await inParts(options)))
    return serverMsgId
  }

  /** Runs the body of a function in the page, with the connection as `client`. */
  run(body: string): Promise<any> {
    return this.#page.evaluate(`(async client => { ${body} })(clients[${this.#at}])`)
  }

  /** @throws Error with the `type` that the SDK gives what it rejects with */
  async #ask(what: 'call' | 'send', ...args: unknown[]): Promise<any> {
    const outcome: Outcome = await this.#page.evaluate(
      ([called, ...given]) => (globalThis as any)[called as string](...given),
      [what, this.#at, ...args],
    )
    if ('error' in outcome) throw Object.assign(new Error(), outcome.error)
    return outcome.answer
  }
}

/** A file does not cross over to the page; its bytes do. */
async function inParts(options: EasemobChat.CreateMsgType): Promise<unknown[]> {
  if (!('file' in options) || !(options.file?.data instanceof File)) return [options]
  const { data, ...file } = options.file
  return [
    { ...options, file },
    { bytes: new Uint8Array(await data.arrayBuffer()), type: data.type },
  ]
}

/** A page with the SDK, and its clients. */
class SdkPage {
  readonly #page: Page
  readonly #clients: PageClient[] = []

  private constructor(page: Page) {
    this.#page = page
  }

  static async load(page: Page): Promise<SdkPage> {
    const loaded = new SdkPage(page)
    await page.exposeBinding('tell', (_source, at: number, on: string, value: unknown) =>
      loaded.#clients[at]!.record(on, value),
    )
    await page.addScriptTag({ path: sdkFile })
    await page.evaluate(prepare, handlerNames)
    return loaded
  }

  /** Closed with the scope. */
  async client(scope: Scope, served: Served, options: SdkOptions = {}): Promise<PageClient> {
    const at = this.#clients.length
    const client = new PageClient(this.#page, at)
    this.#clients.push(client)
    await this.#page.evaluate(given => (globalThis as any).connect(...given), [
      at,
      { ...connectionOptions(served), ...options },
    ] as const)
    scope.after(() => client.connection.close())
    return client
  }
}

/** One page for all tests of a file; without clients where there is no browser. */
export function inChromium(server: World['server']): World<PageClient> {
  const closers: (() => Promise<void> | void)[] = []
  let opening: Promise<Page> | undefined
  let loaded: SdkPage | undefined
  before(async () => {
    if (noBrowser) return
    opening = openPage({ after: closer => closers.push(closer) })
    loaded = await SdkPage.load(await opening)
  })
  after(async () => {
    // Where the server does not start, nobody has waited for the browser.
    await opening?.catch(() => {})
    for (const close of closers.toReversed()) await close()
  })
  return { server, client: (scope, served, options) => loaded!.client(scope, served, options) }
}
