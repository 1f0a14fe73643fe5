import type { Failure } from '../failure.ts'
import type { EasemobFamily, EasemobRow, Rows } from '../wire.ts'

/**
 * The rows that one area of the catalogue needs in the Easemob dialect: exactly one for each failure it can
 * answer.
 */
export type EasemobPart<Area extends Record<string, Failure>> = {
  readonly [Id in keyof Area as 'easemob' extends Area[Id]['dialects'][number] ? Id : never]: Rows<
    EasemobRow,
    EasemobFamily
  >
}
