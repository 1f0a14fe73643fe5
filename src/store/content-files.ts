// The core's hand on the contents of files: it takes off the disk what no row names any more. Gateways write them.
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { contentFolder, contentIdOf, shelfOf, thumbnailSuffix } from '../lib/content-place.ts'

/** Removes a content with its thumbnail; it may be gone already. */
export async function removeContent(dataDir: string, contentId: string): Promise<void> {
  const path = join(dataDir, contentFolder, shelfOf(contentId), contentId)
  await rm(path + thumbnailSuffix, { force: true })
  await rm(path, { force: true })
}

/** The contents on a shelf of which nothing has changed since `before` (epoch ms). */
export async function listContents(dataDir: string, shelf: string, before: number): Promise<string[]> {
  const folder = join(dataDir, contentFolder, shelf)
  const ids = new Set<string>()
  for (const name of await namesIn(folder)) {
    const id = contentIdOf(name)
    if (id !== undefined && (await changedAt(join(folder, name))) < before) ids.add(id)
  }
  return [...ids]
}

/** A shelf is made with its first content. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Epoch ms; now or later for what is gone in between. */
async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  )
}
