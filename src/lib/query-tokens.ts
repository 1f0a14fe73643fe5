// Cuts a query into tokens (usergrid.md §5.2). White space counts when tokens are numbered, and is left out then.
import { QueryFault } from './query.ts'

export type TokenKind = 'name' | 'keyword' | 'order by' | 'number' | 'uuid' | 'string' | 'symbol' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** As written, in lower case. */
  readonly text: string
  readonly column: number
  readonly line: number
}

const keywords: ReadonlySet<string> = new Set(
  'select where and or not asc desc contains within of lt lte eq gt gte true false'.split(' '),
)

const blank = /[ \t\r\n\f]+/y
const splitOrderBy = /order(?:[ \t\r\n\f]{2,}|[\t\r\n\f])by(?![a-z0-9_.-])/y
const closedString = /'(?:[^'\\]|\\(?:[btnfr"'\\]|u[0-9a-f]{4}|[0-7]{1,3}))*'/y
const openString = /'(?:[^'\\]|\\(?:[btnfr"'\\]|u[0-9a-f]{4}|[0-7]{1,3}))*/y

/** The first that fits is taken; a UUID would also read as a number or a name. */
const shapes: readonly (readonly [TokenKind, RegExp])[] = [
  ['order by', /order by(?![a-z0-9_.-])/y],
  ['uuid', /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![a-z0-9_.-])/y],
  ['name', /[a-z_][a-z0-9_.-]*/y],
  ['number', /-?(?:\d+\.\d*|\.\d+|\d+)(?:e[+-]?\d+)?/y],
  ['symbol', /&&|\|\||<=|>=|[<>=(),*:{}]/y],
]

/** @throws QueryFault `character`, `string_open`, `order_by_split` */
export function cutQuery(query: string): Token[] {
  const text = query.trim().toLowerCase()
  const tokens: Token[] = []
  let line = 1
  let column = 0
  for (let at = 0; at < text.length; column++) {
    const space = match(blank, text, at)
    const { kind, text: word } = space === undefined ? nextToken(text, at) : { kind: undefined, text: space }
    if (kind) tokens.push({ kind, text: word, column, line })
    line += word.split('\n').length - 1
    at += word.length
  }
  return [...tokens, { kind: 'end', text: '<EOF>', column, line }]
}

function nextToken(text: string, at: number): { kind: TokenKind; text: string } {
  if (text[at] === "'") return { kind: 'string', text: readString(text, at) }
  if (match(splitOrderBy, text, at) !== undefined) throw new QueryFault('order_by_split', 'order by')
  for (const [kind, shape] of shapes) {
    const found = match(shape, text, at)
    if (found !== undefined) return { kind: keywords.has(found) ? 'keyword' : kind, text: found }
  }
  throw new QueryFault('character', String.fromCodePoint(text.codePointAt(at)!))
}

function readString(text: string, at: number): string {
  const closed = match(closedString, text, at)
  if (closed !== undefined) return closed
  const end = at + match(openString, text, at)!.length
  // Stopped before the end: at a backslash that begins no escape.
  if (end < text.length - 1)
    throw new QueryFault('character', String.fromCodePoint(text.codePointAt(end + 1)!))
  throw new QueryFault('string_open', text.slice(at))
}

function match(shape: RegExp, text: string, at: number): string | undefined {
  shape.lastIndex = at
  return shape.exec(text)?.[0]
}
