// Items as people read them.
import type { OutboxContent, OutboxItem } from '../outbox/item.ts'
import { redact } from '../redact.ts'

/** One line, and nothing in it that a terminal would obey: texts come from servers and from users. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, char =>
    char === '\n' ? '\\n' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function shortened(text: string, charsMax: number): string {
  const line = printable(text)
  return line.length <= charsMax ? line : `${line.slice(0, charsMax - 1)}…`
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const

/** Of its two largest units, such as `3h 20m`. */
export function spanOf(ms: number): string {
  let left = Math.max(0, ms)
  const parts: string[] = []
  for (const [unit, size] of units) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0 || (unit === 's' && parts.length === 0)) parts.push(`${count}${unit}`)
    else if (parts.length > 0) break
  }
  return parts.slice(0, 2).join(' ')
}

export function timeOf(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}

/** Whom it is for. */
export function receiversOf(content: OutboxContent): string {
  if (content.kind === 'message') {
    const [kind, names] = Object.entries(content.message.to)[0]!
    return `${kind} ${listed(names)}`
  }
  const { audience } = content.push
  if (typeof audience === 'string') return audience
  return Object.entries(audience)
    .map(([kind, names]) => `${kind} ${Array.isArray(names) ? listed(names) : JSON.stringify(names)}`)
    .join(', ')
}

function listed(names: readonly string[]): string {
  return names.length <= 3 ? names.join(',') : `${names.slice(0, 2).join(',')} and ${names.length - 2} more`
}

export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows
    .map(
      row =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

export const itemHeads = ['ID', 'STATE', 'KIND', 'AGE', 'TRIES', 'DUE', 'FAILURE', 'TO']

export function itemRow(
  { itemId, state, content, createdAt, tries, dueAt, failure }: OutboxItem,
  now: number,
) {
  const due = dueAt === null ? '-' : dueAt <= now ? 'now' : `in ${spanOf(dueAt - now)}`
  return [
    printable(itemId),
    state,
    content.kind,
    spanOf(now - createdAt),
    String(tries),
    due,
    shortened(String(failure?.id ?? '-'), 32),
    shortened(receiversOf(content), 48),
  ]
}

/** Secrets are not for a screen, or a log that the output goes to. */
export function redacted<Value>(value: Value): Value {
  return JSON.parse(redact(JSON.stringify(value)))
}
