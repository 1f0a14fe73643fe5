// The query language of entity lists (usergrid.md §5.2), as a tree. It knows nothing of what is queried.

export type QueryValue = string | number | boolean

export type Comparator = '<' | '<=' | '=' | '>' | '>='

export type Condition =
  | { readonly is: 'all'; readonly of: readonly Condition[] }
  | { readonly is: 'any'; readonly of: readonly Condition[] }
  | { readonly is: 'not'; readonly of: Condition }
  | {
      readonly is: 'compare'
      readonly property: string
      readonly comparator: Comparator
      readonly value: QueryValue
    }
  | { readonly is: 'contains'; readonly property: string; readonly word: string }
  | {
      readonly is: 'within'
      readonly property: string
      readonly metres: number
      readonly latitude: number
      readonly longitude: number
    }

export interface SortKey {
  readonly property: string
  readonly isDescending: boolean
}

/** What `select` asks for: rows of values, or objects with names of the caller's own. */
export type Selection =
  | { readonly as: 'rows'; readonly properties: readonly string[] }
  | {
      readonly as: 'objects'
      readonly members: readonly { readonly name: string; readonly property: string }[]
    }

/** Everything in it is in lower case: the language ignores letter case, also in values. */
export interface Query {
  /** Absent = whole entities. */
  readonly select?: Selection
  /** Absent = every entity. */
  readonly where?: Condition
  readonly order: readonly SortKey[]
}

export type QueryFaultKind =
  /** The grammar does not allow `text` here. */
  | 'unexpected'
  /** The language has no such character. */
  | 'character'
  | 'string_open'
  /** `order by` is one word with one blank in it. */
  | 'order_by_split'
  /** Ordered twice by the property `text`. */
  | 'sort_repeated'

/** What is wrong with a query, and where. */
export class QueryFault extends Error {
  readonly kind: QueryFaultKind
  readonly text: string
  /** Counts tokens from 0, white space included: the language's own way (usergrid.md §5.5). */
  readonly column: number
  /** From 1. */
  readonly line: number

  constructor(kind: QueryFaultKind, text: string, column = 0, line = 1) {
    super(`${kind}: ${text}`)
    this.kind = kind
    this.text = text
    this.column = column
    this.line = line
  }
}
