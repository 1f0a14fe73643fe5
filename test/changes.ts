const silenceMs = 20_000

/** Something changes again and again, and a test waits until it is as it wants it. */
export class Changes {
  #next = Promise.withResolvers<void>()

  tell(): void {
    this.#next.resolve()
    this.#next = Promise.withResolvers()
  }

  /** @throws Error in the words of `silent` when nothing changes for too long */
  async until(isSo: () => boolean, silent: () => string): Promise<void> {
    let isSilent = false
    const timer = setTimeout(() => {
      isSilent = true
      this.tell()
    }, silenceMs)
    try {
      while (!isSo()) {
        if (isSilent) throw new Error(silent())
        await this.#next.promise
        timer.refresh()
      }
    } finally {
      clearTimeout(timer)
    }
  }
}
