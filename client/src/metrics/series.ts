// One figure with its labels, and how Prometheus reads it (text exposition format 0.0.4).

export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels: Labels
  readonly value: number
}

export type Kind = 'counter' | 'gauge' | 'histogram'

/** Upper bounds, in seconds: an attempt may take 10 s, a call 30 s. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

interface Cell {
  readonly labels: Labels
  value: number
  /** Of a histogram: how many were within each bound. */
  readonly within: number[]
  sum: number
}

export class Series {
  readonly name: string
  readonly help: string
  readonly kind: Kind
  readonly #seriesMax: number
  readonly #cells = new Map<string, Cell>()

  constructor(name: string, help: string, kind: Kind, seriesMax: number) {
    this.name = name
    this.help = help
    this.kind = kind
    this.#seriesMax = seriesMax
  }

  add(labels: Labels, by = 1): void {
    this.#cell(labels).value += by
  }

  set(labels: Labels, value: number): void {
    this.#cell(labels).value = value
  }

  has(labels: Labels): boolean {
    return this.#cells.has(keyOf(labels))
  }

  observe(labels: Labels, value: number): void {
    const cell = this.#cell(labels)
    cell.value++
    cell.sum += value
    for (const [index, bound] of buckets.entries())
      if (value <= bound) cell.within[index] = (cell.within[index] ?? 0) + 1
  }

  get samples(): readonly Sample[] {
    return [...this.#cells.values()]
      .flatMap(cell => (this.kind === 'histogram' ? samplesOf(cell).map(([, sample]) => sample) : [cell]))
      .map(({ labels, value }) => ({ labels, value }))
  }

  get text(): string {
    const lines = [...this.#cells.values()].flatMap(cell =>
      this.kind === 'histogram'
        ? samplesOf(cell).map(([suffix, sample]) => lineOf(this.name + suffix, sample))
        : [lineOf(this.name, cell)],
    )
    if (lines.length === 0) return ''
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} ${this.kind}\n${lines.join('')}`
  }

  /** What has more labels than there is room for is counted together: what it says of all of them is still right. */
  #cell(labels: Labels): Cell {
    const key = keyOf(labels)
    const known = this.#cells.get(key)
    if (known) return known
    const isFull = this.#cells.size >= this.#seriesMax
    const kept = isFull ? Object.fromEntries(Object.keys(labels).map(name => [name, 'other'])) : labels
    const cell = { labels: kept, value: 0, within: [], sum: 0 }
    const own = isFull ? this.#cells.get(keyOf(kept)) : undefined
    if (own) return own
    this.#cells.set(keyOf(kept), cell)
    return cell
  }
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.values(labels))
}

function samplesOf({ labels, value, within, sum }: Cell): readonly (readonly [suffix: string, Sample])[] {
  return [
    ...buckets.map((bound, index) => {
      const sample = { labels: { ...labels, le: String(bound) }, value: within[index] ?? 0 }
      return ['_bucket', sample] as const
    }),
    ['_bucket', { labels: { ...labels, le: '+Inf' }, value }],
    ['_sum', { labels, value: sum }],
    ['_count', { labels, value }],
  ]
}

function lineOf(name: string, { labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${quotable(text)}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
}

function quotable(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
