// The catalogue as the client has it: every way a failure can look; the words for people are apart, for its command line.
import { adviceLetters } from '../client/src/catalogue/form.ts'
import type { Advice, Failure } from '../src/contract/failure.ts'
import { failures } from '../src/contract/failures.ts'
import { likelierFirst } from '../src/contract/parse.ts'
import { easemobVariants, jpushVariants, type Variant } from '../src/contract/variants.ts'
import { adviceWords } from '../src/contract/words.ts'
import type { Page } from './error-pages.ts'

/** The client's two files of rows, and that of words. */
export function clientRows(): readonly Page[] {
  return [
    fileOf('easemob', easemobVariants, row => row.error),
    fileOf('jpush', jpushVariants, row => String(row.code)),
    fileOfWords(),
  ]
}

function fileOf<Row extends { readonly status: number; readonly text: string }>(
  dialect: string,
  variants: readonly Variant<Row>[],
  codeOf: (row: Row) => string,
): Page {
  const rows = variants
    .toSorted((a, b) => likelierFirst(a.id, b.id) || a.row.status - b.row.status)
    .map(({ id, row }) => [String(row.status), codeOf(row), id, letterOf(id), textOf(row)])
  const lines = [...new Set(rows.map(row => row.join('\t')))].map(line => line.split('\t'))
  const short = lines.map((line, nth) => {
    const before = lines[nth - 1] ?? []
    const fields = line.map((field, place) => (place < 4 && field === before[place] ? '' : field))
    // An empty text is a text; one that is not there is that of the row before.
    return line[4] === before[4] ? fields.slice(0, 4).join('\t').trimEnd() : fields.join('\t')
  })
  const text = `// Written by \`npm run docs\` from the catalogue; not edited by hand. form.ts says how it is read.
export const ${dialect}Rows = \`${quoted(short.join('\n'))}\`
`
  return { path: `client/src/catalogue/${dialect}.ts`, text }
}

function fileOfWords(): Page {
  const ids = new Set([...easemobVariants, ...jpushVariants].map(({ id }) => id))
  const lines = [...ids].toSorted().map(id => {
    const { cause, remedy } = failures[id] as Failure
    return [id, cause.en, remedy.en, cause.zh, remedy.zh].join('\t')
  })
  const advices = Object.entries(adviceWords).map(([advice, { en, zh }]) =>
    [advice, '', en, '', zh].join('\t'),
  )
  const text = `// Written by \`npm run docs\` from the catalogue; not edited by hand. One failure a line, with tabs between: its id, cause and
// remedy, both once more in Chinese; then each advice, likewise.
export const failureWords = \`${quoted([...lines, ...advices].join('\n'))}\`
`
  return { path: 'client/src/catalogue/words.ts', text }
}

function quoted(text: string): string {
  return text.replace(/[`\\$]/g, '\\$&')
}

/** A row is a line. */
function textOf({ text }: { readonly text: string }): string {
  return text.replaceAll('\n', '\\n')
}

function letterOf(id: keyof typeof failures): string {
  const { advice, executed } = failures[id] as { advice: Advice; executed: string }
  const letter = Object.keys(adviceLetters).find(key => adviceLetters[key] === advice)!
  return executed === 'maybe' ? letter.toUpperCase() : letter
}
