// What the outbox asks of a database. Each call is done whole, or not at all; what it has answered for survives a crash.
import type { OutboxContent, OutboxItem, OutboxState } from './item.ts'

/** A database that keeps an outbox, of SQLite, PostgreSQL or of your own. */
export interface OutboxStore {
  /** What others put in is looked for so often, in ms; absent: as often as leases are prolonged. */
  readonly pollMs?: number
  /** Calls `onNews` when others have put something in, until the answer is called. Losing a call only delays. */
  watch?(onNews: () => void): () => void

  insert(item: NewItem): Promise<void>
  /**
   * Takes due items, in their order; of a conversation only the first that is not done, and none while another one is
   * under way. They are this owner's until the lease is over; those whose key is of use are being sent from then on.
   */
  claim(owner: string, options: ClaimOptions): Promise<Claim>
  /** Prolongs those of the items that the owner has. */
  renew(owner: string, itemIds: readonly string[], until: number): Promise<void>
  /**
   * Changes an item that is still as it was seen, and lets go of it unless it is being sent.
   * @returns it as it is then; undefined where another has changed it: nothing is done
   */
  change(seen: OutboxItem, changes: Changes, more: ChangeMore): Promise<OutboxItem | undefined>
  /**
   * What a process that died was sending may have been sent. @param isRepeated it is tried again by itself, under the key
   * it had @returns those
   */
  recover(now: number, isRepeated: (item: OutboxItem) => boolean): Promise<readonly OutboxItem[]>
  /** Puts in what another outbox has had, as it is. */
  import(items: readonly OutboxItem[], hand: Hand, now: number): Promise<Imported>
  /** When, after now, the next item is due or a lease is over; undefined: never. */
  nextAt(now: number): Promise<number | undefined>
  find(itemId: string): Promise<OutboxItem | undefined>
  /** In the order they were put in. @param after the item before */
  list(filter: ItemFilter, count: number, after?: string): Promise<readonly OutboxItem[]>
  /** By state. */
  count(filter?: ItemFilter): Promise<Readonly<Partial<Record<OutboxState, number>>>>
  /** In the order they were written. @param after the row before */
  audits(filter: AuditFilter, count: number, after?: string): Promise<readonly AuditRow[]>
  /** Deletes what was done before, and of the dead those beyond `deadMax`, the oldest first. */
  purge(sentBefore: number, deadBefore: number, deadMax: number): Promise<void>
}

export type NewItem = Pick<OutboxItem, 'itemId' | 'content' | 'conversation' | 'createdAt' | 'expiresAt'> &
  Partial<Pick<OutboxItem, 'state' | 'key' | 'keyAt' | 'dueAt' | 'failure' | 'tries'>>

export type Changes = Partial<
  Pick<
    OutboxItem,
    'state' | 'key' | 'keyAt' | 'dueAt' | 'tries' | 'misses' | 'failure' | 'result' | 'content' | 'expiresAt'
  >
>

export interface ChangeMore {
  /** Epoch ms. */
  readonly now: number
  /** Put in with the change. */
  readonly children?: readonly NewItem[]
  /** Absent: the outbox does it by itself. */
  readonly hand?: Hand
}

/** Which items; what is not named filters nothing. */
export interface ItemFilter {
  readonly itemIds?: readonly string[]
  readonly states?: readonly OutboxState[]
  readonly kind?: OutboxContent['kind']
  readonly conversation?: string
  /** Its last failure's id in the catalogue. */
  readonly failureId?: string
  /** Epoch ms. */
  readonly createdBefore?: number
  readonly createdAfter?: number
}

export interface ClaimOptions {
  /** Epoch ms. */
  readonly now: number
  readonly leaseMs: number
  readonly count: number
  /** Epoch ms: keys that are older are of no use any more. */
  readonly keysFrom: number
  /** The claim before may have been made, though no answer came: what the owner has beside these is claimed by now. */
  readonly held?: readonly string[]
}

export interface Claim {
  readonly claimed: readonly OutboxItem[]
  /** Their time to live was over. */
  readonly expired: readonly OutboxItem[]
}

/** What became of the items that were to be put in. */
export interface Imported {
  readonly imported: readonly string[]
  /** Their ids are there already. */
  readonly skipped: readonly string[]
}

/** Who does something by hand, and why. */
export interface Hand {
  /** Of one action on many items: the same. */
  readonly actionId: string
  readonly action: HandAction
  readonly actor: string
  readonly reason: string
  /** A second delivery was accepted. */
  readonly mayDuplicate: boolean
}

/** What a person does with an item. */
export type HandAction = 'resend' | 'edit' | 'cancel' | 'import' | 'undo'

/** What was done to one item by hand; it is committed with what was done. */
export interface AuditRow extends Hand {
  readonly auditId: string
  /** Epoch ms. */
  readonly at: number
  readonly itemId: string
  /** `''`: it was not there. */
  readonly fromState: OutboxState | ''
  readonly toState: OutboxState
}

/** Which rows of the audit; what is not named filters nothing. */
export interface AuditFilter {
  readonly itemId?: string
  readonly actionId?: string
}
