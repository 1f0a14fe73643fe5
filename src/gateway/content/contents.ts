// What the doors have of files: their contents, their thumbnails, and a place for every upload under way.
import type { FilesConfig } from '../../config.ts'
import { failures } from '../../contract/failures.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { Log } from '../log.ts'
import { busy, ContentFolder } from './content-folder.ts'
import { Thumbnails } from './thumbnails.ts'

export class Contents {
  readonly config: FilesConfig
  readonly folder: ContentFolder
  readonly thumbnails: Thumbnails
  readonly #uploads = new Map<string, number>()
  #uploading = 0

  constructor(dataDir: string, config: FilesConfig, log: Log) {
    this.config = config
    this.folder = new ContentFolder(dataDir, config, log)
    this.thumbnails = new Thumbnails(this.folder, config, log)
  }

  get uploading(): number {
    return this.#uploading
  }

  /**
   * Runs an upload of an app.
   * @throws Refusal `core_overloaded` when too many are under way
   */
  async upload<T>(app: string, work: () => Promise<T>): Promise<T> {
    const ofApp = this.#uploads.get(app) ?? 0
    if (this.#uploading >= this.config.uploadsMax || ofApp >= this.config.uploadsPerAppMax) throw busy()
    this.#count(app, 1)
    try {
      return await work()
    } finally {
      this.#count(app, -1)
    }
  }

  /** For contents of which the core was asked to make files. Where it may have, whatever has none is swept away later. */
  async discardRefused(contentIds: readonly string[], error: unknown): Promise<void> {
    if (!(error instanceof Refusal) || failures[(error as Refusal).id].executed !== 'no') return
    for (const contentId of contentIds) await this.folder.remove(contentId)
  }

  #count(app: string, change: 1 | -1): void {
    this.#uploading += change
    const ofApp = (this.#uploads.get(app) ?? 0) + change
    if (ofApp === 0) this.#uploads.delete(app)
    else this.#uploads.set(app, ofApp)
  }
}
