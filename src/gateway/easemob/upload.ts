// A file that comes in as a part of a form (easemob.md §2.8): onto the disk first, then to the core, which makes it a file
// or does not.
import { createHash } from 'node:crypto'
import { easemobLimits } from '../../contract/limits.ts'
import type { NewFile, ThumbnailBox } from '../../contract/operations/files.ts'
import { Refusal } from '../../contract/refusal.ts'
import { type Form, isForm, receiveForm } from '../content/form.ts'
import { isCompressed } from '../http/media.ts'
import type { EasemobCall } from './route.ts'

export const uploadFailures = ['file_missing', 'file_too_large'] as const

const partName = 'file'
const nameCharsMax = 255
const mediaType = /^[\w!#$&^.+-]{1,63}\/[\w!#$&^.+-]{1,63}$/
const unknownType = 'application/octet-stream'

export interface Upload {
  readonly file: NewFile
  readonly thumbnail: ThumbnailBox
}

interface Saved {
  readonly contentId: string
  readonly bytes: number
  /** Taken only where a repeat has to be recognised. */
  readonly digest: string | undefined
}

/**
 * Takes the upload of an admitted caller in, and asks the core to make it a file.
 * @param keep asks the core; says which content it took, which is an earlier one when the call is a repeat
 */
export async function receiveUpload<Result>(
  call: EasemobCall,
  keep: (upload: Upload) => Promise<{ fileId: string; result: Result }>,
): Promise<Result> {
  const { contents } = call
  const upload = await receive(call)
  const { fileId } = upload.file
  try {
    const kept = await keep(upload)
    if (kept.fileId !== fileId) await contents.folder.remove(fileId)
    return kept.result
  } catch (error) {
    await contents.discardRefused([fileId], error)
    throw error
  }
}

async function receive(call: EasemobCall): Promise<Upload> {
  const { contents, exchange, place } = call
  await checkHead(call)
  const form = await contents.upload(`${place.org}/${place.app}`, () =>
    receiveForm<Saved>(exchange, {
      names: [partName],
      fileBytesMax: easemobLimits.fileBytesMax,
      config: contents.config,
      save: chunks => save(call, chunks),
      discard: ({ contentId }) => contents.folder.remove(contentId),
    }),
  )
  const file = form.files.get(partName)
  if (!file) throw new Refusal('file_missing')
  const { contentId, bytes, digest } = file.saved
  // A form in a browser sends such a part when nobody has chosen a file.
  if (file.name === '' && bytes === 0) {
    await contents.folder.remove(contentId)
    throw new Refusal('file_missing')
  }
  const described = { name: cleanName(file.name), type: cleanType(file.type), bytes }
  const thumbnail = boxOf(call, form)
  // What a repeat under a key is compared by.
  call.body = { ...described, thumbnail, digest }
  return { file: { ...described, fileId: contentId }, thumbnail }
}

/** What the head alone tells, before a byte of the body is read. */
async function checkHead(call: EasemobCall): Promise<void> {
  const { contents, exchange } = call
  if (exchange.declaredBytes > easemobLimits.fileBytesMax + contents.config.formBytesMax) {
    // Size comes before everything else (easemob.md §1.7); which edition words it, the core knows.
    await call.admit().catch(() => {})
    throw new Refusal('file_too_large')
  }
  await call.admit()
  if (exchange.declaredBytes === 0 && exchange.header('transfer-encoding') === undefined)
    throw new Refusal('file_missing')
  if (!isForm(exchange) || isCompressed(exchange)) throw new Refusal('media_type_unsupported')
}

async function save(call: EasemobCall, chunks: AsyncIterable<Buffer>): Promise<Saved> {
  const { folder } = call.contents
  if (call.exchange.header('idempotency-key') === undefined)
    return { ...(await folder.write(chunks, easemobLimits.fileBytesMax)), digest: undefined }
  const hash = createHash('sha256')
  const written = await folder.write(hashed(chunks, hash), easemobLimits.fileBytesMax)
  return { ...written, digest: hash.digest('hex') }
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>) {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}

/** A name is shown to people and sent in headers: no control characters, not without end. Browsers send `"` as %22. */
function cleanName(name: string): string {
  const shown = name
    .replaceAll('%22', '"')
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, '')
    .trim()
  return [...shown].slice(0, nameCharsMax).join('') || partName
}

function cleanType(type: string): string {
  return mediaType.test(type) ? type.toLowerCase() : unknownType
}

function boxOf(call: EasemobCall, { fields }: Form<Saved>): ThumbnailBox {
  const read = (side: string): number => {
    const text = call.exchange.header(`thumbnail-${side}`) ?? fields.get(`thumbnail-${side}`) ?? ''
    const pixels = /^\d{1,9}$/.test(text) ? Number(text) : 0
    return pixels === 0 ? easemobLimits.thumbnailPixels : Math.min(pixels, easemobLimits.thumbnailPixelsMax)
  }
  return { width: read('width'), height: read('height') }
}
