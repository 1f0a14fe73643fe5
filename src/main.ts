#!/usr/bin/env node
// The command line: finds the command, prints what it throws, sets the exit code.
import { outboxUsage } from '../client/src/cli/usage.ts'
import { appCommand } from './cli/app.ts'
import { backupCommand } from './cli/backup.ts'
import { type Command, CommandError, exitCodes, UsageError } from './cli/command.ts'
import { coreCommand } from './cli/core.ts'
import { restoreCommand } from './cli/restore.ts'

// What takes long to load is loaded by the command that needs it.
const commands: Readonly<Record<string, Command>> = {
  start: {
    summary: 'run the server',
    usage: 'posthouse start     everything is set by the environment variables of docs/operating.md',
    run: async argv => (await import('./start.ts')).runStart(argv),
  },
  app: appCommand,
  core: coreCommand,
  backup: backupCommand,
  restore: restoreCommand,
  explain: {
    summary: 'what a failure means and what to do: a code, a name, a status or a pasted answer',
    usage:
      'posthouse explain QUERY [--dialect easemob|jpush|neutral] [--lang en|zh]     - reads standard input',
    run: async argv => (await import('./explain.ts')).runExplain(argv),
  },
  // The client's, which has it for itself as `posthouse-outbox`.
  outbox: {
    summary: 'look at an outbox of the client, and send again by hand',
    usage: outboxUsage,
    run: async argv => (await import('../client/src/cli/outbox.ts')).runOutbox(argv),
  },
}

process.exitCode = await main(process.argv.slice(2))

async function main([name = '', ...argv]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) return overview(name)
  if (argv.includes('--help')) {
    console.log(command.usage)
    return exitCodes.done
  }
  try {
    return await command.run(argv)
  } catch (error) {
    console.error(`posthouse ${name}: ${(error as Error).message}`)
    if (error instanceof UsageError) console.error(command.usage)
    return error instanceof CommandError ? error.exitCode : exitCodes.failed
  }
}

function overview(name: string): number {
  const isAsked = name === '--help' || name === 'help'
  const lines = Object.entries(commands).map(([command, { summary }]) => `  ${command.padEnd(10)}${summary}`)
  const text = ['Usage: posthouse COMMAND …     posthouse COMMAND --help says more', '', ...lines].join('\n')
  if (isAsked) console.log(text)
  else console.error(name === '' ? text : `posthouse: there is no command "${name}"\n${text}`)
  return isAsked ? exitCodes.done : exitCodes.usage
}
