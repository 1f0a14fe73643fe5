// What the client's events add up to.
import type { CallEvent, ClientEvent, EventPlace } from '../observer.ts'
import type { OutboxState } from '../outbox/item.ts'
import { type Kind, type Sample, Series } from './series.ts'

export type { Sample }

/** How much `Metrics` tells apart. */
export interface MetricsOptions {
  /** Label values of one figure that are told apart; what comes after is counted as `other`. Default 1,000. */
  readonly seriesMax?: number
}

/** What has to be asked how it stands. */
export interface Watched {
  /** An `Outbox`: its items by state. */
  readonly outbox?: {
    count(): Counts | Promise<Counts>
    list(filter: { states: OutboxState[] }, count: number): Listed | Promise<Listed>
  }
  /** An `Alerts`: what it has sent, and what could not be delivered yet. */
  readonly alerts?: { readonly figures: AlertFigures }
}

type Counts = Readonly<Partial<Record<OutboxState, number>>>
type Listed = readonly { readonly createdAt: number }[]

interface AlertFigures {
  /** By the sink's name. */
  readonly sent: Readonly<Record<string, number>>
  readonly undelivered: Readonly<Record<string, number>>
}

/** One figure as a plain object; a histogram has its samples as Prometheus does, by `le` (seconds), with sum and count last. */
export interface Figure {
  readonly help: string
  readonly type: Kind
  readonly samples: readonly Sample[]
}

const figures = {
  calls_total: ['counter', 'Calls by what became of them'],
  call_seconds: ['histogram', 'How long calls took, with their attempts and waits'],
  attempts_total: ['counter', 'Requests by what became of them'],
  retries_total: ['counter', 'Attempts after the first of a call'],
  waits_total: ['counter', 'Waits of calls: before a retry, or paced before a limit is met'],
  wait_seconds_total: ['counter', 'How long calls waited'],
  breaker_state: ['gauge', 'Of closed, open and half_open, the one that is has 1'],
  breaker_opened_total: ['counter', 'How often a breaker opened'],
  retry_quota: ['gauge', 'What is left to pay retries with'],
  cids_ready: ['gauge', 'cids that are fetched and not used'],
  cids_starved_total: ['counter', 'Pushes that could not get a cid'],
  outbox_items: ['gauge', 'Items of the outbox by state'],
  outbox_oldest_seconds: ['gauge', 'How long the oldest item has waited that is still to be sent'],
  alerts_sent_total: ['counter', 'Alert messages that a sink has taken'],
  alerts_undelivered: ['gauge', 'Alert messages that wait for a sink'],
} as const satisfies Record<string, readonly [Kind, string]>

type FigureName = keyof typeof figures

const breakerStates = ['closed', 'open', 'half_open'] as const
const outboxStates = [
  'pending',
  'sending',
  'sent',
  'waiting',
  'unknown',
  'dead',
  'expired',
  'cancelled',
] as const

/**
 * Counts what clients and outboxes do. Labels are bounded: operations as the API documents them, with no ids in them,
 * failures of the catalogue, states; no user, no message, no text of a server.
 */
export class Metrics {
  /** Of `text`, as a scrape is to be answered. */
  readonly contentType = 'text/plain; version=0.0.4; charset=utf-8'
  readonly #series: Readonly<Record<FigureName, Series>>
  readonly #watched: Watched[] = []
  readonly #now: () => number

  /** @param clock the one of the client, for tests */
  constructor({ seriesMax = 1_000 }: MetricsOptions = {}, clock: { now(): number } = Date) {
    this.#now = () => clock.now()
    const made = Object.entries(figures).map(([name, [kind, help]]) => [
      name,
      new Series(`posthouse_client_${name}`, help, kind, seriesMax),
    ])
    this.#series = Object.fromEntries(made) as Record<FigureName, Series>
  }

  /** The `observer` of clients and outboxes; it needs no `this`. */
  readonly observe = (event: ClientEvent): void => {
    const { dialect, host, operation } = event
    const series = this.#series
    if (event.is === 'call') this.#count(event)
    else if (event.is === 'attempt') {
      const { status, id, outcome } = event.attempt
      series.attempts_total.add({ dialect, host, operation, status: String(status ?? ''), id, outcome })
      if (event.nth > 1) series.retries_total.add({ dialect, host, operation })
    } else if (event.is === 'wait') {
      const labels = { dialect, host, operation, why: event.why }
      series.waits_total.add(labels)
      series.wait_seconds_total.add(labels, event.ms / 1_000)
    } else if (event.is === 'breaker') {
      this.#setBreaker(event, event.state)
      if (event.state === 'open') series.breaker_opened_total.add({ dialect, host })
    } else if (event.is === 'cids') {
      series.cids_ready.set({ dialect, host, type: event.type }, event.left)
      if (event.isStarved) series.cids_starved_total.add({ dialect, host, type: event.type })
    }
  }

  /** What is asked how it stands whenever the figures are read. */
  watch(watched: Watched): void {
    this.#watched.push(watched)
  }

  /** All figures, by the name that Prometheus knows them by. */
  async read(): Promise<Readonly<Record<string, Figure>>> {
    await this.#ask()
    const all = Object.values<Series>(this.#series)
    return Object.fromEntries(
      all.map(({ name, help, kind, samples }) => [name, { help, type: kind, samples }]),
    )
  }

  /** As Prometheus scrapes it. */
  async text(): Promise<string> {
    await this.#ask()
    return Object.values<Series>(this.#series)
      .map(({ text }) => text)
      .join('')
  }

  #count({ dialect, host, operation, outcome, id, ms, class: of, retryQuota }: CallEvent): void {
    const series = this.#series
    series.calls_total.add({ dialect, host, operation, outcome, id })
    series.call_seconds.observe({ dialect, host, operation }, ms / 1_000)
    // One that has never opened says nothing of itself.
    if (!series.breaker_state.has({ dialect, host, state: 'closed' }))
      this.#setBreaker({ dialect, host }, 'closed')
    series.retry_quota.set({ dialect, host, class: of }, retryQuota)
  }

  #setBreaker(
    { dialect, host }: Pick<EventPlace, 'dialect' | 'host'>,
    now: (typeof breakerStates)[number],
  ): void {
    for (const state of breakerStates)
      this.#series.breaker_state.set({ dialect, host, state }, state === now ? 1 : 0)
  }

  async #ask(): Promise<void> {
    const total: Partial<Record<OutboxState, number>> = {}
    let oldestAt = Number.POSITIVE_INFINITY
    const outboxes = this.#watched.flatMap(({ outbox }) => outbox ?? [])
    for (const outbox of outboxes) {
      const counts = await outbox.count()
      for (const state of outboxStates) total[state] = (total[state] ?? 0) + (counts[state] ?? 0)
      const [oldest] = await outbox.list({ states: ['pending', 'sending', 'waiting'] }, 1)
      oldestAt = Math.min(oldestAt, oldest?.createdAt ?? oldestAt)
    }
    if (outboxes.length > 0) {
      for (const state of outboxStates) this.#series.outbox_items.set({ state }, total[state] ?? 0)
      const age = Number.isFinite(oldestAt) ? Math.max(0, this.#now() - oldestAt) : 0
      this.#series.outbox_oldest_seconds.set({}, age / 1_000)
    }
    for (const { alerts } of this.#watched) {
      for (const [sink, count] of Object.entries(alerts?.figures.sent ?? {}))
        this.#series.alerts_sent_total.set({ sink }, count)
      for (const [sink, count] of Object.entries(alerts?.figures.undelivered ?? {}))
        this.#series.alerts_undelivered.set({ sink }, count)
    }
  }
}
