// How a user wants to be notified (easemob.md §2.2.8).
import { Refusal } from '../../contract/refusal.ts'
import type { Members } from './route.ts'
import { toText } from './user-entity.ts'

type Setting = number | boolean

const ignoredGroup = /^notification_ignore_[\w-]{1,64}$/
const readers: ReadonlyMap<string, (value: unknown) => Setting> = new Map<
  string,
  (value: unknown) => Setting
>([
  ['notification_display_style', value => readWhole(value, 1)],
  ['notification_no_disturbing', readFlag],
  ['notification_no_disturbing_start', value => readWhole(value, 23)],
  ['notification_no_disturbing_end', value => readWhole(value, 23)],
])

/**
 * The settings among `members`; null or '' removes one.
 * @throws Refusal `invalid_request` for a value that is none
 */
export function readPushSettings(members: Members): Record<string, Setting | null> {
  const settings = new Map<string, Setting | null>()
  for (const [name, value] of Object.entries(members)) {
    const read = readers.get(name) ?? (ignoredGroup.test(name) ? readFlag : undefined)
    if (read) settings.set(name, value === null || value === '' ? null : read(value))
  }
  return Object.fromEntries(settings)
}

function readWhole(value: unknown, most: number): number {
  const text = toText(value)
  if (text === undefined || !/^\d{1,2}$/.test(text) || Number(text) > most)
    throw new Refusal('invalid_request')
  return Number(text)
}

function readFlag(value: unknown): boolean {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw new Refusal('invalid_request')
}
