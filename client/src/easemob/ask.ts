// What the functions of the calls share: taking the payload out of an answer, pages, keys.
import type { CallOptions } from '../caller.ts'
import { makeUuid } from '../uuid.ts'
import type { EasemobCall, EasemobClient } from './client.ts'
import type { User } from './users.ts'

/** A page from a cursor on. */
export interface Page extends CallOptions {
  readonly limit?: number
  /** Of the page before; absent: the first. */
  readonly cursor?: string
}

/** A page by its number. */
export interface NumberedPage extends CallOptions {
  /** From 1. */
  readonly page?: number
  readonly pageSize?: number
}

/** Some of a list, and where it goes on. */
export interface PageOf<Item> {
  readonly items: readonly Item[]
  /** Of the next page; absent: there is none. */
  readonly cursor?: string
}

/** `data` of the answer. */
export async function ask<Data>(
  client: EasemobClient,
  call: EasemobCall,
  options: CallOptions,
): Promise<Data> {
  const { data } = await client.request<{ readonly data: Data }>({ expects: ['data'], ...call }, options)
  return data
}

/** `data` of the answer, a list. */
export function askList<Item>(
  client: EasemobClient,
  call: EasemobCall,
  options: CallOptions,
): Promise<readonly Item[]> {
  return ask(client, { ...call, expects: ['data.length'] }, options)
}

/** Of the answer `data`, a list, and the cursor. */
export async function askPage<Item>(
  client: EasemobClient,
  call: Omit<EasemobCall, 'method'>,
  options: CallOptions,
): Promise<PageOf<Item>> {
  const page = { ...call, method: 'GET', expects: ['data.length'] }
  const { data, cursor } = await client.request<{ data: readonly Item[]; cursor?: string }>(page, options)
  return toPage(data, cursor)
}

/** The one user of the answer. */
export async function askUser(client: EasemobClient, call: EasemobCall, options: CallOptions): Promise<User> {
  const answer = { ...call, expects: ['entities.0'] }
  return (await client.request<{ readonly entities: readonly User[] }>(answer, options)).entities[0]!
}

/** Some services end with an empty cursor, some with none. */
export function toPage<Item>(items: readonly Item[], cursor: string | undefined): PageOf<Item> {
  return { items, ...(cursor && { cursor }) }
}

/** One is answered with an object, several with a list. */
export function asList<Item>(data: Item | readonly Item[]): readonly Item[] {
  return Array.isArray(data) ? data : [data as Item]
}

/** What must not be done twice: a Posthouse knows a repeat by the key, elsewhere there is none. */
export function once(): { readonly repeat: 'unsafe'; readonly key: string } {
  return { repeat: 'unsafe', key: makeUuid() }
}

/** What does not go in one request, for several. */
export function piecesOf<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size))
}
