// Every way a failure can look on the wire: one variant for each text that its families and editions give it.
import { easemobWire } from './easemob.ts'
import type { Edition } from './failure.ts'
import type { FailureId } from './failures.ts'
import { jpushWire } from './jpush.ts'
import { type EasemobRow, type JpushRow, pickRow, type Rows } from './wire.ts'

export interface Variant<Row> {
  readonly id: FailureId
  readonly row: Row
  readonly editions: readonly Edition[]
  /** The families that answer so; empty where the row holds for every family that says nothing of its own. */
  readonly families: readonly string[]
}

const editions: readonly Edition[] = ['seed', 'live']

export const easemobVariants = variantsOf<EasemobRow>(easemobWire)
export const jpushVariants = variantsOf<JpushRow>(jpushWire)

function variantsOf<Row extends object>(table: Readonly<Record<string, Rows<Row>>>): readonly Variant<Row>[] {
  return Object.entries(table).flatMap(([id, rows]) => variantsOfRow(id as FailureId, rows))
}

function variantsOfRow<Row extends object>(id: FailureId, rows: Rows<Row>): readonly Variant<Row>[] {
  const found = new Map<string, { row: Row; editions: Set<Edition>; families: Set<string> }>()
  for (const family of ['', ...Object.keys(rows.families ?? {})]) {
    for (const edition of editions) {
      const row = pickRow(rows, edition, family)
      const key = JSON.stringify(row)
      const variant = found.get(key) ?? { row, editions: new Set(), families: new Set() }
      variant.editions.add(edition)
      variant.families.add(family)
      found.set(key, variant)
    }
  }
  return [...found.values()].map(({ row, editions, families }) => ({
    id,
    row,
    editions: [...editions],
    families: families.has('') ? [] : [...families],
  }))
}
