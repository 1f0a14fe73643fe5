// `resend`, `cancel` and `undo`: on items by their ids, or on all that a filter finds.
import { type HandOutcome, type HandResult, type Target, targetsMax } from '../outbox/desk.ts'
import type { OutboxState } from '../outbox/item.ts'
import { makeUuid } from '../uuid.ts'
import { oneOf, paceMsOf, type Selection, selectionOf, spanMsOf, textOf } from './arguments.ts'
import { byOf, type Context, isJson, line, Progress } from './context.ts'
import { CliError, exitCodes, UsageError } from './failure.ts'
import { auditPages, batchesOf, itemPages } from './pages.ts'
import { itemHeads, itemRow, printable, spanOf, table } from './print.ts'

/** Half of what JPush gives an app in a minute: the service's own sends need the rest. */
const defaultPace = '5/s'
/** To find out that it was a mistake. */
const defaultDelay = '10s'
const sampleSize = 5

type Verb = 'resend' | 'cancel'

const verbs: Readonly<
  Record<Verb, { readonly states: readonly OutboxState[]; readonly ask: string; readonly past: string }>
> = {
  resend: {
    states: ['pending', 'waiting', 'unknown', 'dead', 'expired', 'cancelled'],
    ask: 'Send',
    past: 'sent again',
  },
  cancel: { states: ['pending', 'waiting', 'unknown'], ask: 'Cancel', past: 'cancelled' },
}

const outcomeWords: Readonly<Record<HandOutcome, string>> = {
  done: 'done',
  missing: 'there is no such item',
  faster: 'another was faster: it has changed since',
  sending: 'it is being sent right now',
  sent: 'it has been sent',
  ended: 'it is done already',
  by_itself: 'it is due already: another was faster, or it is sent by itself',
  might_duplicate:
    'it may have been sent, and no server knows its key any more: it might be sent twice (--may-duplicate accepts that)',
  may_have_run: 'it may have been sent: another content would be another message',
  too_late: 'it has been tried since',
  not_undoable: 'something else was done with it since, or it cannot be undone',
}

interface Plan {
  readonly targets: readonly Target[]
  /** Absent: the items were named. */
  readonly byState?: Readonly<Partial<Record<OutboxState, number>>>
  readonly sample?: string
}

export function resend(context: Context): Promise<number> {
  return act(context, 'resend')
}

export function cancel(context: Context): Promise<number> {
  return act(context, 'cancel')
}

async function act(context: Context, verb: Verb): Promise<number> {
  const { args, terminal, desk } = context
  const { values } = args
  const selection = selectionOf(args, terminal.clock.now())
  checkStates(selection, verb)
  const paceMs = paceMsOf(textOf(values, 'rate') ?? defaultPace)
  const delayMs = spanMsOf(textOf(values, 'delay') ?? ('filter' in selection ? defaultDelay : '0s'))
  const plan = await planOf(context, selection)
  const count = plan.targets.length
  if (count === 0) {
    if (isJson(context)) await terminal.write(line({ matched: 0 }))
    throw new CliError('nothing matches', exitCodes.nothingMatched)
  }
  const isDryRun = values['dry-run'] === true
  const options = { mayDuplicate: values['may-duplicate'] === true, ...byOf(context), actionId: makeUuid() }
  const call = (targets: readonly Target[], dry: boolean) =>
    verb === 'resend'
      ? desk.resend(targets, { ...options, isDryRun: dry })
      : desk.cancel(targets, cancelOptions(options, dry))
  if (isDryRun || plan.byState) {
    if (!isJson(context) || terminal.isInteractive) terminal.tell(previewOf(plan))
    if (!isDryRun)
      await confirm(
        context,
        count,
        `${verbs[verb].ask} ${count === 1 ? 'it' : `all ${count}`}${verb === 'resend' ? ' again' : ''}?`,
      )
  }
  const run = new Run(context, count)
  const startedAt = terminal.clock.now()
  let nth = 0
  for (const batch of batchesOf(plan.targets, targetsMax)) {
    const elapsed = terminal.clock.now() - startedAt
    // By the service's own clock: those of two machines differ.
    const due = batch.map(target => ({
      ...target,
      ...(verb === 'resend' && { delayMs: Math.max(0, Math.round(delayMs + nth++ * paceMs - elapsed)) }),
    }))
    await run.add(() => call(due, isDryRun), options.actionId)
  }
  const lastMs = verb === 'resend' ? delayMs + (count - 1) * paceMs : 0
  const notes = isDryRun
    ? []
    : notesOf(verb, context.name, options.actionId, delayMs, lastMs, run.count('done'))
  return run.report(
    isDryRun ? `would be ${verbs[verb].past}` : verbs[verb].past,
    {
      ...(isDryRun ? { isDryRun } : { actionId: options.actionId }),
      ...(verb === 'resend' && { lastDueInMs: Math.round(lastMs) }),
    },
    notes,
  )
}

export async function undo(context: Context): Promise<number> {
  const { args, desk } = context
  const actionId = oneOf(args, 'action')
  const itemIds = new Set<string>()
  for await (const page of auditPages(desk, { actionId })) for (const row of page) itemIds.add(row.itemId)
  if (itemIds.size === 0) throw new CliError(`there is no action ${actionId}`, exitCodes.nothingMatched)
  const by = { ...byOf(context), actionId: makeUuid() }
  const run = new Run(context, itemIds.size)
  const targets = [...itemIds].map(itemId => ({ itemId }))
  for (const batch of batchesOf(targets, targetsMax))
    await run.add(() => desk.undo(actionId, batch, by), by.actionId)
  return run.report('as before', { actionId: by.actionId }, [])
}

function cancelOptions(
  { by, why, actionId }: { by: string; why: string; actionId: string },
  isDryRun: boolean,
) {
  return { by, why, actionId, isDryRun }
}

/** Which states is never a default: it was said, or every item was meant. */
function checkStates(selection: Selection, verb: Verb): void {
  if ('itemIds' in selection) return
  const { states } = selection.filter
  if (!states) throw new UsageError(`say which: --state ${verbs[verb].states.join(', ')}`)
  const wrong = states.find(state => !verbs[verb].states.includes(state))
  if (wrong) throw new UsageError(`none that is ${wrong} can be ${verbs[verb].past}`)
}

/** Those that match now, as they are now: one that changes, or comes to match later, is left alone. */
async function planOf({ desk, terminal }: Context, selection: Selection): Promise<Plan> {
  if ('itemIds' in selection) return { targets: selection.itemIds.map(itemId => ({ itemId })) }
  const progress = new Progress(terminal, 'matching')
  const now = terminal.clock.now()
  const targets: Target[] = []
  const byState: Partial<Record<OutboxState, number>> = {}
  const sample: string[][] = [itemHeads]
  for await (const page of itemPages(desk, selection.filter, selection.limit)) {
    for (const item of page) {
      targets.push({ itemId: item.itemId, version: item.version })
      byState[item.state] = (byState[item.state] ?? 0) + 1
      if (sample.length <= sampleSize) sample.push(itemRow(item, now))
    }
    progress.step(targets.length)
  }
  progress.end()
  return { targets, byState, sample: table(sample) }
}

function previewOf({ targets, byState, sample }: Plan): string {
  if (!byState) return ''
  const states = Object.entries(byState).map(([state, count]) => `${count} ${state}`)
  const rest = targets.length - sampleSize
  return `${targets.length} match: ${states.join(', ')}\n${sample}${rest > 0 ? `… and ${rest} more\n` : ''}`
}

/** @throws CliError where the person does not say yes */
async function confirm({ args, terminal }: Context, count: number, question: string): Promise<void> {
  if (args.values.yes === true) return
  if (!terminal.isInteractive) throw new UsageError(`${count} match: --yes does it, --dry-run only counts`)
  const answer = await terminal.ask(`${question} [y/N] `)
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new CliError('nothing is done')
}

function notesOf(
  verb: Verb,
  name: string,
  actionId: string,
  delayMs: number,
  lastMs: number,
  done: number,
): string[] {
  if (done === 0) return []
  const undoing = `undo it: ${name} undo ${actionId}`
  if (verb === 'cancel') return [undoing]
  const first = delayMs > 0 ? `due in ${spanOf(delayMs)}` : 'due now'
  return [
    lastMs > delayMs ? `${first}, the last in ${spanOf(lastMs)}` : first,
    `as long as they are not tried, ${undoing}`,
  ]
}

/** What became of each, and what is told of it. */
class Run {
  readonly #context: Context
  readonly #all: number
  readonly #results: HandResult[] = []
  readonly #progress: Progress

  constructor(context: Context, all: number) {
    this.#context = context
    this.#all = all
    this.#progress = new Progress(context.terminal, 'done')
  }

  /** @throws CliError that says how far it was */
  async add(call: () => Promise<readonly HandResult[]>, actionId: string): Promise<void> {
    try {
      this.#results.push(...(await call()))
    } catch (error) {
      this.#progress.end()
      const { name, terminal } = this.#context
      terminal.tell(
        `${this.#results.length} of ${this.#all} were looked at, and of those under way some may be done: ${name} log --action ${actionId}\n`,
      )
      throw error
    }
    this.#progress.step(this.#results.length, this.#all)
  }

  count(outcome: HandOutcome): number {
    return this.#results.filter(result => result.outcome === outcome).length
  }

  async report(past: string, more: object, notes: readonly string[]): Promise<number> {
    this.#progress.end()
    const done = this.count('done')
    const refused = this.#results.filter(({ outcome }) => outcome !== 'done')
    const outcomes = Object.fromEntries(
      [...new Set(this.#results.map(({ outcome }) => outcome))].map(outcome => [
        outcome,
        this.count(outcome),
      ]),
    )
    const { terminal } = this.#context
    if (isJson(this.#context)) await terminal.write(line({ ...more, matched: this.#all, outcomes, refused }))
    else {
      const counted = Object.entries(outcomes).filter(([outcome]) => outcome !== 'done')
      const lines = [
        `${done} of ${this.#all} ${past}`,
        ...notes,
        ...counted.map(([outcome, count]) => `${count} not: ${outcomeWords[outcome as HandOutcome]}`),
        ...refused.map(({ itemId, outcome }) => `  ${printable(itemId)}  ${outcome}`),
      ]
      await terminal.write(`${lines.join('\n')}\n`)
    }
    if (refused.length === 0) return exitCodes.done
    if (refused.every(({ outcome }) => outcome === 'missing')) return exitCodes.nothingMatched
    return done > 0 ? exitCodes.partly : exitCodes.failed
  }
}

/** What is told of one item. */
export function wordsOfOutcome(outcome: HandOutcome): string {
  return outcomeWords[outcome]
}
