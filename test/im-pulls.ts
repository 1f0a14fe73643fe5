// When a client pulls which queue, as the vendor's Web SDK does: what UNREAD lists at once, what a NOTICE announces one
// after the other, acknowledging each batch by pulling on. A NOTICE for a queue that waits or is open is ignored.
import type { Decoded, Jid, SyncDown } from '../src/msync/codec.ts'
import { toDecimal } from '../src/msync/codec.ts'
import { Changes } from './changes.ts'

export class QueuePulls {
  readonly #pull: (queue: Jid, key?: string) => void
  /** Announced by NOTICE; the first is being pulled. */
  #announced: Jid[] = []
  /** Pulls whose queue has not ended yet, by its name. */
  readonly #open = new Map<string, number>()
  readonly #changes = new Changes()

  constructor(pull: (queue: Jid, key?: string) => void) {
    this.#pull = pull
  }

  begin(queue: Jid): void {
    const name = queue.name!
    this.#open.set(name, (this.#open.get(name) ?? 0) + 1)
    this.#pull(queue)
  }

  announced(queue: Decoded<Jid>): void {
    if (this.#announced.some(({ name }) => name === queue.name)) return
    this.#announced.push(queue)
    if (this.#announced.length === 1) this.begin(queue)
  }

  answered({ queue, isLast, nextKey }: Decoded<SyncDown>): void {
    if (isLast) this.#ended(queue!.name)
    else this.#pull(queue!, toDecimal(nextKey))
  }

  /** Resolves when every queue has ended. @throws Error when that takes too long */
  async finished(): Promise<void> {
    const stillOpen = () => `the queues ${JSON.stringify([...this.#open])} did not end`
    await this.#changes.until(() => this.#open.size === 0, stillOpen)
  }

  /** The connection is gone: nothing is answered any more. */
  end(): void {
    this.#open.clear()
    this.#changes.tell()
  }

  #ended(name: string): void {
    const left = (this.#open.get(name) ?? 0) - 1
    if (left > 0) this.#open.set(name, left)
    else this.#open.delete(name)
    this.#announced = this.#announced.filter(queue => queue.name !== name)
    if (this.#announced.length > 0) this.begin(this.#announced[0]!)
    this.#changes.tell()
  }
}
