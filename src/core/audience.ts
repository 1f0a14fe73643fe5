// Who is meant by a push. The most selective key of the audience leads; everything else is tested entry by entry.
import { jpushLimits } from '../contract/limits.ts'
import type { Audience, Platform } from '../contract/operations/pushes.ts'
import {
  type AudienceQuery,
  type Candidate,
  countOnPlatform,
  countTagged,
  findAmong,
  findByAlias,
  findByRegistrationId,
  type Lead,
  lookAtLead,
  type NamedCandidate,
  scanLead,
} from '../store/audiences.ts'
import type { Sql } from '../store/db.ts'
import type { Targets } from './delivery.ts'
import { type AudiencePage, lookIntoFile, pageOfFile } from './file-audience.ts'
import type { World } from './world.ts'

const { inactiveAfterMs } = jpushLimits
/** Devices written down before the answer at most; a larger audience is fanned out after it. */
const writtenDownMax = 1_000
/** Entries read at first when only the question is whether there is anybody; each further look reads more. */
const firstLook = 4
const lookGrowth = 8
const lookMax = 32_768
/** A search that has looked at so many entries, for some 40 ms, is better made with bitmaps. */
const longSearch = 50_000
/** Candidates out of bitmaps that are looked at before the leading key is, and so many of them at a time. */
const candidatesMax = 1_000
const candidatesAtOnce = 20

export interface Meant<Who extends 'all' | Audience = 'all' | Audience> {
  readonly appId: number
  readonly platforms: readonly Platform[]
  readonly audience: Who
  /** Epoch ms: the moment of which activity is asked. */
  readonly now: number
}

/**
 * The active devices past `after`: as many as `limit` entries of the leading key yield, those of one chunk where a file
 * leads. `after` is 0 at first, then what the page before named as `next`.
 */
export async function resolveAudience(
  sql: Sql,
  meant: Meant<Audience>,
  after: number,
  limit: number,
): Promise<AudiencePage> {
  const query = queryOf(meant)
  const { file } = meant.audience
  if (file !== undefined) return pageOfFile(sql, query, file, after)
  const listed = await candidatesOfLists(sql, query)
  if (listed) return pageOfList(listed, after, limit)
  const { lead } = await chooseLead(sql, query)
  const scanned = await scanLead(sql, query, lead, after, limit)
  return { found: foundIn(scanned), next: scanned.length < limit ? undefined : scanned.at(-1)!.deviceId }
}

/** `inactive`: devices are meant, but none that was seen within 255 days. */
export type Reach = Targets | 'nobody' | 'inactive'

/**
 * Whom a push would reach, as far as it has to be known before it is accepted.
 * @param onFilling the search takes long, and would not once `filled` has resolved; it may throw to end it
 */
export async function reachOf(
  { tagBitmaps, nudge }: Pick<World, 'tagBitmaps' | 'nudge'>,
  sql: Sql,
  meant: Meant,
  onFilling?: (filled: Promise<void>) => void,
): Promise<Reach> {
  if (meant.platforms.length === 0) return 'nobody'
  const query = queryOf(meant)
  if (meant.audience === 'all')
    return (await lookForAnybody(sql, query, { by: 'platform' })) ?? { kind: 'broadcast' }
  const { file } = meant.audience
  if (file !== undefined) return (await lookIntoFile(sql, query, file)) ?? { kind: 'query' }
  const listed = await candidatesOfLists(sql, query)
  if (listed) return reachOfAll(listed)
  const { lead, count } = await chooseLead(sql, query)
  if (count <= writtenDownMax) return reachOfAll(await scanLead(sql, query, lead, 0, writtenDownMax))
  const candidates = tagBitmaps.candidates(query.appId, query.audience, meant.now)
  const looked = candidates && (await lookAmong(sql, query, candidates))
  if (looked?.end) return looked.end === 'somebody' ? { kind: 'query' } : looked.end
  // Bitmaps are no part of the transaction: wanting them in one that is rolled back does no harm.
  const onLongSearch = () => {
    if (!tagBitmaps.want(query.appId, query.audience, meant.now)) return
    nudge('fill_tag_bitmaps')
    onFilling?.(tagBitmaps.filled())
  }
  return (await lookForAnybody(sql, query, lead, looked, onLongSearch)) ?? { kind: 'query' }
}

function queryOf({ appId, platforms, audience, now }: Meant): AudienceQuery {
  const keys = audience === 'all' ? {} : audience
  return { appId, platforms, audience: keys, activeSince: now - inactiveAfterMs }
}

function reachOfAll(candidates: readonly Candidate[]): Reach {
  const deviceIds = idsOf(candidates)
  if (deviceIds.length > writtenDownMax) return { kind: 'query' }
  if (deviceIds.length > 0) return { kind: 'devices', deviceIds }
  return candidates.some(({ fit }) => fit === 1) ? 'inactive' : 'nobody'
}

interface Looked {
  /** Where the search goes on: before this device. */
  readonly before: number
  readonly isInactive: boolean
}

/**
 * Looks at those that bitmaps leave, the newest first.
 * @returns `end` absent: there are more of them than are looked at here
 */
async function lookAmong(
  sql: Sql,
  query: AudienceQuery,
  candidates: Iterable<number>,
): Promise<Looked & { readonly end?: 'somebody' | 'nobody' | 'inactive' }> {
  let before = Number.MAX_SAFE_INTEGER
  let isInactive = false
  let looked = 0
  for (const deviceIds of inPieces(candidates, candidatesAtOnce)) {
    if (looked >= candidatesMax) return { before, isInactive }
    const found = await findAmong(sql, query, deviceIds)
    if (found.some(({ fit }) => fit === 2)) return { before, isInactive, end: 'somebody' }
    isInactive ||= found.some(({ fit }) => fit === 1)
    looked += deviceIds.length
    before = deviceIds.at(-1)!
  }
  return { before, isInactive, end: isInactive ? 'inactive' : 'nobody' }
}

function* inPieces(numbers: Iterable<number>, size: number): Generator<readonly number[]> {
  let piece: number[] = []
  for (const number of numbers) {
    piece.push(number)
    if (piece.length < size) continue
    yield piece
    piece = []
  }
  if (piece.length > 0) yield piece
}

/** Undefined = there is somebody. The newest devices first: they are the likeliest to be active. */
async function lookForAnybody(
  sql: Sql,
  query: AudienceQuery,
  lead: Lead,
  from: Looked = { before: Number.MAX_SAFE_INTEGER, isInactive: false },
  onLongSearch?: () => void,
): Promise<'nobody' | 'inactive' | undefined> {
  let { before, isInactive } = from
  let lookedAt = 0
  for (let most = firstLook; ; most = Math.min(most * lookGrowth, lookMax)) {
    if (lookedAt >= longSearch) onLongSearch?.()
    const { count, last, bestFit } = await lookAtLead(sql, query, lead, before, most)
    if (bestFit === 2) return undefined
    isInactive ||= bestFit === 1
    lookedAt += count
    if (count < most) return isInactive ? 'inactive' : 'nobody'
    before = last
  }
}

/** The devices that aliases or registration ids name; undefined when the audience has neither. */
async function candidatesOfLists(sql: Sql, query: AudienceQuery): Promise<NamedCandidate[] | undefined> {
  const { registrationId, alias } = query.audience
  const keys = registrationId ?? alias
  if (!keys) return undefined
  const find = registrationId ? findByRegistrationId : findByAlias
  const found: NamedCandidate[] = []
  for (const key of keys) found.push(...(await find(sql, query, key)))
  const wanted = registrationId && alias ? new Set(alias) : undefined
  const meant = wanted ? found.filter(candidate => wanted.has(candidate.alias)) : found
  return meant.sort((a, b) => a.deviceId - b.deviceId)
}

function pageOfList(candidates: readonly Candidate[], after: number, limit: number): AudiencePage {
  const rest = candidates.filter(({ deviceId }) => deviceId > after)
  const page = rest.slice(0, limit)
  return { found: foundIn(page), next: rest.length > limit ? page.at(-1)!.deviceId : undefined }
}

/** Counting stops where more would make no difference. */
async function chooseLead(sql: Sql, query: AudienceQuery): Promise<{ lead: Lead; count: number }> {
  const { tag, tagAnd } = query.audience
  const most = writtenDownMax + 1
  const choices: { lead: Lead; count: number }[] = []
  for (const one of tagAnd ?? []) {
    const count = await countTagged(sql, query.appId, one, most)
    choices.push({ lead: { by: 'tag', tags: [one], isWholeOr: false }, count })
  }
  if (tag) {
    let count = 0
    for (const one of tag) count += await countTagged(sql, query.appId, one, most)
    choices.push({ lead: { by: 'tag', tags: tag, isWholeOr: true }, count })
  }
  if (choices.length > 0) return choices.reduce((best, next) => (next.count < best.count ? next : best))
  let count = 0
  for (const platform of query.platforms) count += await countOnPlatform(sql, query.appId, platform, most)
  return { lead: { by: 'platform' }, count }
}

/** A device's position is its id. */
function foundIn(candidates: readonly Candidate[]): AudiencePage['found'] {
  return idsOf(candidates).map(deviceId => ({ deviceId, position: deviceId }))
}

function idsOf(candidates: readonly Candidate[]): number[] {
  return candidates.filter(({ fit }) => fit === 2).map(({ deviceId }) => deviceId)
}
