// Collects items for the core: one command at a time is on its way, what comes meanwhile goes with the next. What
// fails is kept and tried again, in order; whoever takes it must not mind seeing an item twice.

export interface BatcherOptions<Item> {
  readonly max: number
  readonly retryMs: number
  /** @returns false when the items have to be sent again */
  readonly send: (items: readonly Item[]) => Promise<boolean>
}

export class Batcher<Item> {
  readonly #options: BatcherOptions<Item>
  #items: Item[] = []
  #isSending = false
  #retry: NodeJS.Timeout | undefined
  /** Each wants to know whether everything up to its number has been taken. */
  #waiting: { readonly upTo: number; readonly resolve: (isDone: boolean) => void }[] = []
  #added = 0
  #taken = 0

  constructor(options: BatcherOptions<Item>) {
    this.#options = options
  }

  add(item: Item): void {
    this.#items.push(item)
    this.#added++
    if (this.#items.length === 1 && !this.#isSending && !this.#retry) setImmediate(() => void this.#run())
  }

  /** Resolves when all that was added until now is taken, or false at the first failure. */
  settled(): Promise<boolean> {
    if (this.#taken === this.#added) return Promise.resolve(true)
    const promise = new Promise<boolean>(resolve => this.#waiting.push({ upTo: this.#added, resolve }))
    if (!this.#isSending) void this.#run()
    return promise
  }

  /** The other end may be there again. */
  retry(): void {
    clearTimeout(this.#retry)
    this.#retry = undefined
    void this.#run()
  }

  async #run(): Promise<void> {
    if (this.#isSending) return
    this.#isSending = true
    clearTimeout(this.#retry)
    this.#retry = undefined
    while (this.#items.length > 0) if (!(await this.#sendSome())) break
    this.#isSending = false
  }

  async #sendSome(): Promise<boolean> {
    const items = this.#items.splice(0, this.#options.max)
    const isTaken = await this.#options.send(items)
    if (isTaken) {
      this.#taken += items.length
      this.#tell(({ upTo }) => upTo <= this.#taken, true)
      return true
    }
    this.#items = items.concat(this.#items)
    this.#tell(() => true, false)
    this.#retry = setTimeout(() => this.retry(), this.#options.retryMs)
    this.#retry.unref()
    return false
  }

  #tell(who: (waiting: { upTo: number }) => boolean, isDone: boolean): void {
    if (this.#waiting.length === 0) return
    const told = this.#waiting.filter(who)
    this.#waiting = this.#waiting.filter(waiting => !told.includes(waiting))
    for (const { resolve } of told) resolve(isDone)
  }
}
