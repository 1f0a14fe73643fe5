import { formsOf } from '../catalogue/form.ts'
import { jpushRows } from '../catalogue/jpush.ts'
import { objectOf } from '../json.ts'
import type { Dialect } from '../operation.ts'

const perMinute = (max: number) => [{ max, perMs: 60_000 }]

export const jpushDialect: Dialect = {
  name: 'jpush',
  forms: formsOf(jpushRows),
  readRefusal(body) {
    const whole = objectOf(body)
    // Quota, plan and template calls put both at the top (jpush.md §1.6 E6), where 0 is success.
    const { code, message } = objectOf(whole?.error) ?? (whole && !('error' in whole) ? whole : {})
    if (typeof code !== 'number' || code === 0) return undefined
    return { code: String(code), text: typeof message === 'string' ? message : '' }
  },
  limits: { throttled: ['rate_limited', '2002'], plan: ['2008', '1012'] },
  throttledMsMin: 0,
  rates: {
    push: perMinute(600),
    report: perMinute(2_400),
    device: perMinute(600),
    schedule: perMinute(100),
  },
}
