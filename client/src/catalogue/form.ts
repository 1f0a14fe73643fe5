import type { Advice } from '../../../src/contract/failure.ts'
import type { Form } from '../../../src/contract/recognise.ts'

export interface FailureForm extends Form {
  readonly advice: Advice
  /** Could the request have taken effect before the failure? */
  readonly mayHaveRun: boolean
}

/** What stands for an advice in a row. */
export const adviceLetters: Readonly<Record<string, Advice>> = {
  n: 'never',
  k: 'same-key',
  a: 'after',
  r: 'refresh-auth',
  s: 'split',
  p: 'page-a-human',
}

/**
 * Reads rows as the generator writes them, one a line: status, code, id, the advice's letter (a capital one where the
 * request may have been executed), text template, with tabs between; `\\n` is a line feed. A field that is empty is as in the
 * row before, and so is a text that is not there: most rows share theirs, and every byte of this is downloaded.
 */
export function formsOf(rows: string): readonly FailureForm[] {
  let [status, code, id, letter, template] = ['', '', '', '', '']
  return rows.split('\n').map(row => {
    const fields = row.split('\t')
    status = fields[0] || status
    code = fields[1] || code
    id = fields[2] || id
    letter = fields[3] || letter
    const advice = adviceLetters[letter.toLowerCase()]!
    template = fields[4]?.replaceAll('\\n', '\n') ?? template
    return { id, status: Number(status), code, template, advice, mayHaveRun: letter !== letter.toLowerCase() }
  })
}
