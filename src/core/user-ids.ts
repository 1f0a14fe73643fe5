// Usernames and the ids behind them, as many as were used last: what a message asks of every receiver, and of its sender,
// which need not be a user.
import { Lru } from '../lib/lru.ts'
import type { Sql } from '../store/db.ts'
import { findUserByName, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'

const namesMax = 200_000
/** No user has this id: the name is nobody's. */
const nobody = 0

export class UserIds {
  readonly #uids = new Lru<string, number>(namesMax)

  /** @param username in lower case */
  async find(call: Call, sql: Sql, username: string): Promise<number | undefined> {
    const { appId } = call.app
    const key = keyOf(appId, username)
    const known = this.#uids.get(key)
    if (known !== undefined) return known === nobody ? undefined : known
    const user = await findUserByName(sql, appId, username)
    // Not before the commit: what was seen may be taken back by a rollback.
    call.afterCommit(() => this.#uids.set(key, user?.uid ?? nobody))
    return user?.uid
  }

  /** The name has got a user, or has lost it. */
  changed(call: Call, { appId, username }: Pick<UserRow, 'appId' | 'username'>): void {
    const key = keyOf(appId, username)
    // At once for what comes next in this commit, and after it for what was looked up before.
    this.#uids.delete(key)
    call.afterCommit(() => this.#uids.delete(key))
  }
}

function keyOf(appId: number, username: string): string {
  return `${appId} ${username}`
}
