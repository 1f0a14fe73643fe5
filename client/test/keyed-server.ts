// A server as a `fetch`: what it is asked it does once a key, and it fails as it is told. It counts what it has done by
// the text of a push or message, whatever key that came under.

/**
 * What becomes of one request. `lost` and `late` are executed, though their sender never hears of it. `busy`, `draining`,
 * `unauthorized` come before the key is looked at; `rejected` comes after it: what was done under it is done.
 */
export type Fate =
  | 'ok'
  | 'refused'
  | 'reset'
  | 'lost'
  | 'cut'
  | 'gateway'
  | 'late'
  | 'page'
  | 'busy'
  | 'draining'
  | 'unauthorized'
  | 'rejected'

export const fates: readonly Fate[] = [
  'ok',
  'refused',
  'reset',
  'lost',
  'cut',
  'gateway',
  'late',
  'page',
  'busy',
  'draining',
  'unauthorized',
  'rejected',
]

export interface KeyedServerOptions {
  /** Of the request for a send, or for what sends need: cids and tokens. */
  fateOf(kind: 'send' | 'support', text: string): Fate | Promise<Fate>
  now(): number
  /** How long a key is known, ms: a cid from when it was given, another from its first use. */
  readonly keyMs?: number
  /** Does it know messages by their `Idempotency-Key`? */
  readonly isPosthouse?: boolean
  /** Of a token, seconds. */
  readonly tokenSeconds?: number
}

export class KeyedServer {
  readonly #options: KeyedServerOptions
  /** Those that were used. */
  readonly #keys = new Set<string>()
  /** From when each is known. */
  readonly #keysAt = new Map<string, number>()
  /** How often each text has been sent to its receivers. */
  readonly executions = new Map<string, number>()
  /** In their order. */
  readonly executed: string[] = []
  /** Requests for sends, by their text. */
  readonly requests = new Map<string, number>()
  #cids = 0
  tokens = 0

  constructor(options: KeyedServerOptions) {
    this.#options = options
  }

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const { pathname, searchParams } = new URL(String(input))
    const body = typeof init?.body === 'string' ? JSON.parse(init.body) : {}
    const isPush = pathname === '/v3/push'
    const text: string = isPush ? body.notification.alert : (body.body?.msg ?? '')
    const isSend = isPush || pathname.includes('/messages/')
    if (isSend) this.requests.set(text, (this.requests.get(text) ?? 0) + 1)
    const fate = await this.#options.fateOf(isSend ? 'send' : 'support', text)
    init?.signal?.throwIfAborted()
    const header = this.#options.isPosthouse ? new Headers(init?.headers).get('idempotency-key') : null
    const key: string | null = isPush ? body.cid : header
    const done = () => {
      if (pathname === '/v3/push/cid') return this.#giveCids(Number(searchParams.get('count')))
      if (pathname.endsWith('/token')) return this.#giveToken()
      return this.#send(text, key, isPush ? { sendno: '0', msg_id: '7' } : { data: { bob: '7' } })
    }
    const isDone = fate === 'rejected' && isSend && this.#isKnown(key)
    return this.#answer(isDone ? 'ok' : fate, done, isPush || pathname === '/v3/push/cid')
  }

  #answer(fate: Fate, done: () => object, isJpush: boolean): Response {
    const refusal = (status: number, code: number, error: string, headers = {}) =>
      answer(
        status,
        isJpush ? { error: { code, message: error } } : { error, error_description: error },
        headers,
      )
    switch (fate) {
      case 'ok':
        return answer(200, done())
      case 'lost':
        done()
        throw broken('ECONNRESET')
      case 'late':
        done()
        return answer(504, {})
      case 'cut':
        done()
        return new Response('{"sendno":')
      case 'page':
        return new Response('<html>Welcome to the hotel</html>')
      case 'refused':
        throw broken('ECONNREFUSED')
      case 'reset':
        throw broken('ECONNRESET')
      case 'gateway':
        return answer(502, {})
      case 'busy':
        return refusal(429, 2002, 'reach_limit', { 'Retry-After': '1' })
      case 'draining':
        return refusal(503, 7030, 'server drains')
      case 'unauthorized':
        return refusal(401, 1004, 'unauthorized')
      case 'rejected':
        return refusal(400, 1009, 'illegal_argument')
    }
  }

  #giveCids(count: number): object {
    const cidlist = Array.from({ length: count }, () => `cid-${this.#cids++}`)
    for (const cid of cidlist) this.#keysAt.set(cid, this.#options.now())
    return { cidlist }
  }

  #giveToken(): object {
    return { access_token: `token-${++this.tokens}`, expires_in: this.#options.tokenSeconds ?? 5_184_000 }
  }

  #isKnown(key: string | null): boolean {
    const { now, keyMs = 24 * 3_600_000 } = this.#options
    return key !== null && this.#keys.has(key) && now() - this.#keysAt.get(key)! < keyMs
  }

  #send(text: string, key: string | null, body: object): object {
    if (this.#isKnown(key)) return body
    if (key !== null) {
      this.#keys.add(key)
      if (!this.#keysAt.has(key)) this.#keysAt.set(key, this.#options.now())
    }
    this.executions.set(text, (this.executions.get(text) ?? 0) + 1)
    this.executed.push(text)
    return body
  }
}

function answer(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers })
}

/** As the runtime says it. */
function broken(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
}
