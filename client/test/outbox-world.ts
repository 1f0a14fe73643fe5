// Two processes that share an outbox, a server and two operators, where nothing goes on until the test lets it: each write
// to the store and each request waits at a gate. A process can die at any of them, with its write done or not.
import assert from 'node:assert/strict'
import { EasemobClient } from '../src/easemob.ts'
import { JpushClient } from '../src/jpush.ts'
import type { OutboxItem, OutboxState } from '../src/outbox/item.ts'
import { Outbox } from '../src/outbox/outbox.ts'
import { SqliteStore } from '../src/outbox/sqlite-store.ts'
import type { OutboxStore } from '../src/outbox/store.ts'
import { type Fate, KeyedServer } from './keyed-server.ts'
import { ManualClock } from './manual-clock.ts'

export interface Rules {
  readonly isPosthouse: boolean
  readonly mayDuplicate: boolean
}

export interface ByHand {
  readonly nth: number
  readonly which: number
  readonly how: 'resend' | 'cancel' | 'edit'
  readonly mayDuplicate: boolean
}

interface Gate {
  readonly is: 'write' | 'request' | 'support'
  readonly process: Process | undefined
  readonly open: (fate: Fate) => void
}

interface Process {
  readonly outbox: Outbox
  isDead: boolean
}

/** What a person has done to an item. */
interface Hand {
  /** Second deliveries that were accepted. */
  consents: number
  isTouched: boolean
}

const waits = ['pending', 'waiting']
/** item.ts has them as a drawing. Without a cid, which a server that is away does not give, an item does not get to `sending`. */
const legal: Readonly<Record<OutboxState, readonly OutboxState[]>> = {
  pending: ['pending', 'sending', 'waiting', 'unknown', 'expired', 'cancelled'],
  sending: ['sent', 'waiting', 'unknown', 'dead'],
  waiting: ['waiting', 'sending', 'pending', 'expired', 'cancelled'],
  unknown: ['unknown', 'sending', 'pending', 'expired', 'cancelled'],
  sent: [],
  dead: ['dead', 'pending'],
  expired: ['expired', 'pending'],
  cancelled: ['cancelled', 'pending'],
}
const writes = ['insert', 'claim', 'renew', 'change', 'recover']

export class World {
  readonly clock = new ManualClock()
  readonly server: KeyedServer
  readonly #store = new SqliteStore(':memory:')
  readonly #rules: Rules
  readonly #processes: Process[] = []
  #gates: Gate[] = []
  #isOver = false
  /** Ids that `send` has returned. */
  readonly #taken = new Set<string>()
  #before = new Map<string, OutboxItem>()
  readonly #hands = new Map<string, Hand>()
  #texts = 0

  constructor(rules: Rules) {
    this.#rules = rules
    this.server = new KeyedServer({
      now: () => this.clock.now(),
      isPosthouse: rules.isPosthouse,
      fateOf: kind => (this.#isOver ? 'ok' : this.#wait(kind === 'send' ? 'request' : 'support')),
    })
    this.#open(0)
    this.#open(1)
  }

  send(nth: number, content: { kind: 'push' | 'message'; conversation: string; lifeMs: number }): void {
    const { kind, conversation, lifeMs } = content
    const expiresAt = this.clock.now() + lifeMs
    const wanted = this.#process(nth).outbox.send({
      ...contentOf(kind, `t${this.#texts++}`),
      conversation,
      expiresAt,
    })
    wanted.then(itemId => this.#taken.add(itemId)).catch(() => {})
  }

  /** Both operators see the same item, and are as fast as the gates let them. */
  byHand({ nth, which, how, mayDuplicate }: ByHand): void {
    const ids = [...this.#before.keys()]
    const itemId = ids[which % ids.length]
    if (itemId === undefined) return
    const { outbox } = this.#process(nth)
    const kind = this.#before.get(itemId)!.content.kind
    const act = {
      resend: () => outbox.resend(itemId, { mayDuplicate }),
      cancel: () => outbox.cancel(itemId),
      edit: () =>
        outbox.edit(itemId, contentOf(kind, `${textOf(this.#before.get(itemId)!)}e${this.#texts++}`)),
    }[how]
    act().catch(error => assert.match(error.message, /might be sent twice/))
  }

  /** Lets one thing go on. */
  async step(pick: number, fate: Fate): Promise<void> {
    const gate = this.#gates.splice(pick % (this.#gates.length || 1), 1)[0]
    gate?.open(fate)
    await this.settle()
  }

  /** Lets all go on, one after another, also what comes of it. */
  async run(fateOf: () => Fate, most = 60): Promise<void> {
    for (let nth = 0; nth < most && this.#gates.length > 0; nth++) await this.step(0, fateOf())
  }

  /** @param isWritten a write that it has asked for is done all the same */
  async crash(nth: number, isWritten: boolean): Promise<void> {
    const process = this.#process(nth)
    process.isDead = true
    const own = (gate: Gate) => gate.process === process && gate.is === 'write'
    if (isWritten) this.#gates.find(own)?.open('ok')
    this.#gates = this.#gates.filter(gate => !own(gate))
    this.#open(nth)
    await this.settle()
  }

  /** Nothing that has begun takes longer than half a minute. */
  async pass(ms: number, fate: Fate): Promise<void> {
    if (ms > 30_000) await this.run(() => fate, 1_000)
    this.clock.advance(ms)
    await this.settle()
  }

  /** Until nothing goes on by itself; then everything must be as it may be. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await new Promise(resolve => setImmediate(resolve))
    await this.#check()
  }

  /** The server is well, and there is time: nothing is left that somebody waits for. */
  async finish(): Promise<void> {
    for (let hour = 0; hour < 60; hour++) {
      await this.run(() => 'ok', 1_000)
      await this.pass(3_600_000, 'ok')
      const open = await this.#store.list({ states: ['pending', 'sending', 'waiting', 'unknown'] }, 1_000)
      if (open.every(({ state, dueAt }) => state === 'unknown' && dueAt === null)) return
    }
    assert.fail(`still open: ${JSON.stringify(await this.#store.list({}, 1_000))}`)
  }

  /** Lets go of every request, so that no timer is left. */
  async end(): Promise<void> {
    this.#isOver = true
    for (const process of this.#processes) process.isDead = true
    for (const gate of this.#gates) gate.open('ok')
    for (let turn = 0; turn < 4; turn++) await new Promise(resolve => setImmediate(resolve))
    this.#store.close()
  }

  #process(nth: number): Process {
    return this.#processes[nth]!
  }

  #open(nth: number): void {
    const options = {
      baseUrl: 'http://127.0.0.1',
      fetch: this.server.fetch,
      clock: this.clock,
      random: () => 0.5,
      retry: { attempts: 1, unsentRetries: 0, staleRetries: 0 },
      breaker: { callsMin: 1_000, connectFailuresMax: 1_000 },
    }
    const process = { isDead: false } as Process
    const own = {
      jpush: new JpushClient({
        ...options,
        appKey: 'k',
        masterSecret: 's',
        cids: { fetched: 3, refillAt: 0 },
      }),
      easemob: new EasemobClient({ ...options, ...app, isPosthouse: this.#rules.isPosthouse }),
      clock: this.clock,
      random: () => 0.5,
      mayDuplicate: this.#rules.mayDuplicate,
      leaseMs: 6_000,
      sentMs: Number.MAX_SAFE_INTEGER,
      atOnceMax: 3,
    }
    const store = this.#gated(process)
    this.#processes[nth] = Object.assign(process, { outbox: new Outbox({ ...own, store }) })
  }

  /** The store as a process sees it; a dead one sees nothing. */
  #gated(process: Process): OutboxStore {
    const never = new Promise<never>(() => {})
    return new Proxy(this.#store, {
      get: (store, name) => {
        const method: unknown = Reflect.get(store, name)
        if (typeof method !== 'function') return method
        return async (...args: unknown[]) => {
          if (writes.includes(String(name))) await this.#wait('write', process)
          else if (process.isDead) return never
          const done = await method.apply(store, args)
          if (name === 'change' && done) this.#noteHand(args as Parameters<OutboxStore['change']>)
          return process.isDead ? never : done
        }
      },
    })
  }

  #noteHand([seen, , { hand }]: Parameters<OutboxStore['change']>): void {
    if (!hand) return
    const known = this.#handOf(seen.itemId)
    known.isTouched = true
    if (hand.action === 'resend' && hand.mayDuplicate) known.consents++
  }

  #handOf(itemId: string): Hand {
    const known = this.#hands.get(itemId) ?? { consents: 0, isTouched: false }
    this.#hands.set(itemId, known)
    return known
  }

  #wait(is: Gate['is'], process?: Process): Promise<Fate> {
    return new Promise(open => this.#gates.push({ is, process, open }))
  }

  async #check(): Promise<void> {
    const items = new Map((await this.#store.list({}, 1_000)).map(item => [item.itemId, item]))
    for (const itemId of this.#taken) assert.ok(items.has(itemId), `${itemId} is lost`)
    for (const item of items.values()) {
      const before = this.#before.get(item.itemId)
      if (before) this.#checkChange(before, item, items)
      this.#checkExecutions(item)
    }
    const sending = [...items.values()].filter(
      ({ state, conversation }) => state === 'sending' && conversation,
    )
    const at = new Set(sending.map(({ conversation }) => conversation))
    assert.equal(at.size, sending.length, 'one at a time')
    this.#before = items
  }

  #checkChange(before: OutboxItem, item: OutboxItem, items: ReadonlyMap<string, OutboxItem>): void {
    if (item.version === before.version) return assert.deepEqual(item, before)
    assert.ok(item.version > before.version)
    const { state, itemId } = item
    assert.ok(legal[before.state].includes(state), `${before.state} → ${state}`)
    const hand = this.#hands.get(itemId)
    // Only a person begins anew what may have been sent, or is over.
    if (state === 'pending' && before.state !== 'pending')
      assert.ok(hand?.isTouched, `${before.state} → pending`)
    if (state !== 'sending' || item.conversation === '') return
    for (const other of items.values()) {
      if (other.itemId === itemId) return
      const isInFront = other.conversation === item.conversation && !this.#hands.get(other.itemId)?.isTouched
      const isOpen = waits.includes(other.state) || (other.state === 'unknown' && other.dueAt !== null)
      assert.ok(!isInFront || !isOpen, `${textOf(item)} before ${textOf(other)}`)
    }
  }

  #checkExecutions(item: OutboxItem): void {
    const { consents } = this.#handOf(item.itemId)
    const own = textOf(item).split('e')[0]!
    let executed = 0
    for (const [text, count] of this.server.executions) if (text.split('e')[0] === own) executed += count
    if (item.state === 'sent') assert.ok(executed > 0, `${own} is sent, and was not`)
    const isHarmless = item.content.kind === 'push' || this.#rules.isPosthouse || !this.#rules.mayDuplicate
    if (isHarmless) assert.ok(executed <= 1 + consents, `${own} is executed ${executed} times`)
    const mayHave = ['sending', 'sent', 'unknown'].includes(item.state) || item.failure?.outcome === 'unknown'
    if (!mayHave && consents === 0) assert.equal(executed, 0, `${own} is ${item.state}, and was executed`)
  }
}

const app = { org: 'acme', app: 'chat', clientId: 'c', clientSecret: 's' }

function contentOf(kind: 'push' | 'message', text: string) {
  return kind === 'push'
    ? ({ kind, push: { platform: 'all', audience: 'all', notification: { alert: text } } } as const)
    : ({ kind, message: { to: { users: ['bob'] }, type: 'txt', body: { msg: text } } } as const)
}

function textOf({ content }: OutboxItem): string {
  return content.kind === 'push'
    ? content.push.notification!.alert!
    : (content.message.body as { readonly msg: string }).msg
}
