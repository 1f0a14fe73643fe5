import { type CallbackOperations, callbackSpanMs } from '../contract/operations/callbacks.ts'
import { countFailedCallbacks, reviveCallbacks } from '../store/callbacks.ts'
import { type Handlers, reads, writes } from './handler.ts'

export const callbackHandlers: Handlers<keyof CallbackOperations> = {
  'callback.failed': reads(async (call, _args, sql) => {
    const { countMax } = call.world.config.core.callbacks
    const spans = await countFailedCallbacks(sql, call.app.appId, countMax)
    return { spans: spans.map(({ span, size, retries }) => ({ from: span * callbackSpanMs, size, retries })) }
  }),

  'callback.retry': writes(async (call, { from, url }, sql) => {
    const { callbacks } = call.app.settings
    const rules = callbacks.filter(rule => rule.phase === 'after' && (url === undefined || rule.url === url))
    let count = 0
    for (const { name } of rules)
      count += await reviveCallbacks(
        sql,
        call.app.appId,
        name,
        { from, until: from + callbackSpanMs },
        call.now,
      )
    call.afterCommit(() => call.world.nudge('callbacks'))
    return { count }
  }),
}
