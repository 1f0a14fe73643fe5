// From events to messages that have been delivered.
//
// event ─▶ rule ─▶ alert (one a key) ─▶ message (one a sink and group, as long as it is not delivered) ─▶ sink
//
// The first alert of a group is sent at once; what comes within `groupWaitMs` goes together, later ones every
// `groupIntervalMs`. One that still fires is sent again after `repeatMs` from when it was delivered, not from when it was
// tried. It is resolved when it has not happened for `resolveMs`.
import { type Clock, systemClock } from '../clock.ts'
import type { ClientEvent } from '../observer.ts'
import type { Logger } from '../options.ts'
import { makeUuid } from '../uuid.ts'
import { type BackoffOptions, type Random, throttledWait } from '../waits.ts'
import { type Alert, type AlertMessage, type AlertSink, type Severity, SinkError } from './alert.ts'
import { detailsOf } from './details.ts'
import {
  type AlertRecord,
  copyOf,
  type Ears,
  fieldsOf,
  type GroupRecord,
  type MessageRecord,
  messageKey,
  takes,
} from './records.ts'
import { type AlertRule, alertRules } from './rules.ts'
import { type AlertStore, memoryStore } from './store.ts'

/** Who is told of what, how often (contract.md §4.2), and where it is kept until then. */
export interface AlertsOptions {
  readonly sinks: readonly AlertSink[]
  /** Takes what another sink has refused for good. Without one, and where it refuses too, a line at error level says it all. */
  readonly fallback?: AlertSink
  /** Default `alertRules`. */
  readonly rules?: readonly AlertRule[]
  /** Where what is not delivered is kept, of a SQLite file (Node 24); absent: in this process, which loses it at its end. */
  readonly path?: string
  /** Default the console: an alert is never lost without a line. */
  readonly logger?: Logger
  readonly groupWaitMs?: number
  readonly groupIntervalMs?: number
  readonly repeatMs?: number
  readonly resolveMs?: number
  /** Before a message is tried again. */
  readonly backoff?: BackoffOptions
  /** Told apart at once; what comes beyond them is one alert of all operations. */
  readonly alertsMax?: number
  readonly clock?: Clock
  readonly random?: Random
}

/** What became, at the close, of the messages that were not delivered. */
export interface AlertsClosing {
  /** On the disk: sent when the alerts are opened again. */
  readonly kept: number
  /** In this process alone: each is a line at error level. */
  readonly lost: number
}

const defaults = {
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatMs: 4 * 3_600_000,
  resolveMs: 300_000,
  backoff: { baseMs: 5_000, maxMs: 300_000 },
  alertsMax: 1_000,
}
/** So often it is looked at what has ended, and how often it happened is written down. */
const tickMs = 10_000
/** A process that says nothing for so long is dead: another sends its message. */
const leaseMs = 60_000
const textCharsMax = 300
/** In one message; more only raise `count` of those that are there. */
const messageAlertsMax = 100

interface Active {
  alert: Alert
  /** Counted since it was last written down. */
  isCounted: boolean
  readonly until: AlertRule['until']
  isLasting: boolean
}

/** @throws Error of SQLite, for a `path` that cannot be read or written; TypeError for sinks of one name */
export async function openAlerts(options: AlertsOptions): Promise<Alerts> {
  const { path } = options
  const store = path === undefined ? memoryStore() : (await import('./sqlite-store.ts')).sqliteStore(path)
  return new Alerts(options, store)
}

/** Tells sinks what calls for a person: each trouble once, again every few hours while it lasts, and its end. */
export class Alerts {
  readonly #options: Required<Omit<AlertsOptions, 'fallback' | 'path'>>
  readonly #fallback: AlertSink | undefined
  #store: AlertStore
  readonly #sinks: ReadonlyMap<string, AlertSink>
  readonly #active = new Map<string, Active>()
  /** When events matched a rule with a threshold, by key. */
  readonly #matches = new Map<string, number[]>()
  readonly #underWay = new Map<string, Promise<void>>()
  /** When each sink was last sent something. */
  readonly #sentAt = new Map<string, number[]>()
  readonly #sent: Record<string, number> = {}
  readonly #closing = new AbortController()
  /** Breaks off what is under way when the close has waited long enough. */
  readonly #cut = new AbortController()
  #isClosed = false
  #wake: () => void = () => {}
  #tickedAt = 0
  readonly #worker: Promise<void>

  /** Use `openAlerts`. */
  constructor({ fallback, path: _path, ...options }: AlertsOptions, store: AlertStore) {
    const given = { rules: alertRules, logger: console, clock: systemClock, random: Math.random }
    this.#options = { ...defaults, ...given, ...options }
    this.#fallback = fallback
    const all = [...options.sinks, ...(fallback && !options.sinks.includes(fallback) ? [fallback] : [])]
    this.#sinks = new Map(all.map(sink => [sink.name, sink]))
    if (this.#sinks.size < all.length) throw new TypeError('two sinks have the same name')
    this.#store = store
    for (const { alert } of store.list('alert') as AlertRecord[])
      this.#active.set(alert.key, { alert, isCounted: false, until: undefined, isLasting: false })
    for (const record of store.list('message') as MessageRecord[])
      if (!this.#sinks.has(record.sink))
        this.#options.logger.warn(fieldsOf(record), 'an alert waits for a sink that is not here')
    this.#worker = this.#work()
  }

  /** The `observer` of clients and outboxes; it needs no `this`. */
  readonly observe = (event: ClientEvent): void => {
    if (this.#isClosed) return
    for (const active of this.#active.values())
      if (
        active.alert.host === event.host &&
        active.alert.dialect === event.dialect &&
        active.until?.(event)
      ) {
        active.isLasting = false
        active.alert = { ...active.alert, lastAt: this.#options.clock.now() }
      }
    const rule = this.#options.rules.find(one => one.matches(event))
    if (!rule || rule.severity === 'none') return
    const alert = this.#alertOf(event, rule, rule.severity)
    if (this.#active.has(alert.key) || this.#isEnough(alert.key, rule)) this.#fire(alert, rule)
  }

  /** The alerts that fire. */
  get firing(): readonly Alert[] {
    return [...this.#active.values()].map(({ alert }) => alert)
  }

  /** Messages that each sink has taken, and that still wait for it. */
  get figures(): {
    readonly sent: Readonly<Record<string, number>>
    readonly undelivered: Readonly<Record<string, number>>
  } {
    const undelivered = Object.fromEntries([...this.#sinks.keys()].map(name => [name, 0]))
    for (const { sink } of this.#messages()) undelivered[sink] = (undelivered[sink] ?? 0) + 1
    return { sent: { ...this.#sent }, undelivered }
  }

  /** Takes nothing more in, tries once more to deliver what waits, and says what became of it. */
  async close({ timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}): Promise<AlertsClosing> {
    const { clock, logger } = this.#options
    this.#flush()
    this.#closing.abort()
    this.#wake()
    const patience = new AbortController()
    const last = this.#worker.then(() => this.#deliverAll())
    await Promise.race([last, clock.wait(timeoutMs, patience.signal)])
    patience.abort()
    this.#cut.abort()
    await last
    const left = this.#messages()
    this.#isClosed = true
    const isKept = this.#store.survives
    if (!isKept) for (const record of left) logger.error(fieldsOf(record), 'an alert is lost')
    this.#store.close()
    return { kept: isKept ? left.length : 0, lost: isKept ? 0 : left.length }
  }

  #alertOf(event: ClientEvent, rule: AlertRule, severity: Severity): Alert {
    const { dialect, host } = event
    const now = this.#options.clock.now()
    const said = detailsOf(event, rule)
    const keyFor = (operation: string, id: string) => JSON.stringify([dialect, host, operation, id])
    const isRoom =
      this.#active.size < this.#options.alertsMax || this.#active.has(keyFor(event.operation, said.id))
    const { operation } = isRoom ? event : { operation: '' }
    const id = isRoom ? said.id : rule.name
    const text = said.text.replace(/\s+/g, ' ').trim().slice(0, textCharsMax)
    const place = { key: keyFor(operation, id), rule: rule.name, severity, dialect, host, operation }
    return { ...place, ...said, id, text, state: 'firing', count: 1, startedAt: now, lastAt: now }
  }

  #isEnough(key: string, { threshold = 1, windowMs = 60_000 }: AlertRule): boolean {
    if (threshold <= 1) return true
    const now = this.#options.clock.now()
    // What has not been looked at for long is no use to anybody.
    if (this.#matches.size > this.#options.alertsMax) this.#matches.clear()
    const times = [...(this.#matches.get(key) ?? []).filter(at => at > now - windowMs), now]
    const isEnough = times.length >= threshold
    if (isEnough) this.#matches.delete(key)
    else this.#matches.set(key, times)
    return isEnough
  }

  #fire(alert: Alert, { until }: AlertRule): void {
    const active = this.#active.get(alert.key)
    if (active) {
      const { startedAt, count } = active.alert
      active.alert = { ...alert, startedAt, count: count + 1 }
      active.isCounted = true
      active.isLasting = until !== undefined
      return
    }
    this.#active.set(alert.key, { alert, isCounted: false, until, isLasting: until !== undefined })
    this.#guard(() => {
      const known =
        (this.#store.get('alert', alert.key) as AlertRecord | undefined) ?? this.#takeBack(alert.key)
      const { startedAt, count } = known?.alert ?? { startedAt: alert.startedAt, count: 0 }
      const merged = { ...alert, startedAt, count: count + 1 }
      this.#active.get(alert.key)!.alert = merged
      this.#put({ told: {}, heldUntil: {}, ...known, alert: merged })
      this.#consider(alert.key)
    })
    this.#wake()
  }

  /** One that has ended and is back: for the sinks that have not heard of its end, it never was away. */
  #takeBack(key: string): AlertRecord | undefined {
    let back: AlertRecord | undefined
    for (const record of this.#store.list('message') as MessageRecord[]) {
      const { [key]: own, ...rest } = record.alerts
      if (own?.alert.state !== 'resolved') continue
      // Perhaps somebody hears of the end right now: then of the return as well.
      const isOnItsWay = record.leaseUntil > this.#options.clock.now()
      const heard = Object.entries(own.ears).filter(([, at]) => at !== null && !isOnItsWay)
      back = {
        alert: back && back.alert.startedAt < own.alert.startedAt ? back.alert : own.alert,
        told: { ...back?.told, ...(Object.fromEntries(heard) as Record<string, number>) },
        heldUntil: {},
      }
      if (isOnItsWay) continue
      if (Object.keys(rest).length === 0) this.#store.delete('message', messageKey(record))
      else this.#putMessage({ ...record, alerts: rest, messageId: makeUuid() })
    }
    return back
  }

  #put(record: AlertRecord): void {
    this.#store.put('alert', record.alert.key, record)
  }

  /** Puts it into the messages to those who are to hear of it: for the first time, or again after long. */
  #consider(key: string): void {
    const { clock, repeatMs, sinks } = this.#options
    const { alert, told, heldUntil } = this.#store.get('alert', key) as AlertRecord
    const now = clock.now()
    for (const sink of sinks) {
      const { [sink.name]: toldAt } = told
      const isToTell = toldAt === undefined || now - toldAt >= repeatMs
      if (isToTell && takes(sink, alert) && now >= (heldUntil[sink.name] ?? 0))
        this.#enqueue(alert, sink.name, { [sink.name]: toldAt ?? null })
    }
  }

  /** A message that is not delivered yet takes what is new of its group with it. */
  #enqueue(alert: Alert, sink: string, ears: Ears): void {
    const { severity, dialect, host, key } = alert
    const place = { sink, severity, dialect, host }
    const known = this.#store.get('message', messageKey(place)) as MessageRecord | undefined
    const own = known?.alerts[key]
    const isThere = own?.alert.state === alert.state && own.alert.startedAt === alert.startedAt
    if (isThere && Object.keys(ears).every(ear => ear in own.ears)) return
    if (known && !own && Object.keys(known.alerts).length >= messageAlertsMax) return
    const version = (known?.version ?? 0) + 1
    const fresh = { tries: 0, dueAt: this.#slotOf(messageKey(place)), leaseUntil: 0 }
    const alerts = { ...known?.alerts, [key]: { alert, version, ears: { ...own?.ears, ...ears } } }
    // Another content is another message: who has the earlier one must not take it for the same.
    this.#putMessage({ ...fresh, ...known, ...place, messageId: makeUuid(), alerts, version })
  }

  /** Those that are not delivered yet. */
  #messages(): readonly MessageRecord[] {
    return this.#guard(() => this.#store.list('message') as MessageRecord[]) ?? []
  }

  #putMessage(record: MessageRecord): void {
    this.#store.put('message', messageKey(record), record)
  }

  /** When the next message of a group may go. */
  #slotOf(group: string): number {
    const { clock, groupWaitMs, groupIntervalMs } = this.#options
    const now = clock.now()
    const record = this.#store.get('group', group) as GroupRecord | undefined
    if (!record) return now
    return Math.max(now, record.toldAt + (record.told === 1 ? groupWaitMs : groupIntervalMs))
  }

  async #work(): Promise<void> {
    const { clock } = this.#options
    while (!this.#closing.signal.aborted) {
      const woken = new Promise<void>(resolve => {
        this.#wake = resolve
      })
      if (clock.now() - this.#tickedAt >= tickMs) this.#tick()
      const waitMs = this.#startDue() - clock.now()
      if (waitMs <= 0) continue
      const patience = new AbortController()
      const wait = Number.isFinite(waitMs) ? [clock.wait(waitMs, patience.signal)] : []
      await Promise.race([woken, ...wait])
      patience.abort()
    }
  }

  /** What ended, what is to be told again, and how often everything happened. */
  #tick(): void {
    const { clock, resolveMs, groupIntervalMs } = this.#options
    const now = clock.now()
    this.#tickedAt = now
    this.#flush()
    this.#guard(() => {
      for (const { alert, isLasting } of [...this.#active.values()])
        if (isLasting || alert.lastAt + resolveMs > now) this.#consider(alert.key)
        else this.#resolve(alert.key)
      for (const { key, toldAt } of this.#store.list('group') as GroupRecord[])
        if (toldAt + 2 * groupIntervalMs < now) this.#store.delete('group', key)
    })
  }

  #flush(): void {
    const counted = [...this.#active.values()].filter(({ isCounted }) => isCounted)
    if (counted.length === 0) return
    this.#guard(() => {
      for (const active of counted) {
        const record = this.#store.get('alert', active.alert.key) as AlertRecord | undefined
        this.#put({ told: {}, heldUntil: {}, ...record, alert: active.alert })
        active.isCounted = false
      }
    })
  }

  #resolve(key: string): void {
    const { resolveMs, clock, sinks } = this.#options
    const active = this.#active.get(key)!
    const record = this.#store.get('alert', key) as AlertRecord | undefined
    // Another process has seen it since.
    if (record && record.alert.lastAt + resolveMs > clock.now()) {
      active.alert = record.alert
      return
    }
    this.#active.delete(key)
    if (!record) return
    const ended: Alert = { ...record.alert, state: 'resolved' }
    const earsOf = (names: readonly string[]): Ears =>
      Object.fromEntries(names.map(name => [name, record.told[name] ?? null]))
    const messages = (this.#store.list('message') as MessageRecord[]).filter(({ alerts }) => key in alerts)
    const waiting = messages.map(({ sink, alerts }) => ({ sink, names: Object.keys(alerts[key]!.ears) }))
    for (const { sink, names } of waiting) this.#enqueue(ended, sink, earsOf(names))
    for (const { name } of sinks)
      if (name in record.told && !waiting.some(({ names }) => names.includes(name)))
        this.#enqueue(ended, name, earsOf([name]))
    this.#store.delete('alert', key)
  }

  /** One message at a time to each sink. @returns until when there is nothing to do, epoch ms */
  #startDue(): number {
    const { clock } = this.#options
    const now = clock.now()
    let nextAt = this.#active.size > 0 ? this.#tickedAt + tickMs : Number.POSITIVE_INFINITY
    for (const record of this.#messages()) {
      const sink = this.#sinks.get(record.sink)
      // Of a sink that was given at another time, or to another process.
      if (!sink || this.#underWay.has(record.sink)) continue
      const dueAt = Math.max(record.dueAt, record.leaseUntil, this.#paceOf(sink))
      if (dueAt > now) nextAt = Math.min(nextAt, dueAt)
      else this.#start(record, sink)
    }
    return nextAt
  }

  #start(record: MessageRecord, sink: AlertSink): void {
    const work = this.#deliver(record, sink).finally(() => {
      this.#underWay.delete(sink.name)
      this.#wake()
    })
    this.#underWay.set(sink.name, work)
  }

  /** Each message that waits, once, whatever it waits for. */
  async #deliverAll(): Promise<void> {
    await Promise.all(this.#underWay.values())
    const sinks = [...this.#sinks.values()].map(async sink => {
      for (const record of this.#messages())
        if (record.sink === sink.name && !this.#cut.signal.aborted) await this.#deliver(record, sink)
    })
    await Promise.all(sinks)
  }

  /** When the sink may be sent the next. */
  #paceOf({ name, perMinute }: AlertSink): number {
    const times = this.#sentAt.get(name) ?? []
    return perMinute === undefined || times.length < perMinute ? 0 : times.at(-perMinute)! + 60_000
  }

  async #deliver(seen: MessageRecord, sink: AlertSink): Promise<void> {
    const { clock, logger } = this.#options
    const taken = this.#guard(() => this.#claim(messageKey(seen)))
    // Another process has it, or the disk fails.
    if (!taken) return clock.wait(1_000, this.#closing.signal)
    const now = clock.now()
    const recent = (this.#sentAt.get(sink.name) ?? []).filter(at => at > now - 60_000)
    this.#sentAt.set(sink.name, [...recent, now])
    const { messageId, severity, dialect, host } = taken
    const alerts = Object.values(taken.alerts).map(({ alert }) => this.#latestOf(alert))
    const message: AlertMessage = { messageId, severity, dialect, host, at: now, alerts }
    try {
      const { signal } = this.#cut
      await Promise.race([sink.send(message, { now, signal }), abortOf(signal)])
      this.#sent[sink.name] = (this.#sent[sink.name] ?? 0) + 1
      logger.info(fieldsOf(taken), 'an alert is delivered')
      this.#guard(() => this.#noteDelivered(taken, sink))
    } catch (error) {
      const failure = error instanceof SinkError ? error : new SinkError(String(error))
      this.#guard(() => this.#noteFailed(taken, sink, failure))
    }
  }

  /** How often it has happened is told as of now. */
  #latestOf(alert: Alert): Alert {
    const active = this.#active.get(alert.key)?.alert
    return alert.state === 'firing' && active ? active : alert
  }

  #claim(key: string): MessageRecord | undefined {
    const now = this.#options.clock.now()
    const record = this.#store.get('message', key) as MessageRecord | undefined
    if (!record || record.leaseUntil > now) return undefined
    const claimed = { ...record, leaseUntil: now + leaseMs }
    this.#putMessage(claimed)
    return claimed
  }

  #noteDelivered(taken: MessageRecord, sink: AlertSink): void {
    const { clock, groupIntervalMs } = this.#options
    const now = clock.now()
    const group = messageKey(taken)
    const before = this.#store.get('group', group) as GroupRecord | undefined
    const isBusy = before !== undefined && now - before.toldAt < 2 * groupIntervalMs
    const told: GroupRecord = { key: group, toldAt: now, told: isBusy ? before.told + 1 : 1 }
    this.#store.put('group', group, told)
    this.#keepRest(taken, sink.name)
    for (const { alert, ears } of Object.values(taken.alerts)) {
      const record = this.#store.get('alert', alert.key) as AlertRecord | undefined
      if (!record || alert.state !== 'firing') continue
      const heard = Object.fromEntries(Object.keys(ears).map(name => [name, now]))
      this.#put({ ...record, told: { ...record.told, ...heard } })
    }
  }

  /** What has come since the message was taken waits for the next. */
  #keepRest(taken: MessageRecord, sink: string): void {
    const key = messageKey({ ...taken, sink })
    const record = this.#store.get('message', key) as MessageRecord | undefined
    if (!record) return
    const rest = Object.entries(record.alerts).filter(([, { version }]) => version > taken.version)
    if (rest.length === 0) this.#store.delete('message', key)
    else {
      const fresh = { tries: 0, leaseUntil: 0, dueAt: this.#slotOf(key), messageId: makeUuid() }
      this.#putMessage({ ...record, ...fresh, alerts: Object.fromEntries(rest) })
    }
  }

  #noteFailed(taken: MessageRecord, sink: AlertSink, failure: SinkError): void {
    const { clock, logger, backoff, random, groupIntervalMs } = this.#options
    const now = clock.now()
    const fields = { ...fieldsOf(taken), reason: failure.message }
    if (!failure.isFinal) {
      const record = this.#store.get('message', messageKey(taken)) as MessageRecord | undefined
      if (!record) return
      const tries = record.tries + 1
      const waitMs = Math.max(failure.retryAfterMs, throttledWait(tries, backoff, random))
      this.#putMessage({ ...record, tries, leaseUntil: 0, dueAt: now + Math.ceil(waitMs) })
      logger.warn({ ...fields, tries, waitMs: Math.ceil(waitMs) }, 'an alert could not be delivered yet')
      return
    }
    const refused = Object.values(taken.alerts)
    logger.error({ ...fields, alerts: refused.map(({ alert }) => alert) }, 'an alert was refused by its sink')
    this.#keepRest(taken, sink.name)
    for (const { alert, ears } of refused) {
      const record = this.#store.get('alert', alert.key) as AlertRecord | undefined
      const held = Object.fromEntries(Object.keys(ears).map(name => [name, now + groupIntervalMs]))
      if (record) this.#put({ ...record, heldUntil: { ...record.heldUntil, ...held } })
      if (this.#fallback && this.#fallback !== sink) this.#enqueue(alert, this.#fallback.name, ears)
    }
  }

  /** A disk that fails takes nobody's call with it, and alerts go on without it: they are about such things. */
  #guard<Result>(change: () => Result): Result | undefined {
    if (this.#isClosed) return undefined
    try {
      return this.#store.atomically(change)
    } catch (error) {
      const { logger } = this.#options
      logger.error({ err: error, firing: this.firing }, 'the alerts cannot be read or written')
      if (!this.#store.survives) return undefined
      this.#store = copyOf(this.#store)
      return this.#store.atomically(change)
    }
  }
}

/** Rejects when it aborts: not every sink listens. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(new SinkError('the alerts were closed'))
    if (signal.aborted) fail()
    else signal.addEventListener('abort', fail, { once: true })
  })
}
