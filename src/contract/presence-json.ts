// A presence as clients read it, in an answer of REST or in a notice of the server: numbers are texts (easemob.md §2.12).
import type { Presence } from './operations/presence.ts'

export function toPresenceJson({ username, lastSeenAt, expiresAt, ext, statuses }: Presence): object {
  return {
    uid: username,
    last_time: inSeconds(lastSeenAt),
    ...(expiresAt > 0 && { expiry: inSeconds(expiresAt) }),
    ext,
    status: Object.fromEntries(Object.entries(statuses).map(([name, status]) => [name, String(status)])),
  }
}

function inSeconds(at: number): string {
  return String(Math.floor(at / 1_000))
}
