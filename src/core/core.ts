// The core: takes a command, checks its caller, runs the operation, remembers the result of a keyed one. It knows no
// HTTP, no MQTT and no dialect.
import type { CallerFacts, Command, OperationName, Replay, Result } from '../contract/operations.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Reply } from '../link/link.ts'
import type { Sql } from '../store/db.ts'
import { admit } from './admission.ts'
import { Call, Postponed } from './call.ts'
import type { Handler } from './handler.ts'
import { handlers } from './handlers.ts'
import { recall, remember } from './idempotency.ts'
import type { World } from './world.ts'

interface Outcome {
  readonly result: Result<OperationName>
  readonly replay?: Replay
}

export class Core {
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** Answers a command sent at `sentAt` (epoch ms). Never rejects: what is no refusal is logged and `internal`. */
  async serve(command: Command, sentAt: number): Promise<Reply<OperationName>> {
    this.#world.activity.commands++
    const run = new Run(this.#world, command, sentAt)
    try {
      const outcome = await run.start()
      return { ...outcome, facts: run.facts }
    } catch (error) {
      return { refusal: this.#toRefusal(error, command), facts: run.facts }
    }
  }

  #toRefusal(error: unknown, command: Command): Refusal {
    const isExpected = error instanceof Refusal
    if (isExpected && error.cause === undefined) return error
    const cause = isExpected ? error.cause : error
    this.#world.log.error({ err: cause, request: command.request, op: command.op }, `${command.op} failed`)
    return isExpected ? error : new Refusal('internal')
  }
}

/** Work that is postponed begins anew after this at the latest. */
const postponedMsMax = 2_000

/** One command being served. Its work may run twice; the caller is admitted, and spends quota, once. */
class Run {
  readonly #world: World
  readonly #command: Command
  readonly #sentAt: number
  #call: Call | undefined
  #admissionRefusal: Refusal | undefined
  #hasWaited = false
  facts: CallerFacts = {}

  constructor(world: World, command: Command, sentAt: number) {
    this.#world = world
    this.#command = command
    this.#sentAt = sentAt
  }

  async start(): Promise<Outcome> {
    const handler = handlers[this.#command.op] as Handler<OperationName>
    const ready = handler.prepare && (await this.#prepare(handler.prepare))
    if (ready?.earlier) return ready.earlier
    const work = (sql: Sql) => this.#work(handler, sql, ready?.prepared)
    const isWrite = handler.in === 'write' || this.#command.key !== undefined
    const outcome = await this.#transact(work, isWrite)
    this.#call?.committed()
    return outcome
  }

  /** What is postponed waits outside the transaction, once, and nobody with it. */
  async #transact(work: (sql: Sql) => Promise<Outcome>, isWrite: boolean): Promise<Outcome> {
    const { db } = this.#world
    try {
      return await (isWrite ? db.write(work) : db.read(work))
    } catch (error) {
      if (!(error instanceof Postponed) || this.#hasWaited) throw error
      this.#hasWaited = true
      if (this.#call) this.#call.mayPostpone = false
      await within(error.until, postponedMsMax)
      return this.#transact(work, isWrite)
    }
  }

  /** A repeat under a key gets its answer here: its slow work is not done again. */
  async #prepare(
    prepare: NonNullable<Handler<OperationName>['prepare']>,
  ): Promise<{ earlier?: Outcome; prepared?: unknown }> {
    const { args, key } = this.#command
    const { call, earlier } = await this.#world.db.read(async sql => {
      const admitted = await this.#admit(sql)
      return { call: admitted, earlier: key && (await recall(admitted, sql, key)) }
    })
    return earlier ? { earlier } : { prepared: await prepare(call, args) }
  }

  async #work(handler: Handler<OperationName>, sql: Sql, prepared: unknown): Promise<Outcome> {
    const { args, key } = this.#command
    const call = await this.#admit(sql)
    call.begin()
    const earlier = key && (await recall(call, sql, key))
    if (earlier) return earlier
    const result = await handler.run(call, args, sql, prepared as never)
    if (!key) return { result }
    return { result, replay: await remember(call, sql, key, result, this.#sentAt) }
  }

  async #admit(sql: Sql): Promise<Call> {
    // Whoever outlived its app, during slow work, is met as one that calls now.
    if (this.#call && !this.#call.isOrphaned) return this.#call
    if (this.#admissionRefusal) throw this.#admissionRefusal
    if (this.#world.clock.now() - this.#sentAt > this.#world.config.core.deadlineMs)
      throw new Refusal('core_deadline_passed')
    const { admission, facts, refusal } = await admit(this.#world, this.#command.caller, sql)
    this.facts = facts
    if (refusal) {
      this.#admissionRefusal = refusal
      throw refusal
    }
    this.#call = new Call(this.#world, admission, this.#command.request)
    this.#call.mayPostpone = !this.#hasWaited
    return this.#call
  }
}

async function within(done: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([done, over])
  clearTimeout(timer)
}
