import type { Desk } from '../outbox/desk.ts'
import type { OutboxItem } from '../outbox/item.ts'
import type { AuditFilter, AuditRow, ItemFilter } from '../outbox/store.ts'

export const pageSize = 200

/** The items that match, a page at a time. */
export async function* itemPages(
  desk: Desk,
  filter: ItemFilter,
  limit = Number.POSITIVE_INFINITY,
  after?: string,
): AsyncGenerator<readonly OutboxItem[]> {
  let last = after
  for (let left = limit; left > 0; ) {
    const count = Math.min(left, pageSize)
    const page = await desk.list(filter, count, last)
    if (page.length > 0) yield page
    if (page.length < count) return
    left -= page.length
    last = page.at(-1)!.itemId
  }
}

export async function* auditPages(desk: Desk, filter: AuditFilter): AsyncGenerator<readonly AuditRow[]> {
  for (let last: string | undefined; ; ) {
    const page = await desk.audits(filter, pageSize, last)
    if (page.length > 0) yield page
    if (page.length < pageSize) return
    last = page.at(-1)!.auditId
  }
}

export function batchesOf<Value>(values: readonly Value[], size: number): readonly (readonly Value[])[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, nth) =>
    values.slice(nth * size, (nth + 1) * size),
  )
}
