// What the calls of the Easemob dialect share: the app's address, its token, keys.
import { type Authority, Caller, type CallerState, type CallOptions, type FileContent } from '../caller.ts'
import type { Operation, Repeat } from '../operation.ts'
import { type CallerOptions, resolveOptions } from '../options.ts'
import { pathOf, type QueryValue } from '../path.ts'
import { type Edition, easemobDialect, quotaOf } from './dialect.ts'
import { meetsOf } from './meets.ts'
import { type Token, TokenSource } from './token-source.ts'

interface AppAddress extends Omit<CallerOptions, 'baseUrl'> {
  /** Such as `https://a1.easemob.com`, or of a Posthouse server. */
  readonly baseUrl: string
  readonly org: string
  readonly app: string
  /**
   * The server is a Posthouse: it knows a request by its `Idempotency-Key`, so that what may have been executed can be
   * repeated. Easemob's own cloud does not: there, a send that is repeated may arrive twice.
   */
  readonly isPosthouse?: boolean
  /**
   * What a 503 means that says nothing more: `seed` (default), by the vendor's first documents, a limit, before which nothing
   * was executed; `live`, by its later ones, trouble of the server, after which a send may have been.
   */
  readonly edition?: Edition
}

interface AppCredentials {
  readonly clientId: string
  readonly clientSecret: string
}

interface UserCredentials {
  /** Of a user (`createUserToken`): calls are made in the user's name. It is not renewed. */
  readonly token: string
}

/** An app of the Easemob API, or one of its users, and how its calls are made. */
export type EasemobOptions = AppAddress & (AppCredentials | UserCredentials)

/** One call of the dialect, in the terms of its documentation. */
export interface EasemobCall {
  readonly method: string
  /** Below the app, with `:name` for each of `params`. */
  readonly template: string
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, QueryValue>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object | FormData | URLSearchParams
  /** Absent: `safe`, as reads, replacements and deletions are. */
  readonly repeat?: Repeat
  /** How many messages it carries, for `rates`. Default 1. */
  readonly units?: number
  /** A `FileContent` comes instead of JSON. */
  readonly answers?: 'file'
  readonly expects?: readonly string[]
  /** Sent to a Posthouse as the `Idempotency-Key`; given, the call may be repeated there. */
  readonly key?: string
}

/**
 * Calls the Easemob API as one app, or as one of its users. Its functions are in the files beside this one; each takes it
 * as the first argument, throws a PosthouseError where it does not succeed, and says what more there is to know.
 */
export class EasemobClient {
  readonly isPosthouse: boolean
  readonly #address: AppAddress
  readonly #caller: Caller

  constructor(options: EasemobOptions) {
    const { clientId, clientSecret, token, ...address } = options as AppAddress &
      AppCredentials &
      UserCredentials
    const { org, app, isPosthouse = false, edition = 'seed', ...rest } = address
    const dialect = easemobDialect(edition)
    this.isPosthouse = isPosthouse
    this.#address = address
    const { baseUrl, clock } = resolveOptions(rest)
    const below = { ...rest, baseUrl: `${baseUrl}/${encodeURIComponent(org)}/${encodeURIComponent(app)}` }
    if (token !== undefined) {
      this.#caller = new Caller(below, dialect, {
        header: () => `Bearer ${token}`,
        refuse: () => false,
        isUsers: true,
      })
      return
    }
    const tokens = new Caller(below, dialect, nobody)
    const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
    const source = new TokenSource(async () => {
      // A second token does no harm.
      const repeat = { repeat: 'safe', expects: ['access_token'], quota: 'token' } as const
      const granted = await tokens.call({
        method: 'POST',
        path: '/token',
        name: 'POST /token',
        body,
        ...repeat,
      })
      return granted as Token
    }, clock)
    this.#caller = new Caller(below, dialect, source)
  }

  /** What keeps calls from being made or repeated. */
  get state(): CallerState {
    return this.#caller.state
  }

  /** Retries that dried up while the server was down are made again at once: for a person who knows that it is back. */
  resetRetryQuota(): void {
    this.#caller.resetRetryQuota()
  }

  /** The same app, called by one of its users: for what users do themselves, such as `joinGroup`. Its breaker is its own. */
  asUser(token: string): EasemobClient {
    return new EasemobClient({ ...this.#address, token })
  }

  /** Any call of the API. @returns the answer whole @throws PosthouseError */
  async request<Answer>(call: EasemobCall, options?: CallOptions): Promise<Answer> {
    const { method, template, params, query, headers, body, repeat = 'safe', answers, expects, key } = call
    const { units } = call
    const isKeyed = key !== undefined && this.isPosthouse
    const operation: Operation = {
      method,
      path: pathOf(template, params, query),
      name: `${method} ${template}`,
      body,
      headers: { ...headers, ...(isKeyed && { 'Idempotency-Key': key }) },
      repeat: isKeyed ? 'keyed' : repeat,
      key,
      answers,
      expects,
      quota: quotaOf(template),
      meets: meetsOf(template),
      units,
    }
    return this.#caller.call(operation, options) as Promise<Answer>
  }

  /** The file at an address that an answer named: on whatever host, so without credentials. @throws PosthouseError */
  async fetchFile(url: string, options?: CallOptions): Promise<FileContent> {
    const { origin, pathname, search } = new URL(url)
    const caller = new Caller({ ...this.#address, baseUrl: origin }, easemobDialect('live'), nobody)
    // The query has a signature in it: it is not named.
    const name = `GET ${origin}`
    const operation = {
      method: 'GET',
      path: pathname + search,
      name,
      repeat: 'safe',
      answers: 'file',
    } as const
    return caller.call({ ...operation, quota: name }, options) as Promise<FileContent>
  }
}

const nobody: Authority = { header: () => '', refuse: () => false }
