// What an image is, by its content alone: what its sender calls it is not asked.
import { open } from 'node:fs/promises'
import sharp from 'sharp'

export type ImageFormat = 'jpeg' | 'png' | 'gif' | 'webp'

/** The bytes it begins with. Nothing else is shown to the decoders. */
const signatures: readonly (readonly [format: ImageFormat, start: RegExp])[] = [
  ['jpeg', /^\xff\xd8\xff/],
  ['png', /^\x89PNG\r\n\x1a\n/],
  ['gif', /^GIF8[79]a/],
  ['webp', /^RIFF[\s\S]{4}WEBP/],
]
const signatureBytes = 12

let isConfined = false

/** Of all the formats that the library reads, those above alone. */
export function confineDecoders(): void {
  if (isConfined) return
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({
    operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadNsgif', 'VipsForeignLoadWebp'],
  })
  sharp.cache(false)
  sharp.concurrency(1)
  isConfined = true
}

/** As its first bytes say; undefined for whatever is none of these. */
export async function formatOf(path: string): Promise<ImageFormat | undefined> {
  const handle = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(signatureBytes), 0, signatureBytes, 0)
    const start = buffer.toString('latin1', 0, bytesRead)
    return signatures.find(([, signature]) => signature.test(start))?.[0]
  } finally {
    await handle.close()
  }
}

/** Its format where a decoder can read its head too, and it has no more than so many pixels. */
export async function readableFormatOf(path: string, pixelsMax: number): Promise<ImageFormat | undefined> {
  const format = await formatOf(path)
  if (format === undefined) return undefined
  confineDecoders()
  try {
    const { width, height } = await sharp(path, { limitInputPixels: pixelsMax, failOn: 'error' }).metadata()
    return width * height <= pixelsMax ? format : undefined
  } catch {
    return undefined
  }
}
