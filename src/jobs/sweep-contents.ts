// Removes contents that no file names: an upload that a crash cut off between its content and its row, or what came back
// with a restored folder. Walks the shelves one by one.
import type { World } from '../core/world.ts'
import { contentShelves } from '../lib/content-place.ts'
import { listContents, removeContent } from '../store/content-files.ts'
import { selectLiveContents } from '../store/files.ts'
import type { Job } from './runner.ts'

/** Whatever is younger may yet get its row. */
const graceMs = 3_600_000

export class SweepContents implements Job {
  readonly name = 'sweep_contents'
  readonly everyMs = 21_600_000
  /** The shelf the walk has come to. */
  #next = 0

  async run({ db, clock, config }: Pick<World, 'db' | 'clock' | 'config'>): Promise<boolean> {
    const contents = await listContents(config.dataDir, contentShelves[this.#next]!, clock.now() - graceMs)
    const live = await db.read(sql => selectLiveContents(sql, contents))
    for (const contentId of contents) if (!live.has(contentId)) await removeContent(config.dataDir, contentId)
    this.#next = (this.#next + 1) % contentShelves.length
    return this.#next > 0
  }
}
