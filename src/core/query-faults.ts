import { Refusal } from '../contract/refusal.ts'
import { QueryFault } from '../lib/query.ts'

/** Reads a query; what is wrong with it becomes the refusal that says so. @throws Refusal `query_…` */
export function readQuery<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof QueryFault ? refusalOf(error) : error
  }
}

function refusalOf({ kind, text, column, line }: QueryFault): Refusal {
  switch (kind) {
    case 'unexpected':
      return new Refusal('query_parse', { text, column: String(column), line: String(line) })
    case 'character':
      return new Refusal('query_token', { text })
    case 'string_open':
      return new Refusal('query_string_open')
    case 'order_by_split':
      return new Refusal('query_order_by_split')
    case 'sort_repeated':
      return new Refusal('query_sort_repeated', { property: text })
  }
}
