// A desk over HTTP: each of its calls is a POST of JSON to a path of its name.
import type { ByHand, Desk, Look, ResendOptions, Target } from './desk.ts'
import type { OutboxContent, OutboxItem } from './item.ts'
import type { AuditFilter, AuditRow, Imported, ItemFilter } from './store.ts'

/** What is asked, and what is answered. */
export interface Protocol {
  readonly look: Call<{ readonly itemId: string }, { readonly look: Look | null }>
  readonly list: Call<Page<ItemFilter>, { readonly items: readonly OutboxItem[] }>
  readonly count: Call<
    { readonly filter: ItemFilter },
    { readonly counts: Awaited<ReturnType<Desk['count']>> }
  >
  readonly audits: Call<Page<AuditFilter>, { readonly audits: readonly AuditRow[] }>
  readonly resend: Call<Many & { readonly options: ResendOptions }, Results>
  readonly cancel: Call<Many & { readonly options: Omit<ResendOptions, 'mayDuplicate'> }, Results>
  readonly undo: Call<Many & { readonly actionId: string; readonly options: ByHand }, Results>
  readonly edit: Call<
    { readonly target: Target; readonly content: OutboxContent; readonly options: ByHand },
    { readonly result: Awaited<ReturnType<Desk['edit']>> }
  >
  readonly import: Call<{ readonly items: readonly OutboxItem[]; readonly options: ByHand }, Imported>
}

interface Call<Asked, Answered> {
  readonly asked: Asked
  readonly answered: Answered
}

interface Page<Filter> {
  readonly filter: Filter
  readonly count: number
  readonly after?: string
}

interface Many {
  readonly targets: readonly Target[]
}

interface Results {
  readonly results: Awaited<ReturnType<Desk['resend']>>
}

export type Name = keyof Protocol

/** Of a body that is asked with. */
export const bodyBytesMax = 4 * 1_048_576
