import type { FailureForm } from './catalogue/form.ts'
import type { Rates } from './rates.ts'

/**
 * What a repeat of a request that may have been executed does:
 * `safe` = the same as once; `keyed` = nothing, the server knows it by its key; `send` = perhaps a second message;
 * `unsafe` = perhaps something else, such as a second group or a refusal of what has succeeded.
 */
export type Repeat = 'safe' | 'keyed' | 'send' | 'unsafe'

/** One call, as the caller of the API meant it. */
export interface Operation {
  readonly method: string
  /** With its query, percent-encoded. */
  readonly path: string
  /** As the API documents it, for logs and errors: no ids in it. */
  readonly name: string
  /** JSON, unless it is a form. */
  readonly body?: object | FormData | URLSearchParams | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly repeat: Repeat
  /** The cid or Idempotency-Key, where it has one. */
  readonly key?: string | undefined
  /** What a success brings; a refusal is JSON all the same. Absent: JSON. */
  readonly answers?: 'json' | 'file' | undefined
  /** Members without which a success is no answer of this API: those of members as in `data.groupid`, one of two as `a|b`. */
  readonly expects?: readonly string[] | undefined
  /** The failures that this call meets rather than others that read alike. */
  readonly meets?: readonly string[] | undefined
  /** Calls of one quota are paced together. */
  readonly quota: string
  /** What it takes of quotas that count more than calls, such as messages. Default 1. */
  readonly units?: number | undefined
}

/** What the answers of a dialect say, and where. */
export interface Dialect {
  readonly name: 'jpush' | 'easemob'
  readonly forms: readonly FailureForm[]
  /** @returns undefined where the body is none of its refusals */
  readRefusal(body: unknown): { readonly code: string | undefined; readonly text: string } | undefined
  /** The failures that need a look of their own: a status alone would be misread. */
  readonly limits: {
    readonly throttled: readonly string[]
    readonly plan: readonly string[]
    /** A status that means a limit, whoever answers with it, where nothing says otherwise. */
    readonly bareStatus?: number
  }
  /** What the vendor's documents allow, by quota; `*`: any other. */
  readonly rates: Rates
  /** The least wait after a limit of its own, where the answer names none. */
  readonly throttledMsMin: number
}
