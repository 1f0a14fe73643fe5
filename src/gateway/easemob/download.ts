// A file on its way out: whole, in part, or not at all when the caller has it. Its type is what the uploader said, so
// whoever shows it must neither guess another one nor run what is in it.
import type { StoredFile } from '../../contract/operations/files.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { OpenContent } from '../content/content-folder.ts'
import { FileAnswer } from '../http/answer.ts'
import type { Exchange } from '../http/exchange.ts'
import { readRange } from '../http/range.ts'
import type { EasemobCall } from './route.ts'

export const downloadFailures = ['file_unknown', 'range_unsatisfiable'] as const

/** What a browser shows without running anything in it; all else is offered for saving. */
const shownInline = /^(?:image\/(?!svg)|audio\/|video\/)/

interface Shown extends OpenContent {
  readonly type: string
  readonly etag: string
}

/** @throws Refusal `range_unsatisfiable`; `file_unknown` when its content is lost */
export async function serveFile(
  call: EasemobCall,
  file: StoredFile,
  { asThumbnail }: { asThumbnail: boolean },
): Promise<FileAnswer> {
  const thumbnail = asThumbnail ? await openThumbnail(call, file) : undefined
  const shown = thumbnail ?? (await openOriginal(call, file))
  try {
    return toAnswer(call.exchange, file, shown)
  } catch (error) {
    await shown.handle.close()
    throw error
  }
}

async function openThumbnail({ contents }: EasemobCall, file: StoredFile): Promise<Shown | undefined> {
  const opened = await contents.thumbnails.open(file)
  return opened && { ...opened, etag: `"${file.fileId}-t"` }
}

async function openOriginal({ contents }: EasemobCall, { fileId, type }: StoredFile): Promise<Shown> {
  const { folder } = contents
  const opened = await folder.open(folder.pathOf(fileId))
  if (!opened) throw new Refusal('file_unknown')
  return { ...opened, type, etag: `"${fileId}"` }
}

function toAnswer(exchange: Exchange, file: StoredFile, shown: Shown): FileAnswer {
  const { handle, bytes, etag } = shown
  const headers = headersOf(file, shown)
  if (hasAlready(exchange, etag)) return new FileAnswer(304, headers, { handle, start: 0, bytes: 0 })
  const range = readRange(exchange, etag, bytes)
  if (range === 'unsatisfiable') throw new Refusal('range_unsatisfiable', {}, { fileBytes: bytes })
  if (!range) return new FileAnswer(200, headers, { handle, start: 0, bytes })
  const last = range.start + range.bytes - 1
  const part = { ...headers, 'Content-Range': `bytes ${range.start}-${last}/${bytes}` }
  return new FileAnswer(206, part, { handle, ...range })
}

function headersOf({ name }: StoredFile, { type, etag }: Shown): Record<string, string> {
  return {
    'Content-Type': type,
    'Content-Disposition': `${shownInline.test(type) ? 'inline' : 'attachment'}; ${fileNameOf(name)}`,
    'Accept-Ranges': 'bytes',
    ETag: etag,
    // It may be kept, but whether the caller may still have it is asked each time.
    'Cache-Control': 'private, no-cache',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox",
  }
}

/** RFC 6266: in ASCII for those who know no better, then as it is. */
function fileNameOf(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, char => `%${char.charCodeAt(0).toString(16)}`)
  return `filename="${ascii}"; filename*=UTF-8''${encoded}`
}

/** RFC 9110 §13.1.2. */
function hasAlready(exchange: Exchange, etag: string): boolean {
  const known = exchange.header('if-none-match')
  if (known === undefined) return false
  return known.trim() === '*' || known.split(',').some(tag => tag.trim().replace(/^W\//, '') === etag)
}
