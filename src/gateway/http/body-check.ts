import { Ajv, type ValidateFunction } from 'ajv'
import type { TSchema } from 'typebox'

const ajv = new Ajv({ allErrors: false, strict: false, coerceTypes: false, useDefaults: false })
const compiled = new WeakMap<TSchema, ValidateFunction>()

/** Does `value` have the shape `schema` describes? Compiles each schema once. */
export function isShapedAs(schema: TSchema, value: unknown): boolean {
  let validate = compiled.get(schema)
  if (!validate) {
    validate = ajv.compile(schema)
    compiled.set(schema, validate)
  }
  return validate(value)
}
