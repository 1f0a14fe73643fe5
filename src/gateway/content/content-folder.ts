// The contents of files on the disk. A gateway writes and reads them, and holds no truth by that: a content is a file
// once the core has a row for it, and the core alone removes it then.
import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FilesConfig } from '../../config.ts'
import { retryAfter } from '../../contract/limits.ts'
import { Refusal } from '../../contract/refusal.ts'
import { contentFolder, incomingFolder, shelfOf } from '../../lib/content-place.ts'
import type { Log } from '../log.ts'

declare module 'node:fs/promises' {
  // Node's documentation has this event, its types do not.
  interface FileHandle {
    once(event: 'close', listener: () => void): this
  }
}

/** What a disk says that can take no more. */
const diskFaults: ReadonlySet<string> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EIO',
  'EACCES',
  'EPERM',
  'EFBIG',
])

/** How much of a file of unknown length is written between two looks at what room is left. */
const unnamedCheckBytes = 16 * 1024 * 1024

export interface OpenContent {
  /** Closed by whoever reads it. */
  readonly handle: FileHandle
  readonly bytes: number
}

export class ContentFolder {
  readonly #folder: string
  readonly #config: FilesConfig
  readonly #log: Log
  #reading = 0
  /** What the uploads under way may yet write. */
  #reserved = 0

  constructor(dataDir: string, config: FilesConfig, log: Log) {
    this.#folder = join(dataDir, contentFolder)
    this.#config = config
    this.#log = log
  }

  /** Contents being read. */
  get reading(): number {
    return this.#reading
  }

  /** Makes the folder, and clears away what uploads have left that were cut off. The data folder's lock is held. */
  async prepare(): Promise<void> {
    const incoming = join(this.#folder, incomingFolder)
    await mkdir(incoming, { recursive: true, mode: 0o700 })
    for (const name of await readdir(incoming)) await rm(join(incoming, name), { force: true })
  }

  /**
   * Writes a new content: there, whole and safe from power loss when this resolves; nothing of it is left when it rejects.
   * @param room bytes that may come
   * @throws Refusal `store_unavailable` when the disk takes no more; whatever `chunks` throws
   */
  async write(chunks: AsyncIterable<Buffer>, room: number): Promise<{ contentId: string; bytes: number }> {
    const contentId = randomUUID()
    const part = join(this.#folder, incomingFolder, contentId)
    this.#reserved += room
    try {
      await this.#checkRoom()
      const bytes = await writeThrough(part, chunks)
      await this.#moveIn(part, contentId)
      return { contentId, bytes }
    } catch (error) {
      await this.#discard(part, contentId)
      throw this.#toRefusal(error)
    } finally {
      this.#reserved -= room
    }
  }

  /** For a content that did not become a file. What cannot be removed now is swept away later. */
  async remove(contentId: string): Promise<void> {
    await rm(this.pathOf(contentId), { force: true }).catch(error => this.#warn(error))
  }

  /**
   * Undefined when there is no such content.
   * @throws Refusal `core_overloaded` when too many are being read
   */
  async open(path: string): Promise<OpenContent | undefined> {
    if (this.#reading >= this.#config.downloadsMax) throw busy()
    this.#reading++
    let handle: FileHandle | undefined
    try {
      handle = await open(path, 'r')
      const { size } = await handle.stat()
      handle.once('close', () => this.#reading--)
      return { handle, bytes: size }
    } catch (error) {
      this.#reading--
      await handle?.close()
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw this.#toRefusal(error)
    }
  }

  /**
   * Writes a file without a name, to be read once: it is gone when its handle is closed.
   * @throws Refusal `core_overloaded` when too many are being read; `store_unavailable` when the disk takes no more;
   *   whatever `chunks` throws
   */
  async writeUnnamed(chunks: AsyncIterable<Buffer>): Promise<OpenContent> {
    if (this.#reading >= this.#config.downloadsMax) throw busy()
    this.#reading++
    let handle: FileHandle | undefined
    try {
      const path = join(this.#folder, incomingFolder, randomUUID())
      handle = await open(path, 'wx+', 0o600)
      await rm(path)
      let [bytes, nextCheck] = [0, 0]
      for await (const chunk of chunks) {
        if (bytes >= nextCheck) {
          await this.#checkRoom()
          nextCheck = bytes + unnamedCheckBytes
        }
        await handle.writeFile(chunk)
        bytes += chunk.length
      }
      handle.once('close', () => this.#reading--)
      return { handle, bytes }
    } catch (error) {
      this.#reading--
      await handle?.close()
      throw this.#toRefusal(error)
    }
  }

  pathOf(contentId: string): string {
    return join(this.#folder, shelfOf(contentId), contentId)
  }

  /** For a file that appears beside a content, whole or not at all; it need not survive power loss. */
  async writeBeside(path: string, bytes: Buffer): Promise<void> {
    const part = join(this.#folder, incomingFolder, randomUUID())
    try {
      await writeThrough(part, [bytes], { isSynced: false })
      await rename(part, path)
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
  }

  async #checkRoom(): Promise<void> {
    const { bavail, bsize } = await statfs(this.#folder)
    if (bavail * bsize < this.#reserved + this.#config.freeBytesMin) {
      this.#log.warn({ free: bavail * bsize }, 'the disk is too full for another upload')
      throw new Refusal('store_unavailable')
    }
  }

  async #moveIn(part: string, contentId: string): Promise<void> {
    const path = this.pathOf(contentId)
    const shelf = dirname(path)
    if (await mkdir(shelf, { recursive: true, mode: 0o700 })) await syncFolder(this.#folder)
    await rename(part, path)
    await syncFolder(shelf)
  }

  async #discard(part: string, contentId: string): Promise<void> {
    await rm(part, { force: true }).catch(error => this.#warn(error))
    await this.remove(contentId)
  }

  #toRefusal(error: unknown): unknown {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EMFILE' || code === 'ENFILE') return busy()
    if (error instanceof Refusal || code === undefined || !diskFaults.has(code)) return error
    this.#log.error({ err: error }, 'the folder of the files cannot be used')
    return new Refusal('store_unavailable')
  }

  #warn(error: unknown): void {
    this.#log.warn({ err: error }, 'a content could not be removed')
  }
}

export function busy(): Refusal {
  return new Refusal('core_overloaded', {}, { retryAfterMs: retryAfter.overloadLeastMs })
}

/** @returns how many bytes */
async function writeThrough(
  path: string,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  { isSynced = true } = {},
): Promise<number> {
  const handle = await open(path, 'wx', 0o600)
  try {
    let bytes = 0
    for await (const chunk of chunks) {
      await handle.writeFile(chunk)
      bytes += chunk.length
    }
    if (isSynced) await handle.sync()
    return bytes
  } finally {
    await handle.close()
  }
}

/** A new name survives power loss only when its folder was written too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
