// The outbox in SQL, one text for SQLite and PostgreSQL. What takes several statements is a generator: it yields them
// and is given their rows, which one engine has at once and the other after a while.
import { makeUuid } from '../uuid.ts'
import { type OutboxItem, type OutboxState, openStates } from './item.ts'
import { asKept } from './new-item.ts'
import { join, type Row, raw, type Sql, type SqlValue, sql } from './sql.ts'
import type {
  AuditFilter,
  AuditRow,
  ChangeMore,
  Changes,
  Claim,
  ClaimOptions,
  Hand,
  HandAction,
  Imported,
  ItemFilter,
  NewItem,
} from './store.ts'

/** Where the engines differ. */
export interface Engine {
  /** The type of a key that counts up by itself. */
  readonly counter: string
  /** A member of the JSON object in a column of text. */
  readonly memberOf: (column: string, name: string) => string
  /** Ends a query `AS o` for rows that are changed next: those that another transaction has are left out. */
  readonly skipLocked: string
  /** Asks for conversations (a JSON array) until the end of the transaction: rows of those that nobody else has. */
  readonly lockConversations?: (conversations: string) => Sql
}

export type Procedure<Result> = Generator<Sql, Result, readonly Row[]>

const isOpen = `state IN (${openStates.map(state => `'${state}'`).join(', ')})`

export function schemaOf({ counter }: Engine): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS posthouse_outbox (
  place ${counter} PRIMARY KEY,
  item_id TEXT NOT NULL UNIQUE,
  version BIGINT NOT NULL,
  state TEXT NOT NULL,
  content TEXT NOT NULL,
  conversation TEXT NOT NULL,
  key TEXT NOT NULL,
  key_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  due_at BIGINT,
  expires_at BIGINT NOT NULL,
  tries INTEGER NOT NULL,
  misses INTEGER NOT NULL,
  failure TEXT,
  result TEXT,
  owner TEXT,
  lease_until BIGINT NOT NULL
)`,
    `CREATE INDEX IF NOT EXISTS posthouse_outbox_due ON posthouse_outbox (due_at) WHERE due_at IS NOT NULL`,
    `CREATE INDEX IF NOT EXISTS posthouse_outbox_expiry ON posthouse_outbox (expires_at) WHERE due_at IS NOT NULL`,
    `CREATE INDEX IF NOT EXISTS posthouse_outbox_conversation ON posthouse_outbox (conversation, place)
  WHERE conversation <> '' AND ${isOpen}`,
    `CREATE INDEX IF NOT EXISTS posthouse_outbox_state ON posthouse_outbox (state, changed_at)`,
    `CREATE INDEX IF NOT EXISTS posthouse_outbox_owner ON posthouse_outbox (lease_until) WHERE owner IS NOT NULL`,
    `CREATE TABLE IF NOT EXISTS posthouse_outbox_audit (
  place ${counter} PRIMARY KEY,
  audit_id TEXT NOT NULL UNIQUE,
  action_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  action TEXT NOT NULL,
  item_id TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  may_duplicate INTEGER NOT NULL
)`,
    `CREATE INDEX IF NOT EXISTS posthouse_outbox_audit_item ON posthouse_outbox_audit (item_id)`,
    `CREATE INDEX IF NOT EXISTS posthouse_outbox_audit_action ON posthouse_outbox_audit (action_id)`,
    `CREATE INDEX IF NOT EXISTS posthouse_outbox_audit_at ON posthouse_outbox_audit (at)`,
  ]
}

/** In their order. */
export function insertItems(items: readonly NewItem[]): Sql {
  return insertRows(items.map(asKept))
}

/** What is there already stays as it is. @returns a row for each that is new */
export function insertMissing(items: readonly OutboxItem[]): Sql {
  return sql`${insertRows(items)} ON CONFLICT (item_id) DO NOTHING RETURNING item_id`
}

export function* importItems(items: readonly OutboxItem[], hand: Hand, now: number): Procedure<Imported> {
  const imported: string[] = []
  const skipped: string[] = []
  for (const item of items) {
    const isNew = (yield insertMissing([{ ...item, changedAt: now }])).length > 0
    const list = isNew ? imported : skipped
    list.push(item.itemId)
    if (isNew) yield insertAudit(hand, now, item.itemId, '', item.state)
  }
  return { imported, skipped }
}

export function* claimDue(
  engine: Engine,
  owner: string,
  { now, leaseMs, count, keysFrom, held }: ClaimOptions,
): Procedure<Claim> {
  const owned = held ? yield sql`SELECT * FROM posthouse_outbox WHERE owner = ${owner}` : []
  const missed = owned.filter(row => !held!.includes(itemIdOf(row)))
  const skipLocked = raw(engine.skipLocked)
  const expired = yield sql`
    UPDATE posthouse_outbox SET state = 'expired', due_at = NULL, owner = NULL, lease_until = 0, version = version + 1,
      changed_at = ${now}
    WHERE item_id IN (
      SELECT item_id FROM posthouse_outbox AS o
      WHERE due_at IS NOT NULL AND expires_at <= ${now} AND due_at <= ${now} AND lease_until <= ${now}
      ORDER BY expires_at LIMIT ${expiredMax} ${skipLocked})
    RETURNING *`
  const due = yield sql`
    SELECT item_id, conversation FROM posthouse_outbox AS o
    WHERE due_at <= ${now} AND lease_until <= ${now} AND expires_at > ${now} AND ${isFirst}
    ORDER BY due_at, place LIMIT ${count} ${skipLocked}`
  const conversations = due.map(({ conversation }) => conversation).filter(name => name !== '')
  const locked =
    engine.lockConversations && conversations.length > 0
      ? (yield engine.lockConversations(JSON.stringify(conversations))).map(row => row.conversation)
      : conversations
  const ids = due.filter(row => row.conversation === '' || locked.includes(row.conversation)).map(itemIdOf)
  const rows =
    ids.length === 0
      ? []
      : // Once more whether it is the first: now that nobody else claims in this conversation, it stays so.
        yield sql`
          UPDATE posthouse_outbox AS o SET owner = ${owner}, lease_until = ${now + leaseMs}, version = version + 1,
            changed_at = ${now},
            due_at = CASE WHEN key <> '' AND key_at > ${keysFrom} THEN NULL ELSE due_at END,
            state = CASE WHEN key <> '' AND key_at > ${keysFrom} THEN 'sending' ELSE state END
          WHERE item_id IN (${join(ids, ', ')}) AND ${isFirst}
          RETURNING *`
  const claimed = [...rows].sort((a, b) => ids.indexOf(itemIdOf(a)) - ids.indexOf(itemIdOf(b)))
  return { claimed: [...missed, ...claimed].map(toItem), expired: expired.map(toItem) }
}

/** For one look at what is due. */
const expiredMax = 1_000

const isFirst = raw(`(o.conversation = '' OR NOT EXISTS (
    SELECT 1 FROM posthouse_outbox AS e
    WHERE e.conversation = o.conversation AND e.conversation <> '' AND e.${isOpen} AND e.place < o.place
      AND (e.state <> 'unknown' OR e.due_at IS NOT NULL)
  ) AND NOT EXISTS (
    SELECT 1 FROM posthouse_outbox AS e
    WHERE e.conversation = o.conversation AND e.owner IS NOT NULL AND e.place <> o.place
  ))`)

export function renewLeases(owner: string, itemIds: readonly string[], until: number): Sql {
  return sql`UPDATE posthouse_outbox SET lease_until = ${until} WHERE owner = ${owner} AND item_id IN (${join(itemIds, ', ')})`
}

export function updateItem(seen: OutboxItem, changes: Changes, now: number): Sql {
  const entries = Object.entries(changes) as [keyof Changes, unknown][]
  const sets = entries.map(([name, value]) => sql`${raw(columns[name])} = ${toColumn(name, value)}`)
  const lease = changes.state === 'sending' ? [] : [raw('owner = NULL'), raw('lease_until = 0')]
  const all = [raw('version = version + 1'), sql`changed_at = ${now}`, ...lease, ...sets]
  return sql`
    UPDATE posthouse_outbox SET ${join(all, ', ')}
    WHERE item_id = ${seen.itemId} AND version = ${seen.version}
    RETURNING *`
}

export function* changeItem(
  seen: OutboxItem,
  changes: Changes,
  { now, children = [], hand }: ChangeMore,
): Procedure<OutboxItem | undefined> {
  const [row] = yield updateItem(seen, changes, now)
  if (!row) return undefined
  if (children.length > 0) yield insertItems(children)
  const item = toItem(row)
  if (hand) yield insertAudit(hand, now, item.itemId, seen.state, item.state)
  return item
}

export function* recoverItems(
  engine: Engine,
  now: number,
  isRepeated: (item: OutboxItem) => boolean,
): Procedure<readonly OutboxItem[]> {
  const rows = yield sql`
    SELECT * FROM posthouse_outbox AS o WHERE owner IS NOT NULL AND lease_until <= ${now}
    ORDER BY place ${raw(engine.skipLocked)}`
  const recovered: OutboxItem[] = []
  for (const item of rows.map(toItem)) {
    const changes: Changes =
      item.state === 'sending'
        ? {
            state: 'unknown',
            dueAt: isRepeated(item) ? now : null,
            failure: { id: 'process_died', outcome: 'unknown' },
          }
        : // It never was sent. Nobody holds it any more, or its conversation would stand still.
          {}
    const changed = yield* changeItem(item, changes, { now })
    if (changed && item.state === 'sending') recovered.push(changed)
  }
  return recovered
}

export function selectNextAt(now: number): Sql {
  return sql`
    SELECT MIN(at) AS at FROM (
      SELECT MIN(due_at) AS at FROM posthouse_outbox WHERE due_at > ${now}
      UNION ALL SELECT MIN(lease_until) FROM posthouse_outbox WHERE owner IS NOT NULL AND lease_until > ${now}
    ) AS moments`
}

export function selectItem(itemId: string): Sql {
  return sql`SELECT * FROM posthouse_outbox WHERE item_id = ${itemId}`
}

export function selectItems(engine: Engine, filter: ItemFilter, count: number, after?: string): Sql {
  const from =
    after === undefined
      ? raw('')
      : sql` AND place > (SELECT place FROM posthouse_outbox WHERE item_id = ${after})`
  return sql`SELECT * FROM posthouse_outbox WHERE ${itemsWhere(engine, filter)}${from} ORDER BY place LIMIT ${count}`
}

export function countItems(engine: Engine, filter: ItemFilter): Sql {
  return sql`SELECT state, COUNT(*) AS count FROM posthouse_outbox WHERE ${itemsWhere(engine, filter)} GROUP BY state`
}

export function selectAudits({ itemId, actionId }: AuditFilter, count: number, after?: string): Sql {
  const parts = [
    itemId !== undefined && sql`item_id = ${itemId}`,
    actionId !== undefined && sql`action_id = ${actionId}`,
    after !== undefined && sql`place > (SELECT place FROM posthouse_outbox_audit WHERE audit_id = ${after})`,
  ]
  return sql`SELECT * FROM posthouse_outbox_audit WHERE ${all(parts)} ORDER BY place LIMIT ${count}`
}

export function* purgeItems(
  engine: Engine,
  sentBefore: number,
  deadBefore: number,
  deadMax: number,
): Procedure<void> {
  const old = (states: string, before: number) => sql`
    DELETE FROM posthouse_outbox WHERE item_id IN (
      SELECT item_id FROM posthouse_outbox AS o WHERE state IN (${raw(states)}) AND changed_at < ${before}
      ${raw(engine.skipLocked)})`
  yield old(`'sent', 'cancelled'`, sentBefore)
  yield old(`'dead', 'expired'`, deadBefore)
  yield sql`
    DELETE FROM posthouse_outbox WHERE item_id IN (
      SELECT item_id FROM posthouse_outbox AS o WHERE state IN ('dead', 'expired')
      ORDER BY changed_at DESC LIMIT ${Number.MAX_SAFE_INTEGER} OFFSET ${deadMax} ${raw(engine.skipLocked)})`
  yield sql`DELETE FROM posthouse_outbox_audit WHERE at < ${deadBefore}`
}

export function toItem(row: Row): OutboxItem {
  return {
    itemId: itemIdOf(row),
    version: Number(row.version),
    state: row.state as OutboxState,
    content: fromJson(row.content) as OutboxItem['content'],
    conversation: row.conversation as string,
    key: row.key as string,
    keyAt: Number(row.key_at),
    createdAt: Number(row.created_at),
    changedAt: Number(row.changed_at),
    dueAt: row.due_at === null ? null : Number(row.due_at),
    expiresAt: Number(row.expires_at),
    tries: Number(row.tries),
    misses: Number(row.misses),
    failure: fromJson(row.failure) as OutboxItem['failure'],
    result: fromJson(row.result),
  }
}

export function toAudit(row: Row): AuditRow {
  return {
    auditId: row.audit_id as string,
    actionId: row.action_id as string,
    at: Number(row.at),
    actor: row.actor as string,
    reason: row.reason as string,
    action: row.action as HandAction,
    itemId: itemIdOf(row),
    fromState: row.from_state as OutboxState | '',
    toState: row.to_state as OutboxState,
    mayDuplicate: Number(row.may_duplicate) === 1,
  }
}

const columns: Readonly<Record<keyof Changes, string>> = {
  state: 'state',
  key: 'key',
  keyAt: 'key_at',
  dueAt: 'due_at',
  expiresAt: 'expires_at',
  tries: 'tries',
  misses: 'misses',
  failure: 'failure',
  result: 'result',
  content: 'content',
}

function insertRows(items: readonly OutboxItem[]): Sql {
  const rows = items.map(
    item => sql`(${item.itemId}, ${item.version}, ${item.state}, ${toJson(item.content)}, ${item.conversation}, ${item.key},
      ${item.keyAt}, ${item.createdAt}, ${item.changedAt}, ${item.dueAt}, ${item.expiresAt}, ${item.tries},
      ${item.misses}, ${toJson(item.failure)}, ${toJson(item.result)}, NULL, 0)`,
  )
  return sql`
    INSERT INTO posthouse_outbox (item_id, version, state, content, conversation, key, key_at, created_at, changed_at,
      due_at, expires_at, tries, misses, failure, result, owner, lease_until)
    VALUES ${join(rows, ', ')}`
}

function insertAudit(
  { actionId, action, actor, reason, mayDuplicate }: Hand,
  now: number,
  itemId: string,
  from: OutboxState | '',
  to: OutboxState,
): Sql {
  return sql`
    INSERT INTO posthouse_outbox_audit (audit_id, action_id, at, actor, reason, action, item_id, from_state, to_state,
      may_duplicate)
    VALUES (${makeUuid()}, ${actionId}, ${now}, ${actor}, ${reason}, ${action}, ${itemId}, ${from}, ${to},
      ${mayDuplicate ? 1 : 0})`
}

function itemsWhere(engine: Engine, filter: ItemFilter): Sql {
  const { itemIds, states, kind, conversation, failureId, createdBefore, createdAfter } = filter
  return all([
    itemIds && sql`item_id IN (${join(itemIds, ', ')})`,
    states && sql`state IN (${join(states, ', ')})`,
    kind !== undefined && sql`${raw(engine.memberOf('content', 'kind'))} = ${kind}`,
    conversation !== undefined && sql`conversation = ${conversation}`,
    failureId !== undefined && sql`${raw(engine.memberOf('failure', 'id'))} = ${failureId}`,
    createdBefore !== undefined && sql`created_at < ${createdBefore}`,
    createdAfter !== undefined && sql`created_at >= ${createdAfter}`,
  ])
}

function all(parts: readonly (Sql | false | undefined)[]): Sql {
  const given = parts.filter(part => part instanceof Object)
  return given.length === 0 ? raw('1 = 1') : join(given, ' AND ')
}

function itemIdOf(row: Row): string {
  return row.item_id as string
}

function toColumn(name: keyof Changes, value: unknown): SqlValue {
  const isJson = name === 'failure' || name === 'result' || name === 'content'
  return isJson ? toJson(value) : (value as SqlValue)
}

/** Text, not the engine's own JSON: numbers keep their digits. */
function toJson(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}

function fromJson(text: unknown): unknown {
  return typeof text === 'string' ? JSON.parse(text) : null
}
