// One row a figure; printed as a Markdown table at the end.
import { cpus, release, totalmem } from 'node:os'
import { median } from './quiet.ts'

export interface Figure {
  readonly what: string
  readonly values: readonly number[]
  readonly unit: string
  readonly note?: string
}

export function machine(): string {
  const gib = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} × ${cpus()[0]?.model.trim()}, ${gib} GiB, Linux ${release()}, Node ${process.version}`
}

export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, values, unit, note = '' }) => {
    const sorted = [...values].sort((a, b) => a - b)
    return `| ${what} | ${format(sorted[0]!)} | **${format(median(values))}** | ${format(sorted.at(-1)!)} | ${unit} | ${note} |`
  })
  return ['| what | least | median | most | unit | note |', '|---|---|---|---|---|---|', ...rows].join('\n')
}

function format(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}
