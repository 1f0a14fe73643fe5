// The desk of an outbox elsewhere, behind its service's `outboxHandler`.
import { exchange } from '../exchange.ts'
import { objectOf } from '../json.ts'
import type { ByHand, Desk, HandResult, Look, ResendOptions, Target } from './desk.ts'
import type { OutboxContent, OutboxItem } from './item.ts'
import type { Name, Protocol } from './protocol.ts'
import type { AuditFilter, AuditRow, Imported, ItemFilter } from './store.ts'

/** What the service says against it, or why there is no answer. Holds no token. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError'
  /** Absent: no answer came; a change that was asked for may have been made. */
  readonly status: number | undefined
  /** Of the service's own answers, such as `unauthorised`. */
  readonly id: string | undefined

  constructor(message: string, status?: number, id?: string) {
    super(message)
    this.status = status
    this.id = id
  }
}

/** Which service's outbox. */
export interface RemoteOptions {
  /** Where the handler is mounted, such as `https://app.example/outbox`. */
  readonly url: string
  readonly token: string
  readonly timeoutMs?: number
  readonly fetch?: typeof fetch
}

const bytesMax = { success: 64 * 1_048_576, file: 0, error: 65_536 }

/** What `outbox.desk` has, asked over HTTP. Its calls throw a `RemoteError`. */
export class RemoteDesk implements Desk {
  readonly #url: string
  readonly #token: string
  readonly #timeoutMs: number
  readonly #fetch: typeof fetch

  /** @throws TypeError for an address that is none, or has a password in it */
  constructor({ url, token, timeoutMs = 30_000, fetch: given }: RemoteOptions) {
    const { protocol, username, password, origin, pathname } = new URL(url)
    if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError('not an address of http or https')
    if (username || password) throw new TypeError('an address is printed: it holds no password')
    this.#url = origin + pathname.replace(/\/*$/, '')
    this.#token = token
    this.#timeoutMs = timeoutMs
    this.#fetch = given ?? ((input, init) => fetch(input, init))
  }

  async look(itemId: string): Promise<Look | undefined> {
    return (await this.#call('look', { itemId })).look ?? undefined
  }

  async list(filter: ItemFilter, count: number, after?: string): Promise<readonly OutboxItem[]> {
    return (await this.#call('list', { filter, count, ...(after !== undefined && { after }) })).items
  }

  async count(filter: ItemFilter): ReturnType<Desk['count']> {
    return (await this.#call('count', { filter })).counts
  }

  async audits(filter: AuditFilter, count: number, after?: string): Promise<readonly AuditRow[]> {
    return (await this.#call('audits', { filter, count, ...(after !== undefined && { after }) })).audits
  }

  async resend(targets: readonly Target[], options: ResendOptions = {}): Promise<readonly HandResult[]> {
    return (await this.#call('resend', { targets, options })).results
  }

  async cancel(
    targets: readonly Target[],
    options: Omit<ResendOptions, 'mayDuplicate'> = {},
  ): Promise<readonly HandResult[]> {
    return (await this.#call('cancel', { targets, options })).results
  }

  async undo(
    actionId: string,
    targets: readonly Target[],
    options: ByHand = {},
  ): Promise<readonly HandResult[]> {
    return (await this.#call('undo', { actionId, targets, options })).results
  }

  async edit(target: Target, content: OutboxContent, options: ByHand = {}): Promise<HandResult> {
    return (await this.#call('edit', { target, content, options })).result
  }

  import(items: readonly OutboxItem[], options: ByHand = {}): Promise<Imported> {
    return this.#call('import', { items, options })
  }

  async #call<N extends Name>(name: N, asked: Protocol[N]['asked']): Promise<Protocol[N]['answered']> {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${this.#token}` }
    const request = { method: 'POST', url: `${this.#url}/${name}`, headers, body: JSON.stringify(asked) }
    const answer = await exchange(request, { fetch: this.#fetch, timeoutMs: this.#timeoutMs, bytesMax })
    if (answer.is === 'broken') throw new RemoteError(`${this.#url} does not answer: ${answer.detail}`)
    const { status, text, isOversize } = answer
    const body = isOversize ? undefined : objectOf(parse(text))
    if (status === 200 && body) return body as Protocol[N]['answered']
    const { id, message } = objectOf(body?.error) ?? {}
    if (typeof id === 'string' && typeof message === 'string')
      throw new RemoteError(status < 405 && status > 400 ? `${this.#url}: ${message}` : message, status, id)
    throw new RemoteError(`${this.#url} answers ${status}, and not as an outbox does`, status)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
