// What the calls of the JPush dialect share: hosts, credentials, cids.
import { basicAuthority } from '../authority.ts'
import { Caller, type CallerState, type CallOptions } from '../caller.ts'
import { tell } from '../observer.ts'
import type { Operation, Repeat } from '../operation.ts'
import { type CallerOptions, resolveOptions } from '../options.ts'
import { pathOf, type QueryValue } from '../path.ts'
import { makeUuid } from '../uuid.ts'
import { CidPool, type CidPoolOptions, cidPoolDefaults } from './cid-pool.ts'
import { jpushDialect } from './dialect.ts'

/** JPush's own hosts, by what is called (jpush.md §1.1). */
const vendorHosts = {
  push: 'https://api.jpush.cn',
  report: 'https://report.jpush.cn',
  device: 'https://device.jpush.cn',
  admin: 'https://admin.jpush.cn',
} as const

/** Which of JPush's hosts a call goes to; at a Posthouse they are one. */
export type JpushHost = keyof typeof vendorHosts

/** An app of the JPush API, and how its calls are made. */
export interface JpushOptions extends Omit<CallerOptions, 'baseUrl'> {
  /** Of a Posthouse server; absent: JPush's own hosts. */
  readonly baseUrl?: string
  readonly appKey: string
  readonly masterSecret: string
  /** How cids for pushes and schedules are fetched ahead. */
  readonly cids?: Partial<CidPoolOptions>
}

/** An app group, and how its calls are made. */
export interface JpushGroupOptions extends Omit<JpushOptions, 'appKey' | 'cids'> {
  /** As the vendor's console shows it; with `group-` before it or without. */
  readonly groupKey: string
}

/** A developer account, and how its calls are made. */
export interface JpushDeveloperOptions extends Omit<JpushOptions, 'appKey' | 'masterSecret' | 'cids'> {
  readonly devKey: string
  readonly devSecret: string
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

/** Whatever the JPush API may be called as. */
export class JpushCaller {
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
  stateOf(host: JpushHost): CallerState {
    return this.#callers[host].state
  }

  /** Retries that dried up while a server was down are made again at once: for a person who knows that it is back. */
  resetRetryQuota(): void {
    for (const caller of Object.values(this.#callers)) caller.resetRetryQuota()
  }

  /** Any call of the API. @returns the answer whole @throws PosthouseError */
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
      // The vendor has one text for none and for wrong ones; some are always sent.
      meets: ['credentials_wrong'],
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
        () => `${appKey}-${makeUuid()}`,
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

/** Calls the JPush API as a developer account: for the apps of its organisation, and files for pushes to their groups. */
export class JpushDeveloperClient extends JpushCaller {
  constructor({ devKey, devSecret, ...options }: JpushDeveloperOptions) {
    super(devKey, { ...options, masterSecret: devSecret })
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
