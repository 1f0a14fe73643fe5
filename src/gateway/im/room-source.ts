// What a session reads of a room it is in: the room's messages from the log, and signals about them from the user's
// queue of the same name, in one order. Only the latter have to be acknowledged.
import type { Entry } from '../../contract/operations/inbox.ts'
import type { Source } from './feed.ts'
import type { Session } from './session.ts'

export class RoomSource implements Source {
  /** An id: where the session began to read. */
  readonly from: number
  /** There may be something in the queue. */
  hasNotices = true
  readonly #session: Session
  readonly #room: string
  readonly #limit: number

  constructor(session: Session, room: string, limit: number, from: number) {
    this.#session = session
    this.#room = room
    this.#limit = limit
    this.from = from
  }

  /** @throws Refusal `sender_no_member`, `target_room_unknown` when it is in the room no longer */
  async read(after: number, key: number | undefined): Promise<readonly Entry[]> {
    const { books } = this.#session
    const isAsked = this.hasNotices
    this.hasNotices = false
    const [{ entries: messages }, notices] = await Promise.all([
      this.#session.ask('inbox.read_room', { ...books, room: this.#room, after, limit: this.#limit }),
      isAsked ? this.#session.read(`g:${this.#room}`, after, key) : [],
    ])
    if (notices.length === 0) return messages
    this.hasNotices = true
    return merge(messages, notices, this.#limit)
  }
}

/** By id. Of a list that is full nobody knows how it goes on: what lies past its end waits for the next time. */
function merge(one: readonly Entry[], other: readonly Entry[], limit: number): readonly Entry[] {
  const ends = [one, other].filter(({ length }) => length >= limit).map(list => list.at(-1)!.id)
  const end = Math.min(...ends)
  return [...one, ...other].filter(({ id }) => id <= end).toSorted((a, b) => a.id - b.id)
}
