// A route as the API description sees it; each dialect tells its own.
import type { TSchema } from 'typebox'
import type { FailureId } from '../../contract/failures.ts'
import type { Rendered } from '../../contract/render.ts'
import type { Routed } from '../http/route-table.ts'

/** Who may call: a name of `securitySchemes`. Several mean any one of them. */
export type Security = 'anybody' | 'token' | 'basic' | 'developer' | 'device' | 'admin'

export interface DescribedRoute extends Routed {
  /** The dialect and its part, such as `easemob users`. */
  readonly tag: string
  readonly summary: string
  readonly security: readonly Security[]
  /** Media types of the request body; absent = none is read. */
  readonly body?: {
    readonly types: readonly string[]
    readonly isRequired: boolean
    readonly schema?: TSchema
  }
  /** Media type of the answer when all went well; absent = JSON. */
  readonly produces?: string
  readonly failures: Iterable<FailureId>
  /** How the dialect words a failure on this route. */
  readonly word: (id: FailureId) => Rendered
  /** The schema of its failures' bodies: a name of `components.schemas`. */
  readonly errorSchema: ErrorSchema
}

export type ErrorSchema =
  | 'EasemobError'
  | 'JpushError'
  | 'JpushPlanError'
  | 'JpushAdminError'
  | 'NeutralError'
export const jsonBody = ['application/json'] as const
export const formBody = ['multipart/form-data'] as const
