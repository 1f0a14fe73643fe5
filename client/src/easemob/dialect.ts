import { easemobRows } from '../catalogue/easemob.ts'
import { formsOf } from '../catalogue/form.ts'
import { objectOf } from '../json.ts'
import type { Dialect } from '../operation.ts'

export const easemobDialect: Dialect = {
  name: 'easemob',
  forms: formsOf(easemobRows),
  readRefusal(body) {
    const { error, error_description: text } = objectOf(body) ?? {}
    if (typeof error !== 'string') return undefined
    // Blank where the token has expired (seed S-13): the text has to do.
    return { code: error || undefined, text: typeof text === 'string' ? text : '' }
  },
  limits: {
    throttled: ['rate_limited', 'node_rate_limited', 'message_rate_reached'],
    plan: ['resource_limited'],
  },
  throttledMsMin: 1_000,
}
