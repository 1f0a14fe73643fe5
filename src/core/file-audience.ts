// The devices that a file of names means, chunk by chunk.
import {
  type AudienceQuery,
  findByAlias,
  findByRegistrationId,
  type NamedCandidate,
} from '../store/audiences.ts'
import type { Sql } from '../store/db.ts'
import { findPushFile, nextChunk } from '../store/push-files.ts'

export interface AudiencePage {
  /** In the order of their positions; a device may come twice where a file leads. */
  readonly found: readonly { readonly deviceId: number; readonly position: number }[]
  /** Where to go on; undefined = this was the last page. A page may be empty and still not the last. */
  readonly next: number | undefined
}

/** Entries looked up before the answer at most: a longer file without a device among them is taken as it is. */
const lookedUpMax = 5_000

/** Undefined = there is somebody, or too much to look at. */
export async function lookIntoFile(
  sql: Sql,
  query: AudienceQuery,
  fileId: string,
): Promise<'nobody' | 'inactive' | undefined> {
  let isInactive = false
  let looked = 0
  for (let chunk = 0; looked < lookedUpMax; ) {
    const page = await readChunk(sql, query, fileId, chunk)
    if (!page) return isInactive ? 'inactive' : 'nobody'
    if (page.devices.some(({ fit }) => fit === 2)) return undefined
    isInactive ||= page.devices.some(({ fit }) => fit === 1)
    looked += page.count
    chunk = page.chunk
  }
  return undefined
}

/** @param after a chunk */
export async function pageOfFile(
  sql: Sql,
  query: AudienceQuery,
  fileId: string,
  after: number,
): Promise<AudiencePage> {
  const page = await readChunk(sql, query, fileId, after)
  const meant = page?.devices.filter(({ fit }) => fit === 2) ?? []
  return { found: meant.map(({ deviceId }) => ({ deviceId, position: page!.chunk })), next: page?.chunk }
}

/** Undefined = there is no further chunk: the file ends, or it is gone. */
async function readChunk(sql: Sql, query: AudienceQuery, fileId: string, after: number) {
  const file = await findPushFile(sql, fileId)
  const found = file && (await nextChunk(sql, fileId, after))
  if (!found) return undefined
  const find = file.kind === 'alias' ? findByAlias : findByRegistrationId
  const entries = JSON.parse(found.entries) as string[]
  const devices: NamedCandidate[] = []
  for (const entry of entries) devices.push(...(await find(sql, query, entry)))
  return { chunk: found.chunk, count: entries.length, devices }
}
