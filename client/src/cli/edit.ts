// `edit`: what is sent, of an item that was never sent.
import { readFile } from 'node:fs/promises'
import { checkContent } from '../outbox/check-content.ts'
import type { OutboxContent } from '../outbox/item.ts'
import { wordsOfOutcome } from './act.ts'
import { oneOf, textOf } from './arguments.ts'
import { byOf, type Context, isJson, line } from './context.ts'
import { CliError, exitCodes } from './failure.ts'

/** A content has at most some KB. */
const contentCharsMax = 1_048_576

export async function edit(context: Context): Promise<number> {
  const { args, terminal, desk } = context
  const itemId = oneOf(args, 'id')
  const look = await desk.look(itemId)
  if (!look) throw new CliError(`there is no item ${itemId}`, exitCodes.nothingMatched)
  const { item, mayHaveBeenSent } = look
  // Before somebody takes the trouble.
  if (item.state === 'sent' || mayHaveBeenSent)
    throw new CliError(`${itemId}: ${wordsOfOutcome(item.state === 'sent' ? 'sent' : 'may_have_run')}`)
  const before = `${JSON.stringify(item.content, null, 2)}\n`
  const text = await contentText(context, before)
  if (text === before) throw new CliError('nothing is changed')
  const content = parse(text)
  if (content.kind !== item.content.kind)
    throw new CliError(`the item is a ${item.content.kind}, not a ${content.kind}`)
  const { outcome } = await desk.edit({ itemId, version: item.version }, content, byOf(context))
  if (isJson(context)) await terminal.write(line({ itemId, outcome }))
  if (outcome !== 'done') throw new CliError(`${itemId}: ${wordsOfOutcome(outcome)}`)
  if (!isJson(context))
    await terminal.write(
      `${itemId} is changed${item.dueAt === null ? `; it is sent by: ${context.name} resend ${itemId}` : ''}\n`,
    )
  return exitCodes.done
}

async function contentText({ args, terminal }: Context, before: string): Promise<string> {
  const file = textOf(args.values, 'content')
  if (file === '-') return readAll(terminal.input)
  if (file !== undefined)
    return readFile(file, 'utf8').catch(error => {
      throw new CliError(`${file} cannot be read: ${error.message}`)
    })
  if (!terminal.isInteractive)
    throw new CliError('say --content FILE, or - for standard input', exitCodes.usage)
  return terminal.edit(before)
}

async function readAll(input: AsyncIterable<Uint8Array | string>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of input) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    if (text.length > contentCharsMax) throw new CliError('the content is too long')
  }
  return text
}

/** @throws CliError */
function parse(text: string): OutboxContent {
  try {
    return checkContent(JSON.parse(text))
  } catch (error) {
    throw new CliError(`the content is not taken: ${(error as Error).message}`, exitCodes.failed, error)
  }
}
