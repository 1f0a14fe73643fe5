// What a message says, between the wire and the JSON that the core keeps and every REST caller reads:
// `{"bodies":[{"type",…}],"ext":{…}}` (msync.md §4, easemob.md §2.6).
import {
  bodyTypes,
  type Content,
  type Decoded,
  has,
  type KeyValue,
  type MessageBody,
  messageBodyCodec,
  type Size,
} from './codec.ts'
import {
  fromJsonObject,
  isObject,
  objectText,
  parseJson,
  stringify,
  toJsonObject,
  toKeyValues,
} from './key-values.ts'

type Json = Readonly<Record<string, unknown>>
type Kind = 'text' | 'int32' | 'double' | 'size' | 'pairs' | 'list' | 'subType'
/** A field and the member it is in JSON. */
type Row = readonly [field: keyof Content & string, member: string, kind: Kind]

const contentTypes = ['txt', 'img', 'video', 'loc', 'audio', 'file', 'cmd', 'custom', 'combine'] as const

const attachment: readonly Row[] = [
  ['displayName', 'filename', 'text'],
  ['remotePath', 'url', 'text'],
  ['secretKey', 'secret', 'text'],
  ['fileLength', 'file_length', 'int32'],
]
const thumbnail: readonly Row[] = [
  ['thumbnailRemotePath', 'thumb', 'text'],
  ['thumbnailSecretKey', 'thumb_secret', 'text'],
  ['thumbnailDisplayName', 'thumb_filename', 'text'],
  ['thumbnailFileLength', 'thumb_file_length', 'int32'],
  ['thumbnailSize', 'thumb_size', 'size'],
]
const combined: readonly Row[] = [
  ['title', 'title', 'text'],
  ['summary', 'summary', 'text'],
  ['combineLevel', 'combineLevel', 'int32'],
]
const text: Row = ['text', 'msg', 'text']
const subType: Row = ['subType', 'subType', 'subType']

/** By content type. A combined message is either a type of its own or a text of a subtype that older clients can show. */
const rows: readonly (readonly Row[])[] = [
  [text, subType, ...combined, ...attachment],
  [...attachment, ['size', 'size', 'size'], ...thumbnail, subType, ['imageType', 'imageType', 'int32']],
  [...attachment, ['duration', 'length', 'int32'], ['size', 'size', 'size'], ...thumbnail],
  [
    ['latitude', 'lat', 'double'],
    ['longitude', 'lng', 'double'],
    ['address', 'addr', 'text'],
    ['buildingName', 'buildingName', 'text'],
  ],
  [...attachment, ['duration', 'length', 'int32'], ...thumbnail],
  [...attachment, ...thumbnail],
  [
    ['action', 'action', 'text'],
    ['params', 'param', 'pairs'],
  ],
  [
    ['customEvent', 'customEvent', 'text'],
    ['customExts', 'customExts', 'list'],
    ['customExts', 'v2:customExts', 'pairs'],
    ['params', 'params', 'pairs'],
  ],
  [text, ...combined, ...attachment],
]

const subTypes: ReadonlyMap<number, string> = new Map([
  [0, 'sub_combine'],
  [1, 'sub_gif'],
  [10, 'sub_stream'],
])
const subTypeNumbers = new Map([...subTypes].map(([number, name]) => [name, number]))
const int32Max = 2 ** 31 - 1

/** The payload of a message that a client has sent. */
export function toPayload({ contents, ext }: Decoded<MessageBody>): string {
  return `{"bodies":[${contents.map(toJson).join(',')}],"ext":${toJsonObject(ext)}}`
}

function toJson(content: Decoded<Content>): string {
  const members: [string, string][] = [['type', JSON.stringify(contentTypes[content.type] ?? 'txt')]]
  for (const [field, member, kind] of rows[content.type] ?? []) {
    const isThere =
      kind === 'pairs' || kind === 'list' ? (content[field] as readonly []).length > 0 : has(content, field)
    if (isThere) members.push([member, toMember(content, field, kind)])
  }
  return objectText(members)
}

function toMember(content: Decoded<Content>, field: Row[0], kind: Kind): string {
  const value = content[field]
  switch (kind) {
    case 'size': {
      const { width, height } = value as Decoded<Size>
      return JSON.stringify({ width, height })
    }
    case 'pairs':
      return toJsonObject(value as readonly Decoded<KeyValue>[])
    case 'list':
      return `[${(value as readonly Decoded<KeyValue>[]).map(pair => toJsonObject([pair])).join(',')}]`
    case 'subType':
      return JSON.stringify(subTypes.get(value as number) ?? value)
    default:
      return JSON.stringify(value)
  }
}

/** What a message or signal is beside its content. */
export interface BodyFrame {
  readonly type: keyof typeof bodyTypes
  readonly from: string
  readonly to: string
}

/** The MessageBody of a message that has no client's own, as one that came through REST. */
export function toBody({ type, from, to }: BodyFrame, payload: string): MessageBody {
  const json = parseJson(payload)
  const { bodies, ext } = isObject(json) ? json : { bodies: undefined, ext: undefined }
  const contents = Array.isArray(bodies) ? bodies.filter(isObject).map(toContent) : []
  return {
    type: bodyTypes[type],
    from: { name: from },
    to: { name: to },
    // Clients look at the first without asking whether there is one.
    contents: contents.length > 0 ? contents : [{ type: 0, text: '' }],
    ext: isObject(ext) ? toKeyValues(ext) : [],
  }
}

export function encodeBody(frame: BodyFrame, payload: string): Uint8Array {
  return messageBodyCodec.encode(toBody(frame, payload))
}

function toContent(body: Json): Content {
  const type = Math.max(0, contentTypes.indexOf(body.type as (typeof contentTypes)[number]))
  const content: Record<string, unknown> = { type }
  for (const [field, member, kind] of rows[type]!) {
    if (!Object.hasOwn(body, member)) continue
    const value = fromMember(body[member], kind)
    if (value !== undefined) content[field] = value
  }
  if (type === 0 && content.text === undefined) content.text = ''
  return content
}

function fromMember(value: unknown, kind: Kind): unknown {
  switch (kind) {
    case 'text':
      return value === null || value === undefined
        ? undefined
        : typeof value === 'string'
          ? value
          : stringify(value)
    case 'int32': {
      const number = Math.trunc(toNumber(value))
      return Math.abs(number) <= int32Max ? number : undefined
    }
    case 'double': {
      const number = toNumber(value)
      return Number.isFinite(number) ? number : undefined
    }
    case 'size':
      return isObject(value)
        ? { width: toNumber(value.width) || 0, height: toNumber(value.height) || 0 }
        : undefined
    case 'subType':
      return typeof value === 'string' ? subTypeNumbers.get(value) : undefined
    default:
      return toPairs(value)
  }
}

/** Numbers and texts that hold one: vendors' own examples write both. */
function toNumber(value: unknown): number {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')
    ? Number(value)
    : Number.NaN
}

/** An object, or the older form, a list of objects of one member each. */
function toPairs(value: unknown): KeyValue[] | undefined {
  if (isObject(value)) return toKeyValues(value)
  if (Array.isArray(value)) return value.filter(isObject).flatMap(toKeyValues)
  if (typeof value === 'string') return fromJsonObject(value)
  return undefined
}
