// Of which apps anybody is bound to a device: what every message asks before it looks for devices of its receivers.
import { ownNotifier } from '../contract/operations/notifications.ts'
import type { Sql } from '../store/db.ts'
import { hasBindings, type Reach } from '../store/user-bindings.ts'
import type { Call } from './call.ts'

export class BoundApps {
  /** Once somebody was bound it stays true: then each message looks for devices, and finds none when nobody is left. */
  readonly #known = new Map<string, boolean>()

  async has(call: Call, sql: Sql, reach: Reach): Promise<boolean> {
    const { appId } = call.app
    const key = keyOf(appId, reach)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const isBound = await hasBindings(sql, appId, reach, ownNotifier)
    // Not before the commit: what was seen may be taken back by a rollback.
    call.afterCommit(() => this.#known.set(key, isBound))
    return isBound
  }

  /** Somebody of the caller's app has been bound. */
  bound(call: Call): void {
    const { appId } = call.app
    const forget = () => {
      for (const reach of ['own', 'vendors'] as const) this.#known.delete(keyOf(appId, reach))
    }
    // At once for what comes next in this commit, and after it for what was looked up before.
    forget()
    call.afterCommit(forget)
  }
}

function keyOf(appId: number, reach: Reach): string {
  return `${appId} ${reach}`
}
