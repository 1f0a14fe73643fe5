// The export of an hour (easemob.md §2.9): an address under which, for half an hour, whoever has it gets the records as a
// gzip file. The file is made when it is fetched, page by page, and has no name on the disk.
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { StoredMessage } from '../../contract/operations/messages.ts'
import type { Args } from '../../contract/operations.ts'
import { Refusal } from '../../contract/refusal.ts'
import { FileAnswer } from '../http/answer.ts'
import { toRecord } from './chat-history.ts'
import { dataEnvelope } from './envelope.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'

export const chatExportRoutes: readonly EasemobRoute[] = [
  {
    method: 'GET',
    path: '/chatmessages/:hour',
    summary: 'The address of a gzip file with the messages of an hour: yyyyMMddHH, UTC',
    family: 'messages',
    need: call => ({ is: 'app', verb: 'get', path: `/chatmessages/${call.params.hour}` }),
    raises: ['export_hour_malformed', 'export_unstored', 'export_empty'],
    handle: offer,
  },
  {
    method: 'GET',
    path: '/chatmessages/:hour/:file',
    summary: 'The messages of an hour, one JSON record a line, for whoever has the signed address',
    family: 'messages',
    need: () => ({ is: 'open' }),
    raises: ['export_link_invalid'],
    produces: 'application/gzip',
    handle: download,
  },
]

async function offer(call: EasemobCall): Promise<object> {
  const hour = call.params.hour!
  if (!isHour(hour)) throw new Refusal('export_hour_malformed')
  const { expiresAt, signature } = await call.run('history.offer_hour', { hour })
  const { org, app } = call.place
  const query = new URLSearchParams({ Expires: String(expiresAt), Signature: signature })
  const url = `${call.exchange.origin}/${org}/${app}/chatmessages/${hour}/${fileOf(hour)}?${query}`
  return dataEnvelope(call, { data: [{ url }] })
}

/** Ten digits that are an hour of a day there is. */
function isHour(text: string): boolean {
  const [, date, hour] = /^(\d{8})(\d\d)$/.exec(text) ?? []
  if (date === undefined || Number(hour) > 23) return false
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`
  const time = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day)
}

function fileOf(hour: string): string {
  return `${hour}.gz`
}

async function download(call: EasemobCall): Promise<FileAnswer> {
  const { hour = '', file } = call.params
  const expires = call.query('Expires') ?? ''
  if (!isHour(hour) || file !== fileOf(hour) || !/^\d{1,15}$/.test(expires))
    throw new Refusal('export_link_invalid')
  const permission = { hour, expiresAt: Number(expires), signature: call.query('Signature') ?? '' }
  // The first page before anything is written: what is refused leaves no trace.
  const pages = readPages(call, permission)
  const { value: first = [] } = await pages.next()
  const zipped = createGzip()
  // What goes wrong on the way reaches whoever reads the end of it.
  pipeline(Readable.from(linesOf(first, pages)), zipped, () => {})
  const { handle, bytes } = await call.contents.folder.writeUnnamed(zipped)
  return new FileAnswer(200, headersOf(hour), { handle, start: 0, bytes })
}

type Permission = Omit<Args<'history.read_hour'>, 'after'>

/** At least one page. @throws Refusal `export_link_invalid` */
async function* readPages(
  call: EasemobCall,
  permission: Permission,
): AsyncGenerator<readonly StoredMessage[], undefined> {
  for (let after = 0; ; ) {
    const { messages, isLast } = await call.run('history.read_hour', { ...permission, after })
    yield messages
    if (isLast) return
    after = messages.at(-1)?.msgId ?? after
  }
}

async function* linesOf(
  first: readonly StoredMessage[],
  rest: AsyncIterable<readonly StoredMessage[]>,
): AsyncGenerator<string> {
  yield toLines(first)
  for await (const page of rest) yield toLines(page)
}

function toLines(messages: readonly StoredMessage[]): string {
  return messages.map(message => `${JSON.stringify(toRecord(message))}\n`).join('')
}

function headersOf(hour: string): Record<string, string> {
  return {
    'Content-Type': 'application/gzip',
    'Content-Disposition': `attachment; filename="${fileOf(hour)}"`,
    'Cache-Control': 'private, no-store',
    'X-Content-Type-Options': 'nosniff',
  }
}
