// Usernames and the ids behind them, as many as were used last: what a message asks of every receiver.
import { Lru } from '../lib/lru.ts'
import type { Sql } from '../store/db.ts'
import { findUserByName } from '../store/users.ts'
import type { Call } from './call.ts'

const usersMax = 200_000

export class UserIds {
  readonly #uids = new Lru<string, number>(usersMax)

  /** @param username in lower case */
  async find(call: Call, sql: Sql, username: string): Promise<number | undefined> {
    const { appId } = call.app
    const key = keyOf(appId, username)
    const known = this.#uids.get(key)
    if (known !== undefined) return known
    const user = await findUserByName(sql, appId, username)
    if (!user) return undefined
    // Not before the commit: the row may be one that a rollback takes away.
    call.afterCommit(() => this.#uids.set(key, user.uid))
    return user.uid
  }

  /** The user is gone. */
  forget(appId: number, username: string): void {
    this.#uids.delete(keyOf(appId, username))
  }
}

function keyOf(appId: number, username: string): string {
  return `${appId} ${username}`
}
