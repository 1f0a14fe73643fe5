const withinMs = 20_000

/** Something changes again and again, and a test waits until it is as it wants it. */
export class Changes {
  #next = Promise.withResolvers<void>()

  tell(): void {
    this.#next.resolve()
    this.#next = Promise.withResolvers()
  }

  /** @throws Error in the words of `late` when too much time passes before */
  async until(isSo: () => boolean, late: () => string): Promise<void> {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      this.tell()
    }, withinMs)
    try {
      while (!isSo()) {
        if (isLate) throw new Error(late())
        await this.#next.promise
      }
    } finally {
      clearTimeout(timer)
    }
  }
}
