/** In docs/client.md and in the usage: scripts rely on them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  /** The service does not answer, or refuses the token. */
  service: 3,
  /** The file is not there, or is no outbox. */
  noOutbox: 4,
  nothingMatched: 5,
  /** Some items were done and others were not. */
  partly: 6,
} as const

/** An expected failure: its message is printed, in one line. */
export class CliError extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number = exitCodes.failed, cause?: unknown) {
    super(message, { cause })
    this.exitCode = exitCode
  }
}

export class UsageError extends CliError {
  constructor(message: string) {
    super(message, exitCodes.usage)
  }
}
