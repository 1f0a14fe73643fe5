// `ls`, `show` and `log`: what there is.
import type { Attempt } from '../error.ts'
import type { Look } from '../outbox/desk.ts'
import { states } from '../outbox/item.ts'
import type { AuditRow } from '../outbox/store.ts'
import { filterOf, oneOf, textOf, wholeOf } from './arguments.ts'
import { type Context, isJson, line } from './context.ts'
import { CliError, exitCodes, UsageError } from './failure.ts'
import { auditPages, itemPages } from './pages.ts'
import { itemHeads, itemRow, printable, receiversOf, redacted, spanOf, table, timeOf } from './print.ts'
import { type Lang, wordsOf } from './words.ts'

export async function ls(context: Context): Promise<number> {
  const { args, terminal, desk } = context
  if (args.positionals.length > 0) throw new UsageError('ls takes a filter; show takes an id')
  const now = terminal.clock.now()
  const filter = filterOf(args.values, now)
  if (args.values.count === true) return count(context, filter)
  const limit = wholeOf(args.values, 'limit') ?? 50
  let shown = 0
  let last = ''
  for await (const page of itemPages(desk, filter, limit, textOf(args.values, 'after'))) {
    const rows = page.map(item => itemRow(item, now))
    const text = isJson(context)
      ? page.map(item => line(redacted(item))).join('')
      : table(shown === 0 ? [itemHeads, ...rows] : rows)
    await terminal.write(text)
    shown += page.length
    last = page.at(-1)!.itemId
  }
  if (shown === limit && !isJson(context) && (await desk.list(filter, 1, last)).length > 0)
    terminal.tell(`there are more: --after ${printable(last)}\n`)
  return shown > 0 ? exitCodes.done : exitCodes.nothingMatched
}

async function count(context: Context, filter: Parameters<typeof itemPages>[1]): Promise<number> {
  const counts = await context.desk.count(filter)
  const present = states.filter(state => counts[state])
  const all = present.reduce((sum, state) => sum + counts[state]!, 0)
  const rows = [...present.map(state => [state, String(counts[state])]), ['all', String(all)]]
  await context.terminal.write(isJson(context) ? line({ ...counts, all }) : table(rows))
  return all > 0 ? exitCodes.done : exitCodes.nothingMatched
}

export async function show(context: Context): Promise<number> {
  const { args, terminal, desk } = context
  const itemId = oneOf(args, 'id')
  const lang = textOf(args.values, 'lang') ?? 'en'
  if (lang !== 'en' && lang !== 'zh') throw new UsageError(`--lang is en or zh, not "${lang}"`)
  const look = await desk.look(itemId)
  if (!look) throw new CliError(`there is no item ${itemId}`, exitCodes.nothingMatched)
  const { failure } = look.item
  const words = failure ? wordsOf(failure, lang) : undefined
  const text = isJson(context)
    ? line({ ...redacted(look), ...words })
    : sheet(look, lang, terminal.clock.now())
  await terminal.write(text)
  return exitCodes.done
}

export async function log(context: Context): Promise<number> {
  const { args, terminal, desk } = context
  const [itemId, ...more] = args.positionals
  if (more.length > 0) throw new UsageError('give one id, or none')
  const actionId = textOf(args.values, 'action')
  let shown = 0
  for await (const page of auditPages(desk, { ...(itemId && { itemId }), ...(actionId && { actionId }) })) {
    const text = page.map(row =>
      isJson(context) ? line(row) : `${timeOf(row.at)}  ${printable(row.itemId)}  ${auditText(row)}\n`,
    )
    await terminal.write(text.join(''))
    shown += page.length
  }
  return shown > 0 ? exitCodes.done : exitCodes.nothingMatched
}

function auditText({ action, actor, reason, fromState, toState, mayDuplicate, actionId }: AuditRow): string {
  const change = `${fromState || 'nothing'} → ${toState}`
  const why = reason && `: ${printable(reason)}`
  return `${action} by ${printable(actor) || 'nobody named'}${why} (${change}${mayDuplicate ? ', twice was accepted' : ''}) action ${printable(actionId)}`
}

/** All about an item: what failed, what to do, whether it may have been sent (contract.md §4.5). */
function sheet({ item, mayHaveBeenSent, keyUntil, audits }: Look, lang: Lang, now: number): string {
  const { itemId, state, content, conversation, createdAt, changedAt, expiresAt, failure } = item
  const ago = (at: number) =>
    `${timeOf(at)} (${at <= now ? `${spanOf(now - at)} ago` : `in ${spanOf(at - now)}`})`
  const rows = [
    ['item', printable(itemId)],
    ['state', `${state} since ${ago(changedAt)}`],
    ['kind', `${content.kind} to ${printable(receiversOf(content))}`],
    ['conversation', printable(conversation) || '-'],
    ['put in', ago(createdAt)],
    ['wanted until', ago(expiresAt)],
    ['next try', item.dueAt === null ? 'none by itself' : ago(item.dueAt)],
    ['tries', `${item.tries} reached the server; ${item.misses} since then did not`],
    ['sent already?', sentText(item.state, mayHaveBeenSent)],
    ['key', keyText(item, keyUntil, now)],
    ...(failure ? failureRows(failure, lang) : []),
  ]
  const parts = [table(rows)]
  const attempts = (failure?.attempts ?? []) as readonly Attempt[]
  if (attempts.length > 0) parts.push(`attempts of the last call\n${attempts.map(attemptText).join('')}`)
  if (item.result !== null) parts.push(`answer\n${indented(item.result)}`)
  parts.push(`content\n${indented(content)}`)
  if (audits.length > 0)
    parts.push(`by hand\n${audits.map(row => `  ${timeOf(row.at)}  ${auditText(row)}\n`).join('')}`)
  return parts.join('\n')
}

function sentText(state: string, mayHaveBeenSent: boolean): string {
  if (state === 'sent') return 'yes'
  if (state === 'sending') return 'it is under way'
  return mayHaveBeenSent ? 'perhaps: it may have been delivered by an attempt whose answer was lost' : 'no'
}

function keyText({ key, keyAt }: Look['item'], keyUntil: number | null, now: number): string {
  if (key === '') return 'none yet'
  const age = `${printable(key)}, ${spanOf(now - keyAt)} old`
  if (keyUntil === null) return `${age}; no server knows it (at a Posthouse: --posthouse)`
  return keyUntil > now
    ? `${age}; a repeat is known by it until ${timeOf(keyUntil)} (${spanOf(keyUntil - now)} more)`
    : `${age}; the server has forgotten it`
}

function failureRows(failure: Readonly<Record<string, unknown>>, lang: Lang): string[][] {
  const { id, operation, status, code, text, message, outcome, requestId, stopped } = failure
  const said = [status, code].filter(part => part !== undefined).join(' ')
  const words = wordsOf(failure, lang)
  const fields: [string, unknown][] = [
    ['failure', `${id}${outcome === undefined ? '' : ` [${outcome}]`}`],
    ['asked', operation],
    [
      'answered',
      [said, text || (operation === undefined ? message : undefined)].filter(Boolean).join(': ') || undefined,
    ],
    ['request id', requestId],
    ['given up by', stopped],
    ['cause', words?.cause],
    ['what to do', words?.remedy],
  ]
  return fields.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, printable(String(value))]],
  )
}

function attemptText({ at, tookMs, status, id, outcome, detail, requestId, waitMs }: Attempt): string {
  const parts = [timeOf(at), status ?? 'no answer', id, outcome, `${tookMs} ms`, detail, requestId]
  const wait = waitMs === undefined ? [] : [`then waited ${waitMs} ms`]
  return `  ${[...parts, ...wait]
    .filter(part => part !== undefined)
    .map(part => printable(String(part)))
    .join('  ')}\n`
}

function indented(value: unknown): string {
  return JSON.stringify(redacted(value), null, 2)
    .split('\n')
    .map(text => `  ${printable(text)}\n`)
    .join('')
}
