// Counters of the gateway in the Prometheus format. Answers are counted in plain numbers and given to prom-client only
// when somebody asks: its labels cost more than the rest of an answer.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Dialect } from '../contract/failure.ts'

export class Metrics {
  readonly #registry = new Registry()
  readonly #answers = new Map<
    string,
    { readonly dialect: Dialect; readonly status: number; count: number; ms: number }
  >()

  constructor() {
    const answers = this.#answers
    const labelNames = ['dialect', 'status'] as const
    collectDefaultMetrics({ register: this.#registry })
    new Counter({
      name: 'posthouse_http_answers_total',
      help: 'Answers given over HTTP',
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset()
        for (const { dialect, status, count } of answers.values()) this.inc({ dialect, status }, count)
      },
    })
    new Counter({
      name: 'posthouse_http_answer_milliseconds_total',
      help: 'Time spent on answers over HTTP',
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset()
        for (const { dialect, status, ms } of answers.values()) this.inc({ dialect, status }, ms)
      },
    })
  }

  answered(dialect: Dialect, status: number, startedAt: number): void {
    const key = `${dialect} ${status}`
    const known = this.#answers.get(key) ?? { dialect, status, count: 0, ms: 0 }
    if (known.count === 0) this.#answers.set(key, known)
    known.count++
    known.ms += Math.max(0, Date.now() - startedAt)
  }

  /** A value read at the moment of asking. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read())
      },
    })
  }

  async text(): Promise<{ type: string; text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() }
  }
}
