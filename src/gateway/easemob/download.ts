// A file on its way out, or the thumbnail of it (easemob.md §2.8).
import type { StoredFile } from '../../contract/operations/files.ts'
import { Refusal } from '../../contract/refusal.ts'
import { answerWith, askedEachTime } from '../content/file-answer.ts'
import type { FileAnswer } from '../http/answer.ts'
import type { EasemobCall } from './route.ts'

export const downloadFailures = ['file_unknown', 'range_unsatisfiable'] as const

/** @throws Refusal `range_unsatisfiable`; `file_unknown` when its content is lost */
export async function serveFile(
  call: EasemobCall,
  file: StoredFile,
  { asThumbnail }: { asThumbnail: boolean },
): Promise<FileAnswer> {
  const opened =
    (asThumbnail ? await openThumbnail(call, file) : undefined) ?? (await openOriginal(call, file))
  return answerWith(call.exchange, { ...opened, name: file.name, caching: askedEachTime })
}

async function openThumbnail({ contents }: EasemobCall, file: StoredFile) {
  const opened = await contents.thumbnails.open(file)
  return opened && { ...opened, etag: `"${file.fileId}-t"` }
}

async function openOriginal({ contents }: EasemobCall, { fileId, type }: StoredFile) {
  const { folder } = contents
  const opened = await folder.open(folder.pathOf(fileId))
  if (!opened) throw new Refusal('file_unknown')
  return { ...opened, type, etag: `"${fileId}"` }
}
