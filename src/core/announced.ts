// Of which message between users a push tells: it says so in what the receiver's app gets, as the vendor's SDKs read it.
import type { PushContents } from '../contract/operations/pushes.ts'
import type { Sql } from '../store/db.ts'
import { listPushesAfter, type PushRow } from '../store/pushes.ts'
import { groupQueue, userQueue } from './tell.ts'

/** `f` sender, `g` group, `m` message, `t` receiver, `e` what the sender hands to the receiver's app. */
export interface AnnouncedIn {
  readonly f: string
  readonly g?: string
  readonly m: string
  readonly t?: string
  readonly e?: unknown
}

export interface Announced {
  readonly msgId: number
  /** The queue of its receivers in which it waits. */
  readonly queue: string
}

export function announcedBy({ content }: Pick<PushRow, 'content'>): Announced | undefined {
  const [text] = Object.values((JSON.parse(content) as PushContents).notification)
  const shown = JSON.parse(text ?? 'null') as { readonly extras?: Partial<AnnouncedIn> } | null
  const { f, g, m } = shown?.extras ?? {}
  if (f === undefined || m === undefined) return undefined
  return { msgId: Number(m), queue: g === undefined ? userQueue(f) : groupQueue(Number(g)) }
}

const pushesPerPage = 50

/**
 * The pushes that tell of a message. They were accepted with it, one after the other, so they end where the app's next
 * push is another's.
 */
export async function listPushesAbout(sql: Sql, appId: number, msgId: number): Promise<PushRow[]> {
  const found: PushRow[] = []
  for (;;) {
    const page = await listPushesAfter(sql, appId, found.at(-1)?.msgId ?? msgId, pushesPerPage)
    const end = page.findIndex(push => announcedBy(push)?.msgId !== msgId)
    found.push(...(end < 0 ? page : page.slice(0, end)))
    if (end >= 0 || page.length < pushesPerPage) return found
  }
}
