// Pages asked for by number (easemob.md §1.11).
import type { EasemobCall } from './route.ts'

export interface Paging {
  /** The number of the first page. */
  readonly from: 0 | 1
  readonly sizeDefault: number
  readonly sizeMax: number
  /** How much is shown when the query asks for no page. */
  readonly unpaged: number
}

/** `?pagenum` and `?pagesize` as a range of entries. */
export function readPage(call: EasemobCall, paging: Paging): { offset: number; limit: number } {
  const number = readCount(call, 'pagenum', paging.from)
  const size = readCount(call, 'pagesize', 1)
  if (number === undefined && size === undefined) return { offset: 0, limit: paging.unpaged }
  const limit = Math.min(size ?? paging.sizeDefault, paging.sizeMax)
  return { offset: ((number ?? paging.from) - paging.from) * limit, limit }
}

/** A whole number of the query, `least` or more; what is none is as good as absent. */
export function readCount(call: EasemobCall, name: string, least: number): number | undefined {
  const text = call.query(name)
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined
  const count = Number(text)
  return count >= least ? count : undefined
}
