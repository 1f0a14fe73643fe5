// The core keeps books of the sessions that live; a door holds their connections, which stay whatever becomes of the core.
// Here is what keeps the books right: each session gets a name in them, its end is told until the core has taken it, and
// when the core has been away, the sessions that live on are confirmed.
import type { Link } from '../link/link.ts'
import { Batcher } from './batcher.ts'

export interface SessionBooksOptions<Session, Ending> {
  readonly link: Link
  /** Sessions in one command to the core. */
  readonly batchMax: number
  readonly retryMs: number
  /** Those that live. */
  readonly sessions: () => Iterable<Session>
  /** Tells the core of ends. @returns false when it has to be told again */
  readonly tellEnds: (ends: readonly Ending[]) => Promise<boolean>
  /**
   * Tells the core of sessions that live.
   * @returns the devices whose session another one is by now, or none; undefined when the core has to be told again
   */
  readonly tellLives: (sessions: readonly Session[]) => Promise<readonly number[] | undefined>
  readonly onLost: (session: Session) => void
  /** It lives on; what the core has announced meanwhile was not heard. */
  readonly onConfirmed: (session: Session) => void
}

export class SessionBooks<Session extends { readonly deviceId: number }, Ending> {
  readonly #options: SessionBooksOptions<Session, Ending>
  readonly #ends: Batcher<Ending>
  /** Names are told apart from those of other gateways, and of this one before it started anew. */
  readonly #namePrefix = Math.random().toString(36).slice(2, 10)
  #lastName = 0
  #confirming: Promise<void> | undefined

  constructor(options: SessionBooksOptions<Session, Ending>) {
    this.#options = options
    const { link, batchMax, retryMs, tellEnds } = options
    this.#ends = new Batcher({ max: batchMax, retryMs, send: tellEnds })
    link.onCoreStart(() => this.#confirm())
  }

  nextName(): string {
    return `${this.#namePrefix}-${(++this.#lastName).toString(36)}`
  }

  /** Resolves when no sessions are being confirmed: those come before new ones. */
  async confirmed(): Promise<void> {
    await this.#confirming
  }

  addEnd(end: Ending): void {
    this.#ends.add(end)
  }

  /** Resolves when the core knows of every end there was until now, or false when it does not listen. */
  endsTold(): Promise<boolean> {
    return this.#ends.settled()
  }

  #confirm(): void {
    const confirming = this.#confirmAll().then(isDone => {
      if (this.#confirming !== confirming) return
      this.#confirming = undefined
      if (!isDone) setTimeout(() => this.#confirm(), this.#options.retryMs).unref()
    })
    this.#confirming = confirming
  }

  /** Ends first, then what lives on. */
  async #confirmAll(): Promise<boolean> {
    if (!(await this.endsTold())) return false
    const { sessions, batchMax } = this.#options
    const living = [...sessions()]
    for (let at = 0; at < living.length; at += batchMax)
      if (!(await this.#confirmSome(living.slice(at, at + batchMax)))) return false
    return true
  }

  async #confirmSome(sessions: readonly Session[]): Promise<boolean> {
    const { tellLives, onLost, onConfirmed } = this.#options
    const answer = await tellLives(sessions)
    if (!answer) return false
    const lost = new Set(answer)
    for (const session of sessions)
      if (lost.has(session.deviceId)) onLost(session)
      else onConfirmed(session)
    return true
  }
}
