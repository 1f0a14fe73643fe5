// multipart/form-data with files in it (RFC 7578), read as it comes: a file goes to wherever `save` puts it, the small
// fields are kept, everything else is passed over.
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import type { FilesConfig } from '../../config.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { Exchange } from '../http/exchange.ts'
import { declaredType } from '../http/media.ts'

export interface SentFile<Saved> {
  /** As the client calls it; without folders. '' = it has no name. */
  readonly name: string
  /** Media type, as declared; `text/plain` where none was. */
  readonly type: string
  readonly saved: Saved
}

export interface Form<Saved> {
  /** By the name of their part; of several parts with one name the first counts. */
  readonly files: ReadonlyMap<string, SentFile<Saved>>
  readonly fields: ReadonlyMap<string, string>
}

export interface FormOptions<Saved> {
  /** Of the parts that hold files. */
  readonly names: readonly string[]
  /** Of each. */
  readonly fileBytesMax: number
  readonly config: FilesConfig
  /** Gets every chunk of a file, or throws what `chunks` throws. */
  readonly save: (chunks: AsyncIterable<Buffer>) => Promise<Saved>
  /** For a file that is saved while its form cannot be read to the end. */
  readonly discard: (saved: Saved) => Promise<void>
}

/**
 * @throws Refusal `file_too_large`; `invalid_request` for what is no form; `http_malformed` or `request_timeout` when the
 *   rest does not arrive; whatever `save` throws
 */
export async function receiveForm<Saved>(
  exchange: Exchange,
  options: FormOptions<Saved>,
): Promise<Form<Saved>> {
  const { config, fileBytesMax, names } = options
  const parser = parserFor(exchange, options)
  const fields = new Map<string, string>()
  const parts: BusboyFileStream[] = []
  const files = new Map<string, Promise<SentFile<Saved>>>()
  parser.on('field', (name: string, value: string) => {
    if (!fields.has(name)) fields.set(name, value)
  })
  parser.on('file', (name, stream, filename, _encoding, type) => {
    // It may fail before anybody reads it; the parser tells as well.
    stream.on('error', () => {})
    if (!names.includes(name) || files.has(name)) {
      stream.resume()
      return
    }
    parts.push(stream)
    const file = options.save(whole(stream)).then(saved => ({ name: filename ?? '', type, saved }))
    files.set(name, file)
    // Nobody reads on for a file that cannot be saved.
    file.catch(error => parser.destroy(error))
  })
  try {
    await exchange.pipeBody(parser, {
      bytesMax: names.length * fileBytesMax + config.formBytesMax,
      timeoutMs: config.uploadMs,
      stallMs: config.uploadStallMs,
      tooLarge: () => new Refusal('file_too_large'),
    })
    const saved = new Map<string, SentFile<Saved>>()
    for (const [name, file] of files) saved.set(name, await file)
    return { files: saved, fields }
  } catch (error) {
    const refusal = error instanceof Refusal || isSystemError(error) ? error : new Refusal('invalid_request')
    for (const part of parts) part.destroy(refusal as Error)
    for (const file of files.values()) await file.then(({ saved }) => options.discard(saved)).catch(() => {})
    throw refusal
  }
}

function parserFor<Saved>(
  exchange: Exchange,
  { names, fileBytesMax, config }: FormOptions<Saved>,
): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': exchange.header('content-type') ?? '' },
      isPartAFile: (field, _type, filename) => names.includes(field ?? '') || filename !== undefined,
      limits: {
        fileSize: fileBytesMax,
        fieldSize: config.formFieldBytesMax,
        parts: config.formPartsMax,
        headerPairs: config.formHeadersMax,
        headerSize: config.formHeadBytesMax,
      },
    })
  } catch {
    // A form that does not say where its parts end.
    throw new Refusal('invalid_request')
  }
}

export function isForm(exchange: Exchange): boolean {
  return /^multipart\/form-data\s*(?:;|$)/.test(declaredType(exchange))
}

/** Its chunks, to the end. @throws Refusal `file_too_large` */
async function* whole(stream: BusboyFileStream): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield chunk as Buffer
  if (stream.truncated) throw new Refusal('file_too_large')
}

/** Something of ours has failed, not the form. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string'
}
