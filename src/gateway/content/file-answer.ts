// A file on its way out: whole, in part, or not at all when the caller has it. Its type is what the uploader said, so
// whoever shows it must neither guess another one nor run what is in it.
import { Refusal } from '../../contract/refusal.ts'
import { FileAnswer } from '../http/answer.ts'
import type { Exchange } from '../http/exchange.ts'
import { readRange } from '../http/range.ts'
import type { OpenContent } from './content-folder.ts'

/** What a browser shows without running anything in it; all else is offered for saving. */
const shownInline = /^(?:image\/(?!svg)|audio\/|video\/)/

export interface Shown extends OpenContent {
  readonly type: string
  readonly etag: string
  /** As it is called where it is saved. */
  readonly name: string
  /** `Cache-Control`. */
  readonly caching: string
}

/** Of one that may be kept, but whether the caller may still have it is asked each time. */
export const askedEachTime = 'private, no-cache'

/** Takes over what is open: the answer closes it, or this when it throws. @throws Refusal `range_unsatisfiable` */
export async function answerWith(exchange: Exchange, shown: Shown): Promise<FileAnswer> {
  try {
    return toAnswer(exchange, shown)
  } catch (error) {
    await shown.handle.close()
    throw error
  }
}

function toAnswer(exchange: Exchange, shown: Shown): FileAnswer {
  const { handle, bytes, etag } = shown
  const headers = headersOf(shown)
  if (hasAlready(exchange, etag)) return new FileAnswer(304, headers, { handle, start: 0, bytes: 0 })
  const range = readRange(exchange, etag, bytes)
  if (range === 'unsatisfiable') throw new Refusal('range_unsatisfiable', {}, { fileBytes: bytes })
  if (!range) return new FileAnswer(200, headers, { handle, start: 0, bytes })
  const last = range.start + range.bytes - 1
  const part = { ...headers, 'Content-Range': `bytes ${range.start}-${last}/${bytes}` }
  return new FileAnswer(206, part, { handle, ...range })
}

function headersOf({ name, type, etag, caching }: Shown): Record<string, string> {
  return {
    'Content-Type': type,
    'Content-Disposition': `${shownInline.test(type) ? 'inline' : 'attachment'}; ${fileNameOf(name)}`,
    'Accept-Ranges': 'bytes',
    ETag: etag,
    'Cache-Control': caching,
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
