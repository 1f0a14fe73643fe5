import { Changes } from './changes.ts'

/** Keeps the items that come, waits for more of them, and hands them out one by one. */
export class ItemStream<Item> {
  readonly all: Item[] = []
  readonly #what: string
  readonly #changes = new Changes()
  #taken = 0
  #isOver = false

  /** @param what the items, in words for the message of an error */
  constructor(what: string) {
    this.#what = what
  }

  push(item: Item): void {
    this.all.push(item)
    this.#changes.tell()
  }

  /** No more will come. */
  end(): void {
    this.#isOver = true
    this.#changes.tell()
  }

  /** @throws Error when the stream ends, or too much time passes, before */
  async next(): Promise<Item> {
    const number = ++this.#taken
    await this.count(number)
    return this.all[number - 1]!
  }

  /** The first so many. @throws as `next` */
  async count(wanted: number): Promise<Item[]> {
    const missing = () => `${this.all.length} of ${wanted} ${this.#what} came`
    await this.#changes.until(() => this.all.length >= wanted || this.#isOver, missing)
    if (this.all.length < wanted) throw new Error(missing())
    return this.all.slice(0, wanted)
  }
}
