// Does a user who is away want to hear of a message? What the message says of itself comes first, then the user's quiet
// hours, then what it has set for the conversation, then for everything.
import type { Remind } from '../contract/operations/notifications.ts'
import type { PushSettings } from '../contract/operations/users.ts'
import { startOfDay } from '../lib/zone-time.ts'

/** What the sender has put into the message's `ext`. */
export interface Wishes {
  readonly isSilent: boolean
  readonly isForced: boolean
  /** Names in lower case. */
  readonly mentioned: 'all' | ReadonlySet<string>
}

export interface Quiet {
  readonly remind: Remind
  readonly quietInterval: string
  readonly quietUntil: number
}

export interface Listener {
  readonly username: string
  readonly settings: PushSettings
  readonly everything: Quiet
  readonly conversation: Quiet
}

export interface Moment {
  readonly now: number
  /** Wall-clock times are of this zone: minutes east of UTC. */
  readonly zoneMinutes: number
}

const hourMs = 3_600_000
const minuteMs = 60_000

/** @param groupId absent = the message is to the user alone */
export function wantsToHear(
  listener: Listener,
  wishes: Wishes,
  groupId: string | undefined,
  moment: Moment,
): boolean {
  const { settings, everything, conversation, username } = listener
  if (wishes.isSilent) return false
  if (wishes.isForced) return true
  if (isInQuietHours(settings, moment)) return false
  if (groupId !== undefined && settings[`notification_ignore_${groupId}`] === true) return false
  if (isQuiet(everything, moment) || isQuiet(conversation, moment)) return false
  const remind = conversation.remind === 'DEFAULT' ? everything.remind : conversation.remind
  if (remind === 'NONE') return false
  return remind !== 'AT' || wishes.mentioned === 'all' || wishes.mentioned.has(username)
}

function isInQuietHours(settings: PushSettings, moment: Moment): boolean {
  if (settings.notification_no_disturbing !== true) return false
  const { notification_no_disturbing_start: start = 0, notification_no_disturbing_end: end = 0 } = settings
  return start === end || isBetween(Number(start) * hourMs, Number(end) * hourMs, moment)
}

function isQuiet({ quietInterval, quietUntil }: Quiet, moment: Moment): boolean {
  if (quietUntil > moment.now) return true
  const [start, end] = readInterval(quietInterval) ?? []
  if (start === undefined || end === undefined) return false
  return start === end || isBetween(start, end, moment)
}

/** Past midnight where the end is before the start. */
function isBetween(start: number, end: number, { now, zoneMinutes }: Moment): boolean {
  const time = now - startOfDay(now, zoneMinutes)
  return start < end ? time >= start && time < end : time >= start || time < end
}

/**
 * `22:00-8:30` as ms after midnight: the same twice is all day, but 0:00 twice is never (as the vendor's SDKs have it).
 * @returns undefined for '', never and what is none
 */
export function readInterval(text: string): readonly [number, number] | undefined {
  const found = /^(\d{1,2}):(\d{1,2})-(\d{1,2}):(\d{1,2})$/.exec(text)
  if (!found) return undefined
  const [startHour, startMinute, endHour, endMinute] = found.slice(1).map(Number)
  const start = startHour! * hourMs + startMinute! * minuteMs
  const end = endHour! * hourMs + endMinute! * minuteMs
  if (startMinute! > 59 || endMinute! > 59 || start > 24 * hourMs || end > 24 * hourMs) return undefined
  return start === 0 && end === 0 ? undefined : [start, end]
}
