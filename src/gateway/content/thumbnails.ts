// Thumbnails of images, made when the first one asks and kept beside their contents. They are scaled down off the event
// loop, few at a time; an image that cannot be read, is too large or takes too long has none, and that is kept as well.
import sharp from 'sharp'
import type { FilesConfig } from '../../config.ts'
import { easemobLimits } from '../../contract/limits.ts'
import type { StoredFile } from '../../contract/operations/files.ts'
import { thumbnailSuffix } from '../../lib/content-place.ts'
import type { Log } from '../log.ts'
import type { ContentFolder, OpenContent } from './content-folder.ts'
import { confineDecoders, formatOf } from './image-format.ts'

export interface OpenThumbnail extends OpenContent {
  /** Media type. */
  readonly type: string
}

const quality = 80

export class Thumbnails {
  readonly #folder: ContentFolder
  readonly #config: FilesConfig
  readonly #log: Log
  readonly #making = new Map<string, Promise<void>>()
  readonly #turns: (() => void)[] = []
  #running = 0

  constructor(folder: ContentFolder, config: FilesConfig, log: Log) {
    this.#folder = folder
    this.#config = config
    this.#log = log
    confineDecoders()
  }

  /** Undefined for what has no thumbnail, or none yet because too many are being made: the original is shown then. */
  async open(file: StoredFile): Promise<OpenThumbnail | undefined> {
    if (file.bytes <= easemobLimits.thumbnailFromBytes) return undefined
    const path = this.#folder.pathOf(file.fileId) + thumbnailSuffix
    const kept = await this.#folder.open(path)
    if (kept) return toThumbnail(kept)
    if (this.#turns.length >= this.#config.thumbnailsWaitingMax) return undefined
    await this.#makeOnce(file, path)
    const made = await this.#folder.open(path)
    return made && toThumbnail(made)
  }

  /** Those who ask at once for the same one share it. */
  #makeOnce(file: StoredFile, path: string): Promise<void> {
    const under = this.#making.get(path)
    if (under) return under
    const making = this.#inTurn(() => this.#make(file, path)).finally(() => this.#making.delete(path))
    this.#making.set(path, making)
    return making
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    if (this.#running >= this.#config.thumbnailsMax)
      await new Promise<void>(resolve => this.#turns.push(resolve))
    else this.#running++
    try {
      await work()
    } finally {
      const next = this.#turns.shift()
      // The turn is handed on.
      if (next) next()
      else this.#running--
    }
  }

  async #make(file: StoredFile, path: string): Promise<void> {
    try {
      const original = this.#folder.pathOf(file.fileId)
      const image = (await formatOf(original)) ? await this.#scale(original, file) : Buffer.alloc(0)
      await this.#folder.writeBeside(path, image)
    } catch (error) {
      this.#log.warn({ err: error }, 'a thumbnail could not be kept')
    }
  }

  /** Empty for an image that cannot be scaled. */
  async #scale(original: string, { thumbnail }: StoredFile): Promise<Buffer> {
    const { imagePixelsMax, thumbnailSeconds } = this.#config
    try {
      const image = sharp(original, {
        limitInputPixels: imagePixelsMax,
        failOn: 'error',
        sequentialRead: true,
        pages: 1,
      }).timeout({ seconds: thumbnailSeconds })
      const { hasAlpha } = await image.metadata()
      const scaled = image
        .autoOrient()
        .resize(thumbnail.width, thumbnail.height, { fit: 'inside', withoutEnlargement: true })
      return await (hasAlpha ? scaled.png() : scaled.jpeg({ quality })).toBuffer()
    } catch (error) {
      this.#log.info({ reason: (error as Error).message }, 'an image has no thumbnail')
      return Buffer.alloc(0)
    }
  }
}

/** One that is empty says that there is none. */
async function toThumbnail(content: OpenContent): Promise<OpenThumbnail | undefined> {
  const { buffer, bytesRead } = await content.handle.read(Buffer.alloc(1), 0, 1, 0)
  if (bytesRead === 1) return { ...content, type: buffer[0] === 0x89 ? 'image/png' : 'image/jpeg' }
  await content.handle.close()
  return undefined
}
