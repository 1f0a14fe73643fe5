import type { Desk } from '../outbox/desk.ts'
import { type Arguments, textOf } from './arguments.ts'
import type { Terminal } from './terminal.ts'

/** What each action of the command has. */
export interface Context {
  readonly desk: Desk
  readonly args: Arguments
  readonly terminal: Terminal
  /** How the command is called here, for what it tells people to do next. */
  readonly name: string
}

export function byOf({ args: { values }, terminal }: Context): { readonly by: string; readonly why: string } {
  return { by: textOf(values, 'by') ?? terminal.user, why: textOf(values, 'why') ?? '' }
}

export function isJson({ args }: Context): boolean {
  return args.values.json === true
}

export function line(value: object): string {
  return `${JSON.stringify(value)}\n`
}

const progressMs = 5_000

/** What a long run has done so far: on a screen at once, into a log every few seconds. */
export class Progress {
  readonly #terminal: Terminal
  readonly #what: string
  #toldAt: number
  #isShown = false

  constructor(terminal: Terminal, what: string) {
    this.#terminal = terminal
    this.#what = what
    this.#toldAt = terminal.clock.now()
  }

  step(done: number, all?: number): void {
    const { isInteractive, clock, tell } = this.#terminal
    const now = clock.now()
    if (now - this.#toldAt < (isInteractive ? 200 : progressMs)) return
    this.#toldAt = now
    this.#isShown = true
    const text = `${this.#what}: ${done}${all === undefined ? '' : ` of ${all}`}`
    tell(isInteractive ? `\r\u001b[K${text}` : `${text}\n`)
  }

  end(): void {
    if (this.#isShown && this.#terminal.isInteractive) this.#terminal.tell('\r\u001b[K')
  }
}
