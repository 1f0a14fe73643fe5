// What a session reads of a room it is in: the room's messages from the log, and signals about them from the user's
// queue of the same name. Only the latter have to be acknowledged.
import type { Entry } from '../../contract/operations/inbox.ts'
import type { Result } from '../../contract/operations.ts'
import type { Source } from './feed.ts'
import type { Session } from './session.ts'

export class RoomSource implements Source {
  /** An id: where the session began to read. */
  readonly from: number
  /** Something was announced since the last read began, or there was more than it could bring. */
  mayHaveMore = true
  readonly #session: Session
  readonly #room: string
  readonly #limit: number
  /** The id of the last signal that was read and not yet acknowledged. */
  #lastSignal: number | undefined
  /** The id of the last entry that was read. */
  #last = 0

  constructor(session: Session, room: string, limit: number, from: number) {
    this.#session = session
    this.#room = room
    this.#limit = limit
    this.from = from
  }

  /** @throws Refusal `sender_no_member`, `target_room_unknown` when it is in the room no longer */
  async read(after: number, key: number | undefined): Promise<readonly Entry[]> {
    if (this.#lastSignal !== undefined && key !== undefined && key >= this.#lastSignal) {
      this.#lastSignal = undefined
      await this.#session.read(`g:${this.#room}`, after, key)
    }
    // Most often the client acknowledges what it has just been sent, and nothing has happened since.
    if (!this.mayHaveMore && key === this.#last) return []
    this.mayHaveMore = false
    const { entries, hasMore } = await this.#readOn(after)
    this.mayHaveMore ||= hasMore
    this.#last = entries.at(-1)?.id ?? this.#last
    this.#lastSignal = entries.findLast(({ content }) => content.is === 'signal')?.id ?? this.#lastSignal
    return entries
  }

  async #readOn(after: number): Promise<Result<'inbox.read_room'>> {
    const wish = { room: this.#room, after, limit: this.#limit }
    try {
      return await this.#session.ask('inbox.read_room', { ...this.#session.books, ...wish })
    } catch (error) {
      this.mayHaveMore = true
      throw error
    }
  }
}
