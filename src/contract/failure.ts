// What a failure is, apart from how a dialect words it. The catalogue in failures.ts holds them all.

/** What HTTP doors speak. */
export type Dialect = 'easemob' | 'jpush' | 'neutral'
/** `msync`: refusals to instant-messaging clients, in the codes their SDK understands. */
export type Wire = Dialect | 'msync'
export type Edition = 'seed' | 'live'
export type Lang = 'en' | 'zh'
export type Text = Readonly<Record<Lang, string>>

/** What the caller should do next: contract.md §4.3 in one word each. */
export type Advice =
  | 'never' // the same request will fail again
  | 'same-key' // retry only under the same cid or Idempotency-Key
  | 'after' // wait for Retry-After, then repeat as it is
  | 'refresh-auth' // get a new token, then repeat once
  | 'split' // send the same work in smaller requests
  | 'page-a-human' // an operator has to act

export interface Failure {
  /** The doors that can answer it; each must have a row for it (checked by the compiler). */
  readonly dialects: readonly Wire[]
  /** Names of the variable parts, as they stand in the text templates. */
  readonly params: readonly string[]
  /** Could the request have taken effect before the failure? */
  readonly executed: 'no' | 'maybe'
  readonly advice: Advice
  readonly cause: Text
  readonly remedy: Text
  /** Set when nothing in this server can raise it: the reason, in one sentence. */
  readonly unreachable?: Text
}

/** For failures that every HTTP door can meet. */
export const EVERY_DIALECT = ['easemob', 'jpush', 'neutral'] as const
/** For failures that clients on a connection of their own can meet too. */
export const EVERY_WIRE = [...EVERY_DIALECT, 'msync'] as const
