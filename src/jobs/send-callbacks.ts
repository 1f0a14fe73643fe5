// Takes what apps' servers are to be told to them, several at a time for each rule, and again later when one does not
// answer. A crash repeats what was under way: the callId stays the same.
import type { CallbackRule } from '../contract/operations/apps.ts'
import type { App } from '../core/apps.ts'
import { bodyOf, callIdOf, readContent } from '../core/callbacks.ts'
import type { World } from '../core/world.ts'
import { messageIdAt } from '../lib/message-id.ts'
import {
  type CallbackRow,
  deleteCallback,
  deleteOldCallbacks,
  listDueCallbacks,
  postponeCallback,
} from '../store/callbacks.ts'
import type { Job } from './runner.ts'

type Needs = Pick<World, 'db' | 'clock' | 'config' | 'apps' | 'callbackGate' | 'nudge' | 'log'>

const expiredPerSlice = 500

export class SendCallbacks implements Job<Needs> {
  readonly name = 'callbacks'
  readonly everyMs = 1_000
  readonly #underWay = new Map<string, Set<number>>()

  async run(world: Needs): Promise<boolean> {
    const now = world.clock.now()
    const { keptMs } = world.config.core.callbacks
    const oldest = messageIdAt(now - keptMs)
    const expired = await world.db.write(sql => deleteOldCallbacks(sql, oldest, expiredPerSlice))
    for (const app of world.apps.list())
      for (const rule of app.settings.callbacks)
        if (rule.phase === 'after' && rule.enabled) await this.#start(world, app, rule, now)
    return expired === expiredPerSlice
  }

  async #start(world: Needs, app: App, rule: CallbackRule, now: number): Promise<void> {
    const key = `${app.appId} ${rule.name}`
    if (world.callbackGate.isClosed(key)) return
    const underWay = this.#underWay.get(key) ?? new Set<number>()
    const { atOnceMax } = world.config.core.callbacks
    const due = await world.db.read(sql => listDueCallbacks(sql, app.appId, rule.name, now, atOnceMax))
    for (const row of due) {
      if (underWay.size >= atOnceMax) break
      if (underWay.has(row.callbackId)) continue
      underWay.add(row.callbackId)
      this.#underWay.set(key, underWay)
      void this.#deliver(world, app, rule, row).finally(() => {
        underWay.delete(row.callbackId)
        if (underWay.size === 0) this.#underWay.delete(key)
        world.nudge('callbacks')
      })
    }
  }

  async #deliver(world: Needs, app: App, rule: CallbackRule, row: CallbackRow): Promise<void> {
    const { retryMs, retryMsMax, retriesMax } = world.config.core.callbacks
    try {
      const content = await world.db.read(sql => readContent(sql, row))
      const isDone =
        content === undefined ||
        (await this.#attempt(world, app, rule, row, content)) ||
        (await this.#attempt(world, app, rule, row, content))
      const waitMs = Math.min(retryMs * 2 ** row.attempts, retryMsMax)
      const dueAt = row.attempts + 1 >= retriesMax ? null : world.clock.now() + waitMs
      await world.db.write(sql =>
        isDone
          ? deleteCallback(sql, row.callbackId)
          : postponeCallback(sql, row.callbackId, row.attempts + 1, dueAt),
      )
    } catch (error) {
      // It is still due, and comes again.
      world.log.warn({ err: error }, 'the outcome of a callback was not kept')
    }
  }

  async #attempt(
    world: Needs,
    app: App,
    rule: CallbackRule,
    row: CallbackRow,
    content: object,
  ): Promise<boolean> {
    const { timeoutMs, answerBytesMax } = world.config.core.callbacks
    const answer = await world.callbackGate.ask(`${app.appId} ${rule.name}`, {
      url: rule.url,
      body: bodyOf(app, rule, callIdOf(app, row.callbackId), world.clock.now(), {
        eventType: row.event,
        ...content,
      }),
      timeoutMs,
      answerBytesMax,
    })
    return answer?.status === 200
  }
}
