// What people do with an outbox by hand. It sends nothing itself: what is to be sent again is pending, and whoever has the
// clients sends it.
import { type Clock, systemClock } from '../clock.ts'
import { makeUuid } from '../uuid.ts'
import { checkContent } from './check-content.ts'
import {
  checkItem,
  isFinal,
  type OutboxContent,
  type OutboxItem,
  type OutboxOptions,
  type OutboxState,
  outboxDefaults,
} from './item.ts'
import { acceptedTwice, isKeyed, mayHaveRun, wasAccepted } from './keys.ts'
import type {
  AuditFilter,
  AuditRow,
  Changes,
  Hand,
  HandAction,
  Imported,
  ItemFilter,
  OutboxStore,
} from './store.ts'

/** Who does it, and why: it is written down with what is done. */
export interface ByHand {
  /** Default `''`. */
  readonly by?: string
  readonly why?: string
  /** The same for all items of one action; default one of its own. */
  readonly actionId?: string
}

/** An item, as somebody has seen it. */
export interface Target {
  readonly itemId: string
  /** Nothing is done where it is another by now. Absent: whatever it is. */
  readonly version?: number
  /** Not sent before so long has passed, in ms. Default at once. */
  readonly delayMs?: number
}

/** What became of an item by hand. */
export type HandOutcome =
  | 'done'
  | 'missing' // there is none
  | 'faster' // somebody, or the outbox itself, has changed it since it was seen
  | 'sending' // it is under way
  | 'sent'
  | 'ended' // nobody would send it: it is dead, expired or cancelled already
  | 'by_itself' // it is sent without that, and not later
  | 'might_duplicate' // it may have been sent, and no server would know the repeat
  | 'may_have_run' // it may have been sent: another content would be another message
  | 'too_late' // to be undone: it has been tried since
  | 'not_undoable' // what was done to it last was not this action, or cannot be undone

/** What became of which. */
export interface HandResult {
  readonly itemId: string
  readonly outcome: HandOutcome
}

/** What is accepted, and who does it. */
export interface ResendOptions extends ByHand {
  /** Twice is better than never: also what may have been sent, and whose key no server knows. */
  readonly mayDuplicate?: boolean
  /** Only says what would become of each. */
  readonly isDryRun?: boolean
}

/** All about an item. */
export interface Look {
  readonly item: OutboxItem
  /** By an attempt whose answer was lost, or one that is under way. */
  readonly mayHaveBeenSent: boolean
  /** Until when a repeat is known by its key, epoch ms; null: it has none that a server knows. */
  readonly keyUntil: number | null
  /** What was done with it by hand, in its order. */
  readonly audits: readonly AuditRow[]
}

/** An outbox as people have it before them, in this process or elsewhere. */
export interface Desk {
  /** Everything about one. */
  look(itemId: string): Promise<Look | undefined>
  /** In the order they were put in. @param after the id of the last item before */
  list(filter: ItemFilter, count: number, after?: string): Promise<readonly OutboxItem[]>
  /** How many there are, by state. */
  count(filter: ItemFilter): Promise<Readonly<Partial<Record<OutboxState, number>>>>
  /** In the order they were written. @param after the id of the row before */
  audits(filter: AuditFilter, count: number, after?: string): Promise<readonly AuditRow[]>
  /** @returns what became of each, in their order; at most `targetsMax` at a time */
  resend(targets: readonly Target[], options?: ResendOptions): Promise<readonly HandResult[]>
  /** As `resend`, of what is not being sent: it will not be. */
  cancel(
    targets: readonly Target[],
    options?: Omit<ResendOptions, 'mayDuplicate'>,
  ): Promise<readonly HandResult[]>
  /** What an action has sent again and was not tried since, or has cancelled, is as it was before. */
  undo(actionId: string, targets: readonly Target[], by?: ByHand): Promise<readonly HandResult[]>
  /** @throws TypeError for a content that cannot be sent */
  edit(target: Target, content: OutboxContent, by?: ByHand): Promise<HandResult>
  /** All of it, or nothing. @throws TypeError for what is no item */
  import(items: readonly OutboxItem[], by?: ByHand): Promise<Imported>
}

/** Of one call. */
export const targetsMax = 100
export const listMax = 500

/** Which outbox, and what is known of who sends from it. */
export interface DeskOptions extends Partial<Pick<OutboxOptions, 'keyMsMax' | 'lifeMs'>> {
  readonly store: OutboxStore
  /** Do messages go to a Posthouse, which knows them by their keys? */
  readonly isPosthouse?: boolean
  /** Is what may have been sent repeated by itself, even where no key makes that harmless? Default false. */
  readonly mayDuplicate?: boolean
  /** For what has never been sent; default: whoever sends it gets one. */
  readonly freshKey?: (content: OutboxContent, now: number) => Pick<OutboxItem, 'key' | 'keyAt'>
  /** After every change by hand. */
  readonly onChange?: (item: OutboxItem) => void
  /** Something may be to be sent. */
  readonly wake?: () => void
  readonly clock?: Clock
}

type Decision = HandOutcome | Changes

/** The desk of an outbox whose database is at hand: `outbox.desk`, or one of its own where nobody sends. */
export class OutboxDesk implements Desk {
  readonly #store: OutboxStore
  readonly #given: DeskOptions
  readonly #keyMsMax: number
  readonly #lifeMs: number
  readonly #clock: Clock

  constructor(given: DeskOptions) {
    const { store, keyMsMax, lifeMs, clock } = { ...outboxDefaults, clock: systemClock, ...given }
    this.#store = store
    this.#given = given
    this.#keyMsMax = keyMsMax
    this.#lifeMs = lifeMs
    this.#clock = clock
  }

  async look(itemId: string): Promise<Look | undefined> {
    const item = await this.#store.find(itemId)
    if (!item) return undefined
    return {
      item,
      mayHaveBeenSent: mayHaveRun(item) || wasAccepted(item) || item.state === 'sending',
      keyUntil: this.#isKeyed(item) ? item.keyAt + this.#keyMsMax : null,
      audits: await this.#store.audits({ itemId }, listMax),
    }
  }

  list(filter: ItemFilter = {}, count = 100, after?: string): Promise<readonly OutboxItem[]> {
    return this.#store.list(filter, count, after)
  }

  count(filter?: ItemFilter): Promise<Readonly<Partial<Record<OutboxState, number>>>> {
    return this.#store.count(filter)
  }

  audits(filter: AuditFilter = {}, count = 100, after?: string): Promise<readonly AuditRow[]> {
    return this.#store.audits(filter, count, after)
  }

  resend(
    targets: readonly Target[],
    { mayDuplicate = false, isDryRun = false, ...by }: ResendOptions = {},
  ): Promise<readonly HandResult[]> {
    const hand = handOf('resend', by, mayDuplicate)
    const decide = (item: OutboxItem, { delayMs = 0 }: Target) =>
      this.#decideResend(item, delayMs, mayDuplicate)
    return this.#eachOf(targets, hand, decide, isDryRun)
  }

  cancel(
    targets: readonly Target[],
    { isDryRun = false, ...by }: Omit<ResendOptions, 'mayDuplicate'> = {},
  ): Promise<readonly HandResult[]> {
    return this.#eachOf(targets, handOf('cancel', by), decideCancel, isDryRun)
  }

  undo(actionId: string, targets: readonly Target[], by: ByHand = {}): Promise<readonly HandResult[]> {
    return this.#eachOf(targets, handOf('undo', by), item => this.#decideUndo(item, actionId))
  }

  async edit(target: Target, content: OutboxContent, by: ByHand = {}): Promise<HandResult> {
    const checked = checkContent(content)
    const decide = (item: OutboxItem): Decision => {
      if (item.state === 'sending' || item.state === 'sent') return item.state
      if (mayHaveRun(item) || wasAccepted(item)) return 'may_have_run'
      return { content: checked, ...this.#freshKey(checked) }
    }
    return (await this.#eachOf([target], handOf('edit', by), decide))[0]!
  }

  /** What was being sent there may have been sent. @param items as `JSON.stringify` has written them */
  async import(items: readonly OutboxItem[], by: ByHand = {}): Promise<Imported> {
    const now = this.#clock.now()
    const failure = { id: 'process_died', outcome: 'unknown' }
    const checked = items.map(checkItem).map((item): OutboxItem => {
      if (item.state !== 'sending') return item
      const isRepeated = this.#isKeyed(item) ? this.#isKeyAlive(item, now) : this.#given.mayDuplicate === true
      return { ...item, state: 'unknown', dueAt: isRepeated ? now : null, failure }
    })
    const imported = await this.#store.import(checked, handOf('import', by), now)
    this.#given.wake?.()
    return imported
  }

  async #eachOf(
    targets: readonly Target[],
    hand: Hand,
    decide: (item: OutboxItem, target: Target) => Decision | Promise<Decision>,
    isDryRun = false,
  ): Promise<readonly HandResult[]> {
    if (targets.length > targetsMax) throw new TypeError(`at most ${targetsMax} items at a time`)
    const itemIds = targets.map(({ itemId }) => itemId)
    const found = targets.length === 0 ? [] : await this.#store.list({ itemIds }, targetsMax)
    const items = new Map(found.map(item => [item.itemId, item]))
    return Promise.all(
      targets.map(async (target): Promise<HandResult> => {
        const { itemId, version } = target
        const item = items.get(itemId)
        if (!item) return { itemId, outcome: 'missing' }
        if (version !== undefined && version !== item.version) return { itemId, outcome: 'faster' }
        const decision = await decide(item, target)
        if (typeof decision === 'string' || isDryRun)
          return { itemId, outcome: typeof decision === 'string' ? decision : 'done' }
        // Who has changed it since it was read has made its version another: of two, one is told so.
        const changed = await this.#store.change(item, decision, { now: this.#clock.now(), hand })
        if (changed) this.#given.onChange?.(changed)
        this.#given.wake?.()
        return { itemId, outcome: changed ? 'done' : 'faster' }
      }),
    )
  }

  #decideResend(item: OutboxItem, delayMs: number, mayDuplicate: boolean): Decision {
    if (item.state === 'sending' || item.state === 'sent') return item.state
    const now = this.#clock.now()
    const dueAt = now + delayMs
    if (item.state === 'pending' && item.dueAt !== null && item.dueAt <= dueAt) return 'by_itself'
    const isRepeat = mayHaveRun(item)
    // By its turn the server must still know it. A key that no server knows is kept for the receivers: `em_dedupe`.
    const isKeyKept = isRepeat && this.#isKeyAlive(item, dueAt)
    const isHarmless = !isRepeat || (isKeyKept && this.#isKeyed(item))
    if (!isHarmless && !mayDuplicate) return 'might_duplicate'
    const fresh = isKeyKept ? {} : this.#freshKey(item.content)
    // It begins anew, as one that was never sent.
    const anew = isHarmless ? {} : { failure: { ...item.failure, outcome: acceptedTwice } }
    const expiry = item.expiresAt > dueAt ? {} : { expiresAt: dueAt + this.#lifeMs }
    return { state: 'pending', dueAt, tries: 0, misses: 0, ...fresh, ...anew, ...expiry }
  }

  async #decideUndo(item: OutboxItem, actionId: string): Promise<Decision> {
    const last = (await this.#store.audits({ itemId: item.itemId }, listMax)).at(-1)
    if (last?.actionId !== actionId || last.fromState === '') return 'not_undoable'
    const { action, fromState: state } = last
    const wasOnItsWay = state === 'pending' || state === 'waiting'
    if (action === 'cancel') {
      if (item.state !== 'cancelled') return 'too_late'
      return wasOnItsWay ? { state: 'pending', dueAt: this.#clock.now() } : { state, dueAt: null }
    }
    if (action !== 'resend') return 'not_undoable'
    if (item.state === 'sending' || item.state === 'sent') return item.state
    if (item.state !== 'pending') return 'too_late'
    if (wasOnItsWay) return 'by_itself'
    const isAccepted = wasAccepted(item)
    // A new key, which nobody has sent anything under, must not make a repeat look harmless.
    const isKeyKept = mayHaveRun(item) && !isAccepted
    return {
      state,
      dueAt: null,
      ...(isAccepted && { failure: { ...item.failure, outcome: 'unknown' } }),
      ...(!isKeyKept && { key: '', keyAt: 0 }),
    }
  }

  #freshKey(content: OutboxContent): Pick<OutboxItem, 'key' | 'keyAt'> {
    const now = this.#clock.now()
    if (this.#given.freshKey) return this.#given.freshKey(content, now)
    return content.kind === 'message' ? { key: makeUuid(), keyAt: now } : { key: '', keyAt: 0 }
  }

  #isKeyAlive({ key, keyAt }: OutboxItem, at: number): boolean {
    return key !== '' && at < keyAt + this.#keyMsMax
  }

  #isKeyed(item: OutboxItem): boolean {
    return isKeyed(item, this.#given.isPosthouse === true)
  }
}

function decideCancel(item: OutboxItem): Decision {
  if (item.state === 'sending' || item.state === 'sent') return item.state
  return isFinal(item) ? 'ended' : { state: 'cancelled', dueAt: null }
}

function handOf(
  action: HandAction,
  { by = '', why = '', actionId = makeUuid() }: ByHand,
  mayDuplicate = false,
): Hand {
  return { action, actor: by, reason: why, actionId, mayDuplicate }
}
