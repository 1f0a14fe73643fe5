// Whom a push addresses: platforms and audience (jpush.md §3.1.1.1–2).
import { jpushLimits } from '../../contract/limits.ts'
import { isAlias, isRegistrationId, isTag } from '../../contract/names.ts'
import { type Audience, type Platform, platforms } from '../../contract/operations/pushes.ts'
import { Refusal } from '../../contract/refusal.ts'
import { isJsonObject } from '../http/json.ts'
import { type PushFaults, shown } from './push-faults.ts'
import { asObject } from './push-rules.ts'

/** `web` has no name in this dialect. */
const named: ReadonlySet<unknown> = new Set(platforms.filter(platform => platform !== 'web'))

export function readPlatforms(value: unknown, faults: PushFaults): readonly Platform[] {
  if (value === undefined) faults.missing('platform')
  else if (value === 'all') return platforms
  else {
    const names = typeof value === 'string' ? [value] : listOf(value)
    if (names && names.length > 0 && names.every(isPlatform)) return [...new Set(names)]
    faults.invalid('platform must be "all" or a list of android, ios, hmos, quickapp, winphone')
  }
  return []
}

export function isPlatform(value: unknown): value is Platform {
  return named.has(value)
}

/** PHP writes a list whose indices have gaps as an object. */
function listOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  return isJsonObject(value) ? Object.values(value) : undefined
}

/** Whether the audience is a file: `/v3/push/file` is for nothing else, a schedule takes either. */
export type FileAudience = 'none' | 'only' | 'either'

interface ListKey {
  readonly member: Exclude<keyof Audience, 'file'>
  readonly entriesMax: number
  readonly isEntry: (value: unknown) => value is string
}

const listKeys: Readonly<Record<string, ListKey>> = {
  tag: { member: 'tag', entriesMax: jpushLimits.tagsPerPushMax, isEntry: isTag },
  tag_and: { member: 'tagAnd', entriesMax: jpushLimits.tagsPerPushMax, isEntry: isTag },
  tag_not: { member: 'tagNot', entriesMax: jpushLimits.tagsPerPushMax, isEntry: isTag },
  alias: { member: 'alias', entriesMax: jpushLimits.aliasesPerPushMax, isEntry: isAlias },
  registration_id: {
    member: 'registrationId',
    entriesMax: jpushLimits.registrationIdsPerPushMax,
    isEntry: isRegistrationId,
  },
}

/** Documented keys that name what only the vendor's console or live activities can make. */
const foreignKeys: ReadonlySet<string> = new Set(['segment', 'abtest', 'live_activity_id'])

export function readAudience(value: unknown, file: FileAudience, faults: PushFaults): 'all' | Audience {
  if (file === 'only' || (file === 'either' && hasFile(value))) return readFileAudience(value, faults)
  if (value === 'all') return 'all'
  const keys = value === undefined ? {} : asObject(value)
  if (!keys) {
    faults.invalid('audience must be "all" or an object')
    return {}
  }
  const audience: { -readonly [Member in keyof Audience]: Audience[Member] } = {}
  let isNamed = false
  for (const [key, entries] of Object.entries(keys)) {
    if (entries === null || (Array.isArray(entries) && entries.length === 0)) continue
    isNamed = true
    const listKey = Object.hasOwn(listKeys, key) ? listKeys[key] : undefined
    if (listKey) audience[listKey.member] = readEntries(key, listKey, entries, faults)
    else if (foreignKeys.has(key)) refuseForeign(key, entries, faults)
    else if (key === 'file') faults.invalid('audience.file goes with POST /v3/push/file')
    else faults.unsupported(key)
  }
  if (!isNamed) faults.missing('audience')
  return audience
}

function hasFile(value: unknown): boolean {
  return isJsonObject(value) && value.file !== undefined && value.file !== null
}

function readFileAudience(value: unknown, faults: PushFaults): Audience {
  const { file, ...others } = isJsonObject(value) ? value : {}
  const fileId = isJsonObject(file) ? file.file_id : undefined
  const other = Object.entries(others).find(([, entries]) => entries !== null)
  if (file === undefined || file === null) faults.missing('audience.file')
  else if (typeof fileId !== 'string' || fileId === '') faults.missing('audience.file.file_id')
  else if (other) faults.invalid('audience.file goes with no other key')
  return { file: String(fileId) }
}

function readEntries(
  key: string,
  { entriesMax, isEntry }: ListKey,
  entries: unknown,
  faults: PushFaults,
): readonly string[] {
  if (!Array.isArray(entries)) faults.invalid('Audience value must be JSON Array format!')
  else if (entries.length > entriesMax) faults.invalid(`audience.${key} has more than ${entriesMax} entries`)
  else if (!entries.every(entry => typeof entry === 'string' && entry !== ''))
    faults.invalid(`Invalid ${key} value`)
  else if (!entries.every(isEntry)) refuseEntries(key, entries, isEntry, faults)
  else return [...new Set(entries)]
  return []
}

function refuseEntries(
  key: string,
  entries: readonly string[],
  isEntry: ListKey['isEntry'],
  faults: PushFaults,
): void {
  if (key !== 'registration_id') return faults.invalid(`Invalid ${key} value`)
  const illegalRids = entries.filter(entry => !isEntry(entry))
  faults.refuse(
    entries.length === 1
      ? new Refusal('registration_id_invalid', { registration_id: shown(entries[0]!) })
      : new Refusal('registration_ids_invalid', {}, { illegalRids }),
  )
}

function refuseForeign(key: string, entries: unknown, faults: PushFaults): void {
  const isList = key === 'segment' || key === 'abtest'
  if (isList && !Array.isArray(entries)) faults.invalid('Audience value must be JSON Array format!')
  else faults.invalid(`audience.${key} names nothing that exists on this server`)
}
