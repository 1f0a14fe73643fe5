import { Lru } from '../../lib/lru.ts'
import type { Link } from '../../link/link.ts'
import { Push } from './push-packet.ts'

/** Pushes by id, read from the core when they are not at hand. A push never changes, so what is at hand is right. */
export class Contents {
  readonly #link: Link
  readonly #pushes: Lru<number, Push>

  constructor(link: Link, max: number) {
    this.#link = link
    this.#pushes = new Lru(max)
  }

  /** In the order asked; those that do not exist are left out. @returns undefined when the core cannot be asked */
  async get(msgIds: readonly number[]): Promise<Push[] | undefined> {
    const found = new Map<number, Push>()
    for (const msgId of msgIds) {
      const push = this.#pushes.get(msgId)
      if (push) found.set(msgId, push)
    }
    const missing = msgIds.filter(msgId => !found.has(msgId))
    if (missing.length > 0 && !(await this.#read(missing, found))) return undefined
    return msgIds.map(msgId => found.get(msgId)).filter(push => push !== undefined)
  }

  async #read(msgIds: readonly number[], found: Map<number, Push>): Promise<boolean> {
    const reply = await this.#link.call({
      op: 'queue.contents',
      args: { msgIds },
      caller: { as: 'door' },
      request: 'devices',
    })
    if ('refusal' in reply) return false
    for (const payloads of reply.result.contents) {
      const push = new Push(payloads)
      this.#pushes.set(push.msgId, push)
      found.set(push.msgId, push)
    }
    return true
  }
}
