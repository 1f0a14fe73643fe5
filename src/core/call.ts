// One command on its way through the core: who called, and what is to be done once its rows are committed.

import type { Wake } from '../contract/operations/wakes.ts'
import type { CallerFacts } from '../contract/operations.ts'
import type { App } from './apps.ts'
import type { World } from './world.ts'

export type Principal =
  | { readonly is: 'nobody' }
  | { readonly is: 'app' }
  | { readonly is: 'app_group'; readonly groupId: number; readonly org: string; readonly ip: string }
  | { readonly is: 'developer'; readonly developerId: number; readonly org: string; readonly key: string }
  | {
      readonly is: 'user'
      readonly uid: number
      readonly username: string
      /** Epoch ms; Infinity = never. */
      readonly tokenExpiresAt: number
    }
  | { readonly is: 'device'; readonly deviceId: number }
  | { readonly is: 'door' }

export interface Admission {
  /** Absent for a door's own commands. */
  readonly app: App | undefined
  readonly principal: Principal
  readonly facts: CallerFacts
}

/** An attempt has ended before it has written anything: the work is to begin anew after `until`. */
export class Postponed extends Error {
  readonly until: Promise<void>

  constructor(until: Promise<void>) {
    super('the work is to begin anew later')
    this.until = until
  }
}

export class Call {
  readonly world: World
  readonly principal: Principal
  readonly request: string
  readonly #app: App | undefined
  #effects: (() => void)[] = []
  #now: number
  #hasSpent = false
  /** Whoever runs the work begins it anew when it is postponed. */
  mayPostpone = false

  constructor(world: World, { app, principal }: Admission, request: string) {
    this.world = world
    this.#app = app
    this.principal = principal
    this.request = request
    this.#now = world.clock.now()
  }

  /** The caller's app. A door's own command has none, and asking for it is a bug. */
  get app(): App {
    if (!this.#app) throw new Error('this operation needs a caller that belongs to an app')
    return this.#app
  }

  /** Whose keys of repeats these are: two callers may use the same. */
  get keyOwner(): number {
    return this.principal.is === 'app_group' ? -this.principal.groupId : this.app.appId
  }

  /** A part of this command that happens in another app; its effects come with this one's. */
  within(app: App): Call {
    const part = new Call(this.world, { app, principal: { is: 'app' }, facts: {} }, this.request)
    this.afterCommit(() => part.committed())
    return part
  }

  /** Has the app been deleted since the caller was admitted? */
  get isOrphaned(): boolean {
    return this.#app !== undefined && !this.world.apps.findById(this.#app.appId)
  }

  /** The one moment (epoch ms) at which all of this command happens. */
  get now(): number {
    return this.#now
  }

  /** What the command spends of a quota: it may run again after a rollback, but pays once. */
  spendOnce(spend: () => void): void {
    if (this.#hasSpent) return
    spend()
    this.#hasSpent = true
  }

  /**
   * The work goes on at once where it may not wait.
   * @throws Postponed
   */
  postpone(until: Promise<void>): void {
    if (this.mayPostpone) throw new Postponed(until)
  }

  /** Sent after the commit; dropped when there is none. */
  wake(wake: Wake): void {
    this.afterCommit(() => this.world.wake(wake))
  }

  /** An effect outside the database, such as a cache to renew. */
  afterCommit(effect: () => void): void {
    this.#effects.push(effect)
  }

  /** The work begins (again, after a rollback): forget what an earlier attempt wanted done. */
  begin(): void {
    this.#now = this.world.clock.now()
    this.#effects = []
  }

  committed(): void {
    for (const effect of this.#effects) effect()
    this.#effects = []
  }
}
