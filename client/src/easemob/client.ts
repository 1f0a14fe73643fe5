// What the calls of the Easemob dialect share: the app's address, its token, keys.
import { Caller, type CallOptions } from '../caller.ts'
import type { PosthouseError } from '../error.ts'
import type { Operation, Repeat } from '../operation.ts'
import { type CallerOptions, resolveOptions } from '../options.ts'
import { pathOf, type QueryValue } from '../path.ts'
import { easemobDialect } from './dialect.ts'
import { type Token, TokenSource } from './token-source.ts'

export interface EasemobOptions extends Omit<CallerOptions, 'baseUrl'> {
  /** Such as `https://a1.easemob.com`, or of a Posthouse server. */
  readonly baseUrl: string
  readonly org: string
  readonly app: string
  readonly clientId: string
  readonly clientSecret: string
  /**
   * The server is a Posthouse: it knows a request by its `Idempotency-Key`, so that what may have been executed can be
   * repeated. Easemob's own cloud does not: there, a send that is repeated may arrive twice.
   */
  readonly isPosthouse?: boolean
}

/** One call of the dialect, in the terms of its documentation. */
export interface EasemobCall {
  readonly method: string
  /** Below the app, with `:name` for each of `params`. */
  readonly template: string
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, QueryValue>>
  readonly body?: object | FormData
  /** Absent: `safe`, as reads, replacements and deletions are. */
  readonly repeat?: Repeat
  readonly expects?: readonly string[]
  /** Sent to a Posthouse as the `Idempotency-Key`; given, the call may be repeated there. */
  readonly key?: string
}

/** Calls the Easemob API as one app. Its functions are in the files beside this one; each takes it as the first argument. */
export class EasemobClient {
  readonly isPosthouse: boolean
  readonly #caller: Caller

  constructor({ org, app, clientId, clientSecret, isPosthouse = false, ...options }: EasemobOptions) {
    this.isPosthouse = isPosthouse
    const { baseUrl, clock } = resolveOptions(options)
    const below = { ...options, baseUrl: `${baseUrl}/${encodeURIComponent(org)}/${encodeURIComponent(app)}` }
    const none = { header: () => '', refuse: () => false }
    const tokens = new Caller(below, easemobDialect, none)
    const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
    const source = new TokenSource(async () => {
      // A second token does no harm.
      const repeat = { repeat: 'safe', expects: ['access_token'], quota: 'token' } as const
      const token = await tokens.call({
        method: 'POST',
        path: '/token',
        name: 'POST /token',
        body,
        ...repeat,
      })
      return token as Token
    }, clock)
    this.#caller = new Caller(below, easemobDialect, source)
  }

  /** What keeps calls from being made or repeated. */
  get state(): Caller['state'] {
    return this.#caller.state
  }

  /** Any call of the API. @returns the answer whole @throws PosthouseError */
  async request<Answer>(call: EasemobCall, options?: CallOptions): Promise<Answer> {
    const { method, template, params, query, body, repeat = 'safe', expects, key } = call
    const isKeyed = key !== undefined && this.isPosthouse
    const operation: Operation = {
      method,
      path: pathOf(template, params, query),
      name: `${method} ${template}`,
      body,
      ...(isKeyed && { headers: { 'Idempotency-Key': key } }),
      repeat: isKeyed ? 'keyed' : repeat,
      key,
      expects,
      quota: template,
    }
    return this.#caller.call(operation, options) as Promise<Answer>
  }
}

/** Was the request that failed so executed by an earlier attempt, of which no answer came? */
export function mayHaveSucceeded({ attempts }: PosthouseError): boolean {
  return attempts.some(({ outcome }) => outcome === 'unknown')
}
