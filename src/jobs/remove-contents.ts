// Takes off the disk what deleted files have left, and the contents of files of messages that have had their time. The
// content goes first: after a crash in between it is removed once more, which harms nothing.
import type { World } from '../core/world.ts'
import { removeContent } from '../store/content-files.ts'
import {
  forgetExpiredFiles,
  forgetRemovedContents,
  listExpiredFiles,
  listRemovedContents,
  markExpired,
} from '../store/files.ts'
import type { Job } from './runner.ts'

const filesPerSlice = 200

export const removeContents = {
  name: 'remove_contents',
  everyMs: 60_000,
  async run({ db, clock, config }: Pick<World, 'db' | 'clock' | 'config'>) {
    const { fileRetentionMs, fileMemoryMs } = config.core
    const expiredUntil = clock.now() - fileRetentionMs
    const { removed, expired } = await db.read(async sql => ({
      removed: await listRemovedContents(sql, filesPerSlice),
      expired: await listExpiredFiles(sql, expiredUntil, filesPerSlice),
    }))
    for (const fileId of [...removed, ...expired]) await removeContent(config.dataDir, fileId)
    const forgotten = await db.write(async sql => {
      await forgetRemovedContents(sql, removed)
      await markExpired(sql, expired)
      return forgetExpiredFiles(sql, expiredUntil - fileMemoryMs, filesPerSlice)
    })
    return [removed.length, expired.length, forgotten].includes(filesPerSlice)
  },
} satisfies Job
