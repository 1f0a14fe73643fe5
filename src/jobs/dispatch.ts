// Gives pushes to vendors. Each channel has its own room, and in it each app its share, so that neither a provider that is
// down nor an app with a million devices keeps anybody else waiting. What was under way when a core went down is repeated
// where a second delivery would replace the first, and left as unknown elsewhere. It runs when something is new, when an
// answer has been written down, and at the next moment that something is due: not in between.
import {
  type Attempt,
  beginAttempts,
  type Released,
  type Result,
  recipientOf,
  settleResult,
} from '../core/dispatch-attempts.ts'
import { type Addressee, findAddressee } from '../core/notifiers.ts'
import { PushParts } from '../core/vendor-push.ts'
import type { World } from '../core/world.ts'
import type { Sql } from '../store/db.ts'
import {
  type DispatchRow,
  insertAttempt,
  listDue,
  listUnderWay,
  nextWaitingApp,
  setState,
} from '../store/dispatches.ts'
import { findPush } from '../store/pushes.ts'
import { HeldBack } from './held-back.ts'
import type { DueAt, Job } from './runner.ts'

type Channel = Attempt['channel']

const recoveredPerSlice = 200
/** Attempts begun in one transaction. */
const begunPerSlice = 200
/** Until what could not be written down is tried again. */
const unwrittenMs = 1_000

export class Dispatch implements Job {
  readonly name = 'dispatch'
  /** By channel and app. */
  readonly #underWay = new Map<string, number>()
  readonly #heldBack = new HeldBack()
  #isRecovered = false
  #results: Result[] = []
  #settling: Promise<void> | undefined
  #isStopped = false

  async run(world: World): Promise<boolean | number | DueAt> {
    if (this.#results.length > 0) {
      this.#settling ??= this.#settle(world)
      await this.#settling
      if (this.#results.length > 0) return unwrittenMs
    }
    if (!this.#isRecovered) {
      const count = await world.db.write(sql => recover(world, sql))
      this.#isRecovered = count < recoveredPerSlice
      return true
    }
    let dueAt = Number.POSITIVE_INFINITY
    let isMore = false
    const rests = new Map<string, number>()
    for (const channel of world.channels.all) {
      const filled = await this.#fill(world, channel, rests)
      if (filled.isMore) isMore = true
      dueAt = Math.min(dueAt, filled.dueAt)
    }
    const released = await this.#heldBack.release(world, rests)
    wakeFor(world, released.targets)
    return isMore || released.isMore || (dueAt < Number.POSITIVE_INFINITY && { dueAt })
  }

  /** Nothing is written down from here on; resolves when what has come in is. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#settling
  }

  /**
   * One slice of what the channel has room for. What is due of an app whose vendor rests is noted in `rests`.
   * @returns whether there may be more at once, and when there will be (epoch ms) if no answer comes before
   */
  async #fill(
    world: World,
    channel: Channel,
    rests: Map<string, number>,
  ): Promise<{ readonly isMore: boolean; readonly dueAt: number }> {
    const due: DispatchRow[] = []
    const now = world.clock.now()
    let dueAt = Number.POSITIVE_INFINITY
    for (let appId = 0; due.length < begunPerSlice; ) {
      const next = await world.db.read(sql => nextWaitingApp(sql, channel.name, appId))
      if (next === undefined) break
      appId = next.appId
      const opensAt = now + this.#restOf(world, channel, appId)
      const room = Math.min(this.#room(world, channel, appId), begunPerSlice - due.length)
      if (next.dueAt <= now && opensAt > now) rests.set(`${channel.name} ${appId}`, opensAt)
      if (next.dueAt > now || opensAt > now) dueAt = Math.min(dueAt, Math.max(next.dueAt, opensAt))
      // Without room and without a rest, an answer that is waited for makes room.
      else if (room > 0)
        due.push(...(await world.db.read(sql => listDue(sql, channel.name, appId, now, room))))
    }
    if (due.length === 0) return { isMore: false, dueAt }
    const { attempts, released } = await world.db.write(sql => beginAttempts(world, sql, channel, due))
    wakeFor(world, released)
    for (const attempt of attempts) void this.#send(world, attempt)
    return { isMore: true, dueAt }
  }

  /** How long the app's provider, or its account there, is left alone. */
  #restOf({ channels }: World, channel: Channel, appId: number): number {
    const ofAccount = channels.gate.restOf(channels.accountOf(appId, channel))
    if (channel.providerOf) return ofAccount
    return Math.max(ofAccount, channels.gate.restOf(channels.providerOf(appId, channel, {})))
  }

  #room(world: World, channel: Channel, appId: number): number {
    const { gate } = world.channels
    const underWay = this.#underWay.get(`${channel.name} ${appId}`) ?? 0
    return Math.min(
      channel.atOnceMax - underWay,
      // Devices that name providers of their own are looked at one by one.
      channel.providerOf ? Infinity : gate.room(world.channels.providerOf(appId, channel, {})),
      gate.room(world.channels.accountOf(appId, channel)),
    )
  }

  async #send(world: World, attempt: Attempt): Promise<void> {
    const { appId, channel, address, push } = attempt
    const key = `${channel.name} ${appId}`
    this.#underWay.set(key, (this.#underWay.get(key) ?? 0) + 1)
    const provider = world.channels.providerOf(appId, channel, address)
    for (const each of [provider, world.channels.accountOf(appId, channel)]) world.channels.gate.begin(each)
    const at = world.clock.now()
    const sender = world.channels.senderOf(appId, channel.name)
    const outcome = sender
      ? await sender.send(address, push)
      : ({ is: 'refused', reason: 'the app has no credentials for this channel' } as const)
    const left = (this.#underWay.get(key) ?? 1) - 1
    if (left === 0) this.#underWay.delete(key)
    else this.#underWay.set(key, left)
    const result = { attempt, outcome, at, tookMs: world.clock.now() - at }
    learn(world, result, provider)
    // It is met as after a crash.
    if (this.#isStopped) return
    this.#results.push(result)
    this.#settling ??= this.#settle(world).then(() => world.nudge('dispatch'))
  }

  /** What comes in while one transaction is written goes into the next. */
  async #settle(world: World): Promise<void> {
    while (this.#results.length > 0) {
      const results = this.#results.splice(0)
      try {
        const released: Released[] = []
        await world.db.write(async sql => {
          released.length = 0
          for (const result of results)
            if (await settleResult(world, sql, result)) released.push(result.attempt)
        })
        wakeFor(world, released)
      } catch (error) {
        // Kept for the next turn; should the process end before it, they are met as after a crash.
        this.#results.unshift(...results)
        world.log.error({ err: error }, 'what vendors have answered could not be written down')
        break
      }
    }
    this.#settling = undefined
  }
}

function wakeFor({ online, wake }: World, released: readonly Released[]): void {
  const toWake = released.filter(({ deviceId }) => online.has(deviceId))
  for (const [msgId, targets] of Map.groupBy(toWake, target => target.msgId))
    wake({ kind: 'push', msgId, devices: targets.map(({ deviceId }) => deviceId) })
}

/** What an outcome says of the provider, and of the app's account with it. */
function learn({ channels }: World, { attempt, outcome }: Result, provider: string): void {
  const { gate } = channels
  const account = channels.accountOf(attempt.appId, attempt.channel)
  if (outcome.is === 'retry' && outcome.of === 'app') {
    gate.succeeded(provider)
    if (outcome.retryAfterMs !== undefined) gate.pause(account, outcome.retryAfterMs)
    else gate.failed(account)
  } else if (outcome.is === 'unknown' || (outcome.is === 'retry' && outcome.of === 'provider')) {
    gate.failed(provider)
    if (outcome.is === 'retry' && outcome.retryAfterMs !== undefined)
      gate.pause(provider, outcome.retryAfterMs)
  } else {
    gate.succeeded(provider)
    gate.succeeded(account)
  }
}

async function recover(world: World, sql: Sql): Promise<number> {
  const rows = await listUnderWay(sql, recoveredPerSlice)
  for (const row of rows) {
    const addressee = await findAddressee(world, sql, row.deviceId)
    await insertAttempt(sql, {
      msgId: row.msgId,
      deviceId: row.deviceId,
      attempt: row.attempts,
      channel: row.channel,
      at: world.clock.now(),
      tookMs: 0,
      outcome: 'unknown',
      status: null,
      reason: 'the server went down while it was under way',
      retryAfterMs: null,
      ...(await recipientOf(sql, addressee)),
    })
    const isRepeated = await isRepeatable(world, sql, row, addressee)
    await setState(sql, row, isRepeated ? 'due' : 'unknown', world.clock.now())
  }
  return rows.length
}

async function isRepeatable(
  world: World,
  sql: Sql,
  row: DispatchRow,
  addressee: Addressee | undefined,
): Promise<boolean> {
  const push = await findPush(sql, row.msgId)
  const channel = world.channels.all.find(({ name }) => name === row.channel)
  return (
    push !== undefined &&
    addressee !== undefined &&
    channel?.isRepeatable(new PushParts(push).for(addressee.platform, channel.name)) === true
  )
}
