// What the calls of the JPush dialect share: hosts, credentials, cids.
import { basicAuthority } from '../authority.ts'
import { Caller, type CallOptions } from '../caller.ts'
import { tell } from '../observer.ts'
import type { Operation, Repeat } from '../operation.ts'
import { type CallerOptions, resolveOptions } from '../options.ts'
import { pathOf, type QueryValue } from '../path.ts'
import { CidPool, type CidPoolOptions, cidPoolDefaults } from './cid-pool.ts'
import { jpushDialect } from './dialect.ts'

/** JPush's own hosts, by what is called (jpush.md §1.1). */
const vendorHosts = {
  push: 'https://api.jpush.cn',
  report: 'https://report.jpush.cn',
  device: 'https://device.jpush.cn',
} as const

export type JpushHost = keyof typeof vendorHosts

export interface JpushOptions extends Omit<CallerOptions, 'baseUrl'> {
  /** Of a Posthouse server; absent: JPush's own hosts. */
  readonly baseUrl?: string
  readonly appKey: string
  readonly masterSecret: string
  readonly cids?: Partial<CidPoolOptions>
}

export interface JpushGroupOptions extends Omit<JpushOptions, 'appKey' | 'cids'> {
  readonly groupKey: string
}

/** One call of the dialect, in the terms of its documentation. */
export interface JpushCall {
  readonly host?: JpushHost
  readonly method: string
  /** With `:name` for each of `params`. */
  readonly template: string
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, QueryValue>>
  readonly body?: object | FormData
  /** Absent: `safe`, as reads, replacements and deletions are. */
  readonly repeat?: Repeat
  readonly key?: string
  readonly quota?: string
  readonly expects?: readonly string[]
}

class JpushCaller {
  readonly #callers: Readonly<Record<JpushHost, Caller>>

  constructor(user: string, { masterSecret, baseUrl, ...options }: Omit<JpushOptions, 'appKey'>) {
    const authority = basicAuthority(user, masterSecret)
    const callerOf = (base: string) => new Caller({ ...options, baseUrl: base }, jpushDialect, authority)
    // Limits and health belong to a host: where all calls go to one, they share its breaker.
    const one = baseUrl === undefined ? undefined : callerOf(baseUrl)
    const hosts = Object.entries(vendorHosts).map(([name, base]) => [name, one ?? callerOf(base)])
    this.#callers = Object.fromEntries(hosts) as Record<JpushHost, Caller>
  }

  /** What keeps calls to a host from being made or repeated. */
  stateOf(host: JpushHost): Caller['state'] {
    return this.#callers[host].state
  }

  /** @throws PosthouseError */
  async request<Answer>(call: JpushCall, options?: CallOptions): Promise<Answer> {
    const {
      host = 'push',
      method,
      template,
      params,
      query,
      body,
      repeat = 'safe',
      key,
      quota,
      expects,
    } = call
    const operation: Operation = {
      method,
      path: pathOf(template, params, query),
      name: `${method} ${template}`,
      body,
      repeat,
      key,
      quota: quota ?? host,
      expects,
    }
    return this.#callers[host].call(operation, options) as Promise<Answer>
  }
}

/** Calls the JPush API as one app. Its functions are in the files beside this one; each takes it as the first argument. */
export class JpushClient extends JpushCaller {
  /** cids for pushes, and for schedules. */
  readonly cids: Readonly<Record<'push' | 'schedule', CidPool>>

  constructor({ appKey, cids, ...options }: JpushOptions) {
    super(appKey, options)
    const { baseUrl, clock, observers, logger } = resolveOptions({ baseUrl: vendorHosts.push, ...options })
    const place = { dialect: 'jpush', host: new URL(baseUrl).host, operation: 'GET /v3/push/cid' } as const
    const poolOf = (type: 'push' | 'schedule') =>
      new CidPool(
        count => fetchCids(this, type, count),
        { ...cidPoolDefaults, ...cids },
        clock,
        (left, isStarved) => tell(observers, { ...place, is: 'cids', type, left, isStarved }, logger),
      )
    this.cids = { push: poolOf('push'), schedule: poolOf('schedule') }
  }
}

/** Calls the JPush API as an app group: for group pushes and their reports. */
export class JpushGroupClient extends JpushCaller {
  constructor({ groupKey, ...options }: JpushGroupOptions) {
    super(`group-${groupKey.replace(/^group-/, '')}`, options)
  }
}

/** Fetched cids that are not used are forgotten by the server after a day. @param count 1–1000 */
export async function fetchCids(
  client: JpushClient,
  type: 'push' | 'schedule',
  count: number,
  options?: CallOptions,
): Promise<readonly string[]> {
  const { cidlist } = await client.request<{ readonly cidlist: readonly string[] }>(
    { method: 'GET', template: '/v3/push/cid', query: { count, type }, expects: ['cidlist.0'] },
    options,
  )
  return cidlist
}
