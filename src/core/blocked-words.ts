// Words that an app lets nobody put on the doors of its groups and rooms: their names and announcements (easemob.md N-73,
// N-81). Texts are compared without regard to case and to the width of letters.
import { Refusal } from '../contract/refusal.ts'
import type { App } from './apps.ts'

/** @throws Refusal `group_name_blocked` */
export function checkGroupName(app: App, name: string | undefined): void {
  if (name !== undefined && holdsBlockedWord(app, name)) throw new Refusal('group_name_blocked', { name })
}

/** @throws Refusal `announcement_blocked` */
export function checkAnnouncement(app: App, text: string): void {
  if (holdsBlockedWord(app, text)) throw new Refusal('announcement_blocked')
}

function holdsBlockedWord({ settings }: App, text: string): boolean {
  const folded = fold(text)
  return settings.blocked_words.some(word => folded.includes(fold(word)))
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
