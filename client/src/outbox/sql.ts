// Statements with their values apart: what stands in `${}` is a value, or a statement that becomes a part of this one.

export type SqlValue = string | number | null

export type Row = Readonly<Record<string, unknown>>

export class Sql {
  /** One more than values: each value stands between two. */
  readonly parts: readonly string[]
  readonly values: readonly SqlValue[]

  constructor(parts: readonly string[], values: readonly SqlValue[]) {
    this.parts = parts
    this.values = values
  }

  /** With `$1`, `$2`, … for the values. */
  get numbered(): string {
    return this.parts.reduce((text, part, nth) => `${text}$${nth}${part}`)
  }

  /** With `?` for each value. */
  get marked(): string {
    return this.parts.join('?')
  }
}

export function sql(texts: readonly string[], ...holes: readonly (SqlValue | Sql)[]): Sql {
  const parts = [texts[0]!]
  const values: SqlValue[] = []
  for (const [nth, hole] of holes.entries()) {
    const inner = hole instanceof Sql ? hole : new Sql(['', ''], [hole])
    parts.push(`${parts.pop()}${inner.parts[0]}`, ...inner.parts.slice(1))
    parts.push(`${parts.pop()}${texts[nth + 1]}`)
    values.push(...inner.values)
  }
  return new Sql(parts, values)
}

/** Text that holds no value. */
export function raw(text: string): Sql {
  return new Sql([text], [])
}

export function join(statements: readonly (SqlValue | Sql)[], between: string): Sql {
  const texts = statements.map((_, nth) => (nth === 0 ? '' : between))
  return sql([...texts, ''], ...statements)
}
