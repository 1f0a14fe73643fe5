// The outbox that is meant: a file, or a service's.
import { existsSync } from 'node:fs'
import { type Desk, OutboxDesk } from '../outbox/desk.ts'
import { RemoteDesk } from '../outbox/remote-desk.ts'
import { textOf, type Values } from './arguments.ts'
import { CliError, exitCodes, UsageError } from './failure.ts'
import type { Terminal } from './terminal.ts'

export interface Opened {
  readonly desk: Desk
  close(): void
}

/** @param mayMake an outbox that is not there is made @throws CliError */
export async function openPlace(
  values: Values,
  { env, clock }: Pick<Terminal, 'env' | 'clock'>,
  mayMake = false,
): Promise<Opened> {
  const given = { file: textOf(values, 'file'), url: textOf(values, 'url') }
  const isGiven = given.file !== undefined || given.url !== undefined
  const file = isGiven ? given.file : env.POSTHOUSE_OUTBOX_FILE
  const url = isGiven ? given.url : env.POSTHOUSE_OUTBOX_URL
  if (file && url) throw new UsageError('give a --file or a --url, not both')
  if (url) return openUrl(url, textOf(values, 'token') ?? env.POSTHOUSE_OUTBOX_TOKEN)
  if (!file) throw new UsageError('say which outbox: --file FILE or --url URL')
  return openFile(file, { isPosthouse: values.posthouse === true, clock }, mayMake)
}

function openUrl(url: string, token: string | undefined): Opened {
  if (!token) throw new UsageError('a service wants a token: POSTHOUSE_OUTBOX_TOKEN')
  try {
    return { desk: new RemoteDesk({ url, token }), close: () => {} }
  } catch (error) {
    // Without the address: there may be a password in it.
    throw new UsageError(`--url: ${(error as Error).message.replace(/^Invalid URL$/, 'it is no address')}`)
  }
}

async function openFile(
  path: string,
  options: Pick<ConstructorParameters<typeof OutboxDesk>[0], 'isPosthouse' | 'clock'>,
  mayMake: boolean,
): Promise<Opened> {
  // An outbox over HTTP needs no SQLite, and older Nodes have none.
  const files = await import('../outbox/outbox-file.ts').catch(error => {
    throw new CliError(
      'an outbox in a file needs node:sqlite: run it with Node 24, or use --url',
      exitCodes.failed,
      error,
    )
  })
  try {
    const store = mayMake && !existsSync(path) ? files.makeOutboxFile(path) : files.openOutboxFile(path)
    return { desk: new OutboxDesk({ store, ...options }), close: () => store.close() }
  } catch (error) {
    const code = error instanceof files.NoOutbox ? exitCodes.noOutbox : exitCodes.failed
    const { message } = error as Error
    throw new CliError(message.includes(path) ? message : `${path}: ${message}`, code, error)
  }
}
