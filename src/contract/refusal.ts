import type { FailureId, FailureParams } from './failures.ts'

/** What a refusal carries beside its text parameters; each becomes a header or a named member of a body. */
export interface RefusalFacts {
  /** Earliest useful repeat, in milliseconds from now → `Retry-After`. */
  readonly retryAfterMs?: number
  /** Methods the path does offer → `Allow`. */
  readonly allow?: readonly string[]
  /** How long the file is of which a range was wanted → `Content-Range`. */
  readonly fileBytes?: number
  /** A push that failed after its id was allocated (jpush.md §1.6 E2). */
  readonly msgId?: string
  /** Registration ids at fault (jpush.md §1.6 E5). */
  readonly illegalRids?: readonly string[]
}

/**
 * An expected failure, named in the catalogue. Thrown by rules and doors alike; each door has one exit that renders
 * it. Anything thrown that is not a Refusal is a bug and becomes `internal`.
 */
export class Refusal<Id extends FailureId = FailureId> extends Error {
  readonly id: Id
  readonly params: Readonly<Record<string, string>>
  readonly facts: RefusalFacts

  constructor(
    id: Id,
    ...[params, facts]: keyof FailureParams<Id> extends never
      ? [params?: Record<string, never>, facts?: RefusalFacts]
      : [params: FailureParams<Id>, facts?: RefusalFacts]
  ) {
    super(id)
    this.name = 'Refusal'
    this.id = id
    this.params = (params ?? {}) as Record<string, string>
    this.facts = facts ?? {}
  }
}
