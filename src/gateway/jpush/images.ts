// Images for pushes, each with a media_id that a push can name (jpush.md §3.1.8).
import { Type } from 'typebox'
import { jpushLimits } from '../../contract/limits.ts'
import { bytesOf, isMediaId } from '../../contract/names.ts'
import {
  type Image,
  type ImageChannel,
  type ImageFile,
  type ImageUrls,
  imageChannels,
  imageKinds,
} from '../../contract/operations/images.ts'
import { Refusal } from '../../contract/refusal.ts'
import { isForm, receiveForm, type SentFile } from '../content/form.ts'
import { readableFormatOf } from '../content/image-format.ts'
import { imageFolder, imageNameOf, type PushImageType } from '../content/image-link.ts'
import { isCompressed } from '../http/media.ts'
import type { JpushCall, JpushRoute } from './route.ts'

const { imageBytesMax, imageUrlBytesMax } = jpushLimits
const typeName = 'image_type'
/** The vendors whose pictures can be sent as files, by the part that holds one. */
const fileParts = new Map<string, ImageChannel>([
  ['oppo_file', 'oppo'],
  ['xiaomi_file', 'xiaomi'],
])
const urlMembers = new Map<string, keyof ImageUrls>([
  ['image_url', 'all'],
  ...imageChannels.map(channel => [`${channel}_image_url`, channel] as const),
])
const types: Readonly<Partial<Record<string, PushImageType>>> = { jpeg: 'image/jpeg', png: 'image/png' }

const urlsSchema = Object.fromEntries(
  [...urlMembers.keys()].map(name => [name, Type.Optional(Type.String())]),
)

const kindSchema = { [typeName]: Type.Integer({ minimum: 1, maximum: 3 }) }
const file = Type.Optional(Type.String({ format: 'binary' }))
const filesSchema = Object.fromEntries([...fileParts.keys()].map(name => [name, file]))

type Written = { readonly contentId: string; readonly bytes: number }

export const imageRoutes: readonly JpushRoute[] = [
  {
    method: 'POST',
    path: '/v3/images/byurls',
    summary:
      'Add an image by addresses: image_type, and image_url for all channels or {channel}_image_url for some',
    family: 'push',
    quota: 'push',
    body: 'json',
    schema: Type.Object({ ...kindSchema, ...urlsSchema }),
    raises: ['parameter_missing', 'parameter_invalid', 'not_vip', 'images_full'],
    handle: async call => {
      const wanted = call.body[typeName]
      if (isAbsent(wanted)) missing(typeName)
      const given = givenUrls(call)
      const kind = imageKinds.find(known => known === wanted) ?? invalidType()
      return show(await call.run('image.add', { kind, urls: readUrls(given, kind), files: [] }))
    },
  },
  {
    method: 'PUT',
    path: '/v3/images/byurls/:media_id',
    summary: 'Give an image other addresses; those that are not named stay',
    family: 'push',
    quota: 'push',
    body: 'json',
    schema: Type.Object(urlsSchema),
    raises: ['parameter_missing', 'parameter_invalid', 'not_vip', 'image_unknown'],
    handle: async call => {
      const given = givenUrls(call)
      const mediaId = readMediaId(call)
      const urls = readUrls(given, kindOf(mediaId))
      return show(await call.run('image.change', { mediaId, urls, files: [] }))
    },
  },
  {
    method: 'POST',
    path: '/v3/images/byfiles',
    summary:
      'Add an image by files of up to 2 MB, JPEG or PNG: a form with image_type, and oppo_file or xiaomi_file',
    family: 'push',
    quota: 'push',
    isUpload: true,
    schema: Type.Object({ ...kindSchema, ...filesSchema }),
    raises: ['parameter_missing', 'parameter_invalid', 'not_vip', 'images_full'],
    handle: async call => {
      await call.run('image.admit', {})
      return upload(call, async ({ urls, files, imageType }) => {
        if (imageType === undefined || imageType === '') missing(typeName)
        const kind = imageKinds.find(known => String(known) === imageType) ?? invalidType()
        return call.run('image.add', { kind, urls, files })
      })
    },
  },
  {
    method: 'PUT',
    path: '/v3/images/byfiles/:media_id',
    summary: 'Give an image other files; those that are not named stay',
    family: 'push',
    quota: 'push',
    isUpload: true,
    schema: Type.Object(filesSchema),
    raises: ['parameter_missing', 'parameter_invalid', 'not_vip', 'image_unknown'],
    handle: async call => {
      const mediaId = readMediaId(call)
      await call.run('image.admit', { mediaId })
      return upload(call, ({ urls, files }) => call.run('image.change', { mediaId, urls, files }))
    },
  },
]

function show({ mediaId, urls }: Image): object {
  const shown = imageChannels.map(channel => [`${channel}_image_url`, urls[channel]] as const)
  return { media_id: mediaId, ...Object.fromEntries(shown.filter(([, url]) => url !== undefined)) }
}

/** The members that say something. @throws Refusal `parameter_missing` when none does */
function givenUrls({ body }: JpushCall): [name: string, value: unknown][] {
  const given = Object.entries(body).filter(([name, value]) => urlMembers.has(name) && !isAbsent(value))
  return given.length > 0 ? given : missing('image_url')
}

function readUrls(given: readonly (readonly [name: string, value: unknown])[], kind: number): ImageUrls {
  return Object.fromEntries(
    given.map(([name, value]) => {
      const channel = urlMembers.get(name)!
      if (typeof value !== 'string' || bytesOf(value) > imageUrlBytesMax || !isPicture(value, channel, kind))
        throw new Refusal('parameter_invalid', { reason: `${name} must be an http or https address` })
      return [channel, value]
    }),
  )
}

/**
 * The vendor takes files of the app beside addresses, where the channel does: pictures of its own sessions' and FCM's,
 * and Huawei's and Honor's small icons.
 */
function isPicture(value: string, channel: keyof ImageUrls, kind: number): boolean {
  if (/^https?:\/\/\S+$/i.test(value)) return URL.canParse(value)
  if (channel === 'jiguang' || channel === 'fcm') return /^\/?\w[\w-]*(?:[./][\w-]+)+$/.test(value)
  return (channel === 'huawei' || channel === 'honor') && kind === 3 && /^\/raw\/[\w-]+$/.test(value)
}

/** @throws Refusal `image_unknown`: what has another form names nothing */
function readMediaId({ params }: JpushCall): string {
  const { media_id } = params
  if (!isMediaId(media_id)) throw new Refusal('image_unknown')
  return media_id
}

function kindOf(mediaId: string): number {
  return Number(mediaId.split('-', 2)[1])
}

interface Uploaded {
  readonly urls: ImageUrls
  readonly files: readonly ImageFile[]
  readonly imageType: string | undefined
}

/** What the files are is looked at, not what they are called. @param keep asks the core to take them */
async function upload(call: JpushCall, keep: (uploaded: Uploaded) => Promise<Image>): Promise<object> {
  const { contents, exchange } = call
  if (!isForm(exchange) || isCompressed(exchange)) invalid('The body must be multipart/form-data')
  const form = await contents.upload(call.appKey, () => receive(call))
  try {
    const sent = [...form.files].filter(([, { name, saved }]) => name !== '' || saved.bytes > 0)
    if (sent.length === 0) missing('oppo_file or xiaomi_file')
    const files = new Map<ImageChannel, ImageFile>()
    for (const [part, file] of sent) files.set(fileParts.get(part)!, await readImage(call, part, file))
    const urls = Object.fromEntries(
      [...files].map(([channel, file]) => [channel, `${exchange.origin}${imageFolder}/${imageNameOf(file)}`]),
    )
    const kept = { urls, files: [...files.values()], imageType: form.fields.get(typeName)?.trim() }
    return show(await keep(kept))
  } catch (error) {
    const contentIds = [...form.files.values()].map(({ saved }) => saved.contentId)
    await contents.discardRefused(contentIds, error)
    throw error
  }
}

async function receive(call: JpushCall) {
  const { folder, config } = call.contents
  try {
    return await receiveForm<Written>(call.exchange, {
      names: [...fileParts.keys()],
      fileBytesMax: imageBytesMax,
      config,
      save: chunks => folder.write(chunks, imageBytesMax),
      discard: ({ contentId }) => folder.remove(contentId),
    })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.id === 'file_too_large') return invalid(`The file is larger than ${imageBytesMax} bytes`)
    if (error.id === 'invalid_request') return invalid('The form cannot be read')
    throw error
  }
}

async function readImage(call: JpushCall, part: string, { saved }: SentFile<Written>): Promise<ImageFile> {
  const { folder, config } = call.contents
  const { contentId, bytes } = saved
  const type = types[(await readableFormatOf(folder.pathOf(contentId), config.imagePixelsMax)) ?? '']
  return type ? { fileId: contentId, type, bytes } : invalid(`${part} must be a JPEG or PNG image`)
}

/** Clients write what they have not set as null or as an empty text. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function missing(name: string): never {
  throw new Refusal('parameter_missing', { name })
}

function invalidType(): never {
  return invalid(`${typeName} must be 1, 2 or 3`)
}

function invalid(reason: string): never {
  throw new Refusal('parameter_invalid', { reason })
}
