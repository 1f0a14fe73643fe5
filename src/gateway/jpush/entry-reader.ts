// The lines of a file of names, a thousand at a time, as its bytes come.
import { Refusal } from '../../contract/refusal.ts'

const entriesPerChunk = 1_000
/** Longer lines are no names, whatever they are: nobody has to hold one. */
const lineCharsMax = 1_000

export class EntryReader {
  readonly #isEntry: (text: unknown) => boolean
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  #line = 0
  #rest = ''

  /** @param isEntry what a line, without the blanks around it, has to be */
  constructor(isEntry: (text: unknown) => boolean) {
    this.#isEntry = isEntry
  }

  /**
   * Blank lines are passed over; a byte order mark is none of the first one.
   * @throws Refusal `parameter_invalid` with the number of the line that is no name, or of what is no UTF-8
   */
  async *read(chunks: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
    let entries: string[] = []
    for await (const bytes of chunks)
      for (const entry of this.#take(this.#decode(bytes))) {
        entries.push(entry)
        if (entries.length < entriesPerChunk) continue
        yield entries
        entries = []
      }
    entries.push(...this.#take(`${this.#decode()}\n`))
    if (entries.length > 0) yield entries
  }

  #decode(bytes?: Buffer): string {
    try {
      return bytes ? this.#decoder.decode(bytes, { stream: true }) : this.#decoder.decode()
    } catch {
      throw new Refusal('parameter_invalid', { reason: `The file is not UTF-8, after line ${this.#line}` })
    }
  }

  *#take(text: string): Generator<string> {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop()!
    if (this.#rest.length > lineCharsMax) this.#refuse(this.#line + lines.length + 1)
    for (const line of lines) {
      this.#line++
      const entry = line.trim()
      if (entry === '') continue
      if (!this.#isEntry(entry)) this.#refuse(this.#line)
      yield entry
    }
  }

  #refuse(line: number): never {
    throw new Refusal('parameter_invalid', { reason: `Line ${line} of the file is not valid` })
  }
}
