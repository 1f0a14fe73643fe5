// Reads a query by recursive descent (usergrid.md §5.2). Where the vendor silently drops what follows a complete query,
// this refuses it: half-read, a query to delete by would delete too much.
import {
  type Comparator,
  type Condition,
  type Query,
  QueryFault,
  type QueryValue,
  type Selection,
  type SortKey,
} from './query.ts'
import { cutQuery, type Token } from './query-tokens.ts'

export interface QueryLimits {
  /** Parentheses within parentheses. */
  readonly depthMax: number
  /** Comparisons, selected properties and sort keys. */
  readonly termsMax: number
}

const comparators: Readonly<Record<string, Comparator>> = {
  '<': '<',
  lt: '<',
  '<=': '<=',
  lte: '<=',
  '=': '=',
  eq: '=',
  '>': '>',
  gt: '>',
  '>=': '>=',
  gte: '>=',
}

/** @throws QueryFault what is wrong first, from the left */
export function parseQuery(text: string, limits: QueryLimits): Query {
  return new Parser(cutQuery(text), limits).query()
}

class Parser {
  readonly #tokens: readonly Token[]
  readonly #limits: QueryLimits
  #at = 0
  #terms = 0

  constructor(tokens: readonly Token[], limits: QueryLimits) {
    this.#tokens = tokens
    this.#limits = limits
  }

  query(): Query {
    const select = this.#takes('select') ? this.#selection() : undefined
    const where = this.#takes('where') || this.#beginsCondition() ? this.#any(0) : undefined
    const order = this.#takes('order by') ? this.#sortKeys() : []
    if (this.#next.kind !== 'end') throw this.#unexpected()
    return { ...(select && { select }), ...(where && { where }), order }
  }

  get #next(): Token {
    return this.#tokens[this.#at]!
  }

  #unexpected({ text, column, line } = this.#next): QueryFault {
    return new QueryFault('unexpected', text, column, line)
  }

  #take(): Token {
    const token = this.#next
    if (token.kind !== 'end') this.#at++
    return token
  }

  /** Takes the next token if it is this keyword or symbol. */
  #takes(text: string): boolean {
    const { kind } = this.#next
    const isWord = kind === 'keyword' || kind === 'symbol' || kind === 'order by'
    if (!isWord || this.#next.text !== text) return false
    this.#at++
    return true
  }

  #need(text: string): void {
    if (!this.#takes(text)) throw this.#unexpected()
  }

  #name(): string {
    if (this.#next.kind !== 'name' || ++this.#terms > this.#limits.termsMax) throw this.#unexpected()
    return this.#take().text
  }

  #selection(): Selection | undefined {
    if (this.#takes('*')) return undefined
    if (!this.#takes('{')) return { as: 'rows', properties: this.#list(() => this.#name()) }
    const members = this.#list(() => {
      const name = this.#name()
      this.#need(':')
      return { name, property: this.#name() }
    })
    this.#need('}')
    return { as: 'objects', members }
  }

  #list<T>(item: () => T): T[] {
    const items = [item()]
    while (this.#takes(',')) items.push(item())
    return items
  }

  #beginsCondition(): boolean {
    const { kind, text } = this.#next
    return kind === 'name' || (kind === 'keyword' && text === 'not') || (kind === 'symbol' && text === '(')
  }

  #any(depth: number): Condition {
    const of = [this.#all(depth)]
    while (this.#takes('or') || this.#takes('||')) of.push(this.#all(depth))
    return of.length === 1 ? of[0]! : { is: 'any', of }
  }

  #all(depth: number): Condition {
    const of = [this.#factor(depth)]
    while (this.#takes('and') || this.#takes('&&')) of.push(this.#factor(depth))
    return of.length === 1 ? of[0]! : { is: 'all', of }
  }

  #factor(depth: number): Condition {
    return this.#takes('not') ? { is: 'not', of: this.#atom(depth) } : this.#atom(depth)
  }

  #atom(depth: number): Condition {
    if (this.#next.kind === 'symbol' && this.#next.text === '(') {
      if (depth >= this.#limits.depthMax) throw this.#unexpected()
      this.#take()
      const inner = this.#any(depth + 1)
      this.#need(')')
      return inner
    }
    const property = this.#name()
    if (this.#takes('contains')) return { is: 'contains', property, word: this.#string() }
    if (this.#takes('within')) return this.#within(property)
    const isOperator = this.#next.kind === 'keyword' || this.#next.kind === 'symbol'
    if (!isOperator || !Object.hasOwn(comparators, this.#next.text)) throw this.#unexpected()
    const comparator = comparators[this.#take().text]!
    return { is: 'compare', property, comparator, value: this.#value() }
  }

  #within(property: string): Condition {
    const metres = this.#number()
    this.#need('of')
    const latitude = this.#number()
    this.#need(',')
    return { is: 'within', property, metres, latitude, longitude: this.#number() }
  }

  #number(): number {
    if (this.#next.kind !== 'number') throw this.#unexpected()
    return Number(this.#take().text)
  }

  #string(): string {
    if (this.#next.kind !== 'string') throw this.#unexpected()
    return decode(this.#take().text.slice(1, -1))
  }

  #value(): QueryValue {
    const { kind, text } = this.#next
    if (kind === 'string') return this.#string()
    if (kind === 'number') return this.#number()
    if (this.#takes('true')) return true
    if (this.#takes('false')) return false
    if (kind !== 'uuid') throw this.#unexpected()
    this.#take()
    return text
  }

  #sortKeys(): SortKey[] {
    const seen = new Set<string>()
    return this.#list(() => {
      const property = this.#name()
      if (seen.has(property)) throw new QueryFault('sort_repeated', property)
      seen.add(property)
      const isDescending = this.#takes('desc')
      if (!isDescending) this.#takes('asc')
      return { property, isDescending }
    })
  }
}

const controls: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' }

/** The vendor accepts escapes and leaves them as they are, so that no value with a quote in it can ever be found. */
function decode(text: string): string {
  return text.replace(/\\(u[0-9a-f]{4}|[0-7]{1,3}|.)/g, (_, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16)).toLowerCase()
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8)).toLowerCase()
    return controls[code] ?? code
  })
}
