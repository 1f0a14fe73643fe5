// `posthouse outbox`, which is also `posthouse-outbox` of the client's package: sending again by hand.
import type { ParseArgsOptionsConfig } from 'node:util'
import { RemoteError } from '../outbox/remote-desk.ts'
import { cancel, resend, undo } from './act.ts'
import { type Arguments, filterOptions, handOptions, readArguments } from './arguments.ts'
import type { Context } from './context.ts'
import { edit } from './edit.ts'
import { CliError, exitCodes, UsageError } from './failure.ts'
import { log, ls, show } from './look.ts'
import { openPlace } from './place.ts'
import { printable } from './print.ts'
import { processTerminal, type Terminal } from './terminal.ts'
import { exportItems, importItems } from './transfer.ts'
import { outboxUsage } from './usage.ts'

interface Action {
  readonly options: ParseArgsOptionsConfig
  readonly run: (context: Context) => Promise<number>
}

const bulkOptions = {
  ...filterOptions,
  ...handOptions,
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
  all: { type: 'boolean' },
} satisfies ParseArgsOptionsConfig

const actions: Readonly<Record<string, Action>> = {
  ls: { options: { ...filterOptions, after: { type: 'string' }, count: { type: 'boolean' } }, run: ls },
  show: { options: { lang: { type: 'string' } }, run: show },
  log: { options: { action: { type: 'string' } }, run: log },
  resend: {
    options: {
      ...bulkOptions,
      'may-duplicate': { type: 'boolean' },
      rate: { type: 'string' },
      delay: { type: 'string' },
    },
    run: resend,
  },
  cancel: { options: bulkOptions, run: cancel },
  undo: { options: handOptions, run: undo },
  edit: { options: { ...handOptions, content: { type: 'string' } }, run: edit },
  export: {
    options: { ...filterOptions, all: { type: 'boolean' }, out: { type: 'string' } },
    run: exportItems,
  },
}
const importOptions = { ...handOptions, 'dry-run': { type: 'boolean' } } satisfies ParseArgsOptionsConfig

/** @param name how it is called, for its messages @returns the exit code; what is expected to fail is told, not thrown */
export async function runOutbox(
  argv: readonly string[],
  name = 'posthouse outbox',
  terminal: Terminal = processTerminal(),
): Promise<number> {
  if (argv.includes('--help') || argv[0] === 'help') {
    await terminal.write(`${outboxUsage.replaceAll('posthouse outbox', name)}\n`)
    return exitCodes.done
  }
  try {
    return await run(argv, name, terminal)
  } catch (error) {
    const { message } = error as Error
    const hint = error instanceof UsageError ? ` (${name} --help)` : ''
    terminal.tell(`${name}: ${printable(message.replace(/\s+/g, ' '))}${hint}\n`)
    return exitCodeOf(error)
  }
}

async function run(
  [action = '', ...argv]: readonly string[],
  name: string,
  terminal: Terminal,
): Promise<number> {
  if (action === 'import') {
    const args = readArguments(argv, importOptions)
    return importItems(args, terminal, name, mayMake => openPlace(args.values, terminal, mayMake))
  }
  if (!Object.hasOwn(actions, action))
    throw new UsageError(`say what to do: ${[...Object.keys(actions), 'import'].join(', ')}`)
  const { options, run } = actions[action]!
  const args: Arguments = readArguments(argv, options)
  const { desk, close } = await openPlace(args.values, terminal)
  try {
    return await run({ desk, args, terminal, name })
  } finally {
    close()
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CliError) return error.exitCode
  if (error instanceof RemoteError) {
    const isAway = error.status === undefined || error.id === undefined || [401, 404].includes(error.status)
    return isAway ? exitCodes.service : exitCodes.failed
  }
  return exitCodes.failed
}
