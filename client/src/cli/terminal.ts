// What a command has of the world around it. A test gives it another.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { type Clock, systemClock } from '../clock.ts'
import { CliError, UsageError } from './failure.ts'

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly user: string
  /** A person sees the errors, and can answer. */
  readonly isInteractive: boolean
  readonly input: AsyncIterable<Uint8Array | string>
  /** To standard output; resolves when there is room for more. */
  write(text: string): Promise<void>
  /** To standard error. */
  tell(text: string): void
  ask(question: string): Promise<string>
  /** Lets the person change a text. */
  edit(text: string): string
}

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process
  // `| head` has read enough.
  stdout.on('error', error => process.exit((error as NodeJS.ErrnoException).code === 'EPIPE' ? 0 : 1))
  return {
    env,
    clock: systemClock,
    user: userName(env),
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    input: stdin,
    write: text => new Promise(resolve => (stdout.write(text) ? resolve() : stdout.once('drain', resolve))),
    tell: text => void stderr.write(text),
    ask: async question => {
      const lines = createInterface({ input: stdin, output: stderr })
      const answer = await lines.question(question)
      lines.close()
      return answer
    },
    edit: text => editWith(env.VISUAL || env.EDITOR, text),
  }
}

/** In a container the user may have no name. */
function userName(env: Terminal['env']): string {
  try {
    return userInfo().username
  } catch {
    return env.USER ?? ''
  }
}

function editWith(editor: string | undefined, text: string): string {
  if (!editor) throw new UsageError('say --content FILE, or set EDITOR')
  // Only for its owner: it is somebody's message.
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-edit-'))
  const file = join(folder, 'content.json')
  try {
    writeFileSync(file, text, { mode: 0o600 })
    // An editor may be set with options.
    const { status, error } = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' })
    if (error || status !== 0)
      throw new CliError(`the editor ended with ${error?.message ?? status}: nothing is changed`)
    return readFileSync(file, 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
