// Pages of what waits for a client. Messages are short, or ten thousand times as long: what is read beyond what one
// answer holds would be read, and carried over the link, for nothing.
import type { Entry } from '../contract/operations/inbox.ts'

interface EntryPage {
  readonly entries: Entry[]
  /** There may be more after it. */
  readonly hasMore: boolean
}

/** How many are read before it is seen how long they are. */
const readAtOnce = 8
/** What an entry takes beside its text, about. */
const entryBytes = 256

/**
 * The entries after an id, oldest first: `limit` of them, or as many as go beyond `bytesMax` together.
 * @param read the first `count` of those after an id
 */
export async function readPage(
  { limit, bytesMax }: { readonly limit: number; readonly bytesMax: number },
  after: number,
  read: (after: number, count: number) => Promise<Entry[]>,
): Promise<EntryPage> {
  const entries: Entry[] = []
  let bytes = 0
  while (entries.length < limit && bytes < bytesMax) {
    const count = Math.min(readAtOnce, limit - entries.length)
    const some = await read(entries.at(-1)?.id ?? after, count)
    entries.push(...some)
    if (some.length < count) return { entries, hasMore: false }
    for (const { content } of some) bytes += entryBytes + bytesOf(content)
  }
  return { entries, hasMore: true }
}

function bytesOf(content: Entry['content']): number {
  if (content.is !== 'message') return JSON.stringify(content).length
  return content.payload.length + (content.body?.length ?? 0)
}
