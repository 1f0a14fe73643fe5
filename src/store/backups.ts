// Copies of the database while it is in use. A connection of its own reads one snapshot, so that neither the copy nor
// the work that goes on has to wait for the other.
import { link, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'

/** Pages copied before the event loop gets its turn. */
const pagesAtOnce = 2_048

export class Backups {
  readonly #source: string
  /** The last one asked for; kept when it is done, until somebody has heard how it ended. */
  #last: { readonly file: string; readonly bytes: Promise<number>; isRunning: boolean } | undefined

  constructor(source: string) {
    this.#source = source
  }

  /**
   * Writes a copy to `file`; asking again for the same file joins the copy under way.
   * @returns its size, or undefined when it takes longer than `waitMs`: ask again
   * @throws Error in words for the operator when the file exists, cannot be written, or another copy is under way
   */
  async write(file: string, waitMs: number): Promise<number | undefined> {
    const asked = this.#join(file)
    const isLate = Symbol()
    const timer = Promise.withResolvers<typeof isLate>()
    const timeout = setTimeout(() => timer.resolve(isLate), waitMs)
    try {
      const bytes = await Promise.race([asked.bytes, timer.promise])
      if (bytes === isLate) return undefined
      this.#forget(asked)
      return bytes
    } catch (error) {
      this.#forget(asked)
      throw error
    } finally {
      clearTimeout(timeout)
    }
  }

  #join(file: string) {
    if (this.#last?.file === file) return this.#last
    if (this.#last?.isRunning) throw new Error(`a backup to ${this.#last.file} is under way`)
    const started = { file, bytes: copy(this.#source, file), isRunning: true }
    const ended = () => {
      started.isRunning = false
    }
    started.bytes.then(ended, ended)
    this.#last = started
    return started
  }

  #forget(asked: object): void {
    if (this.#last === asked) this.#last = undefined
  }
}

async function copy(source: string, file: string): Promise<number> {
  const part = `${file}.part`
  await rm(part, { force: true })
  try {
    const target = await open(part, 'wx', 0o600)
    try {
      await copyInto(source, part)
      await target.sync()
      // Never over a file that is there.
      await link(part, file)
      await syncFolder(dirname(file))
      return (await target.stat()).size
    } finally {
      await target.close()
    }
  } finally {
    await rm(part, { force: true })
  }
}

async function copyInto(source: string, file: string): Promise<void> {
  const database = new DatabaseSync(source, { readOnly: true })
  try {
    // A snapshot: without it every commit would make the copy begin again.
    database.exec('BEGIN')
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    await backup(database, file, { rate: pagesAtOnce })
  } finally {
    database.close()
  }
}

/** A new name survives power loss only when its folder was written too. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
