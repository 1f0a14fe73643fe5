import { type CallbackOperations, callbackSpanMs } from '../contract/operations/callbacks.ts'
import { type CallbackPlace, countFailedCallbacks, reviveCallbacks } from '../store/callbacks.ts'
import type { Call } from './call.ts'
import { type Handlers, reads, readsAfter } from './handler.ts'

export const callbackHandlers: Handlers<keyof CallbackOperations> = {
  'callback.failed': reads(async (call, _args, sql) => {
    const { countMax } = call.world.config.core.callbacks
    const spans = await countFailedCallbacks(sql, call.app.appId, countMax)
    return { spans: spans.map(({ span, size, retries }) => ({ from: span * callbackSpanMs, size, retries })) }
  }),

  'callback.retry': readsAfter(revive, async (call, _args, _sql, count) => {
    call.afterCommit(() => call.world.nudge('callbacks'))
    return { count }
  }),
}

const revivedPerSlice = 500

/** In slices, each a transaction of its own: there may be as many as an app sends in ten minutes. @returns how many */
async function revive(call: Call, { from, url }: CallbackOperations['callback.retry']['args']) {
  const { callbacks } = call.app.settings
  const rules = callbacks.filter(rule => rule.phase === 'after' && (url === undefined || rule.url === url))
  let count = 0
  for (const { name } of rules) count += await reviveRule(call, name, from)
  return count
}

async function reviveRule({ world, app, now }: Call, rule: string, from: number): Promise<number> {
  const until = from + callbackSpanMs
  let after: CallbackPlace = { createdAt: from, callbackId: 0 }
  for (let count = 0; ; ) {
    const span = { after, until }
    const revived = await world.db.write(sql =>
      reviveCallbacks(sql, app.appId, rule, span, now, revivedPerSlice),
    )
    count += revived.length
    if (revived.length < revivedPerSlice) return count
    after = revived.at(-1)!
  }
}
