// `export` and `import`: items as lines of JSON.
import { closeSync, createReadStream, openSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { checkItem, type OutboxItem } from '../outbox/item.ts'
import { makeUuid } from '../uuid.ts'
import { type Arguments, oneOf, selectionOf, textOf } from './arguments.ts'
import { byOf, type Context, isJson, line, Progress } from './context.ts'
import { CliError, exitCodes } from './failure.ts'
import { batchesOf, itemPages, pageSize } from './pages.ts'
import type { Opened } from './place.ts'
import type { Terminal } from './terminal.ts'

export async function exportItems(context: Context): Promise<number> {
  const { args, terminal } = context
  const selection = selectionOf(args, terminal.clock.now())
  const out = textOf(args.values, 'out') ?? '-'
  const progress = new Progress(terminal, 'exported')
  const target = out === '-' ? undefined : makeFile(out)
  let count = 0
  try {
    for await (const page of selectedPages(context, selection)) {
      const text = page.map(line).join('')
      if (target === undefined) await terminal.write(text)
      else writeSync(target, text)
      count += page.length
      progress.step(count)
    }
  } catch (error) {
    // Half an export looks like a whole one.
    if (target !== undefined) unlinkSync(out)
    throw error
  } finally {
    if (target !== undefined) closeSync(target)
    progress.end()
  }
  if (target !== undefined)
    await terminal.write(isJson(context) ? line({ exported: count }) : `${count} exported to ${out}\n`)
  return count > 0 ? exitCodes.done : exitCodes.nothingMatched
}

async function* selectedPages({ desk }: Context, selection: ReturnType<typeof selectionOf>) {
  if (!('itemIds' in selection)) return yield* itemPages(desk, selection.filter, selection.limit)
  for (const itemIds of batchesOf(selection.itemIds, pageSize)) {
    const page = await desk.list({ itemIds }, pageSize)
    const missing = itemIds.find(itemId => !page.some(item => item.itemId === itemId))
    if (missing !== undefined) throw new CliError(`there is no item ${missing}`, exitCodes.nothingMatched)
    yield page
  }
}

function makeFile(path: string): number {
  try {
    // Readable to its owner alone: others' messages are in it.
    return openSync(path, 'wx', 0o600)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new CliError(code === 'EEXIST' ? `${path} exists already` : message, exitCodes.failed, error)
  }
}

/** Of one call, as the service's limit of a body allows. */
const importMax = 100
const importCharsMax = 1_048_576

/** @param open only called once the whole file has been found to be in order: it may make an outbox */
export async function importItems(
  args: Arguments,
  terminal: Terminal,
  name: string,
  open: (mayMake: boolean) => Promise<Opened>,
): Promise<number> {
  const file = oneOf(args, 'FILE')
  const isDryRun = args.values['dry-run'] === true
  if (file !== '-') {
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new CliError(`there is no file ${file}`)
    for await (const _batch of batches(linesOf(file, terminal)));
  }
  const { desk, close } = await open(!isDryRun)
  const context: Context = { desk, args, terminal, name }
  const progress = new Progress(terminal, 'imported')
  const by = { ...byOf(context), actionId: makeUuid() }
  let [imported, skipped] = [0, 0]
  try {
    for await (const items of batches(linesOf(file, terminal))) {
      const itemIds = items.map(({ itemId }) => itemId)
      const known = isDryRun ? (await desk.list({ itemIds }, pageSize)).length : 0
      const done = isDryRun ? undefined : await desk.import(items, by)
      imported += done ? done.imported.length : items.length - known
      skipped += done ? done.skipped.length : known
      progress.step(imported + skipped)
    }
  } catch (error) {
    if (imported + skipped > 0 && !isDryRun)
      terminal.tell(`${imported} were put in before it failed: ${name} log --action ${by.actionId}\n`)
    throw error
  } finally {
    close()
    progress.end()
  }
  const report = { ...(isDryRun ? { isDryRun } : { actionId: by.actionId }), imported, skipped }
  const words = isDryRun ? 'would be put in' : 'put in'
  await terminal.write(
    isJson(context) ? line(report) : `${imported} ${words}, ${skipped} are there already\n`,
  )
  return imported + skipped > 0 ? exitCodes.done : exitCodes.nothingMatched
}

function linesOf(file: string, { input }: Terminal): AsyncIterable<string> {
  const stream = file === '-' ? Readable.from(input) : createReadStream(file)
  return createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
}

/** @throws CliError that says in which line something is wrong */
async function* batches(lines: AsyncIterable<string>): AsyncGenerator<readonly OutboxItem[]> {
  let items: OutboxItem[] = []
  let [nth, chars] = [0, 0]
  for await (const text of lines) {
    nth++
    if (text.trim() === '') continue
    if (items.length === importMax || (items.length > 0 && chars + text.length > importCharsMax)) {
      yield items
      items = []
      chars = 0
    }
    items.push(parse(text, nth))
    chars += text.length
  }
  if (items.length > 0) yield items
}

function parse(text: string, nth: number): OutboxItem {
  try {
    return checkItem(JSON.parse(text))
  } catch (error) {
    const said = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message
    throw new CliError(`line ${nth} is not an item: ${said}`, exitCodes.failed, error)
  }
}
