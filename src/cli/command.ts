// What every command of the command line is made of, and how it fails.

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string
  /** Printed for `--help`, and when the command is used wrongly. */
  readonly usage: string
  /** @returns the exit code. @throws CommandError for every expected failure */
  readonly run: (argv: readonly string[]) => Promise<number>
}

/** Documented in docs/operating.md: scripts rely on them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  /** No server runs on the data folder; for `restore`: one does. */
  server: 3,
  backupUnusable: 4,
} as const

export class CommandError extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number = exitCodes.failed, cause?: unknown) {
    super(message, { cause })
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}

/** The command was used wrongly: its usage is printed too. */
export class UsageError extends CommandError {
  constructor(message: string) {
    super(message, exitCodes.usage)
    this.name = 'UsageError'
  }
}

/** The one argument of a command that takes exactly one. @throws UsageError */
export function onlyArgument(argv: readonly string[], name: string): string {
  const [value, ...more] = argv
  if (value === undefined || more.length > 0 || value.startsWith('-'))
    throw new UsageError(`give one ${name}`)
  return value
}
