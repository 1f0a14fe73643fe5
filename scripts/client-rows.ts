// The catalogue as the client has it: every way a failure can look, without the words for people.
import { adviceLetters } from '../client/src/catalogue/form.ts'
import type { Advice } from '../src/contract/failure.ts'
import { failures } from '../src/contract/failures.ts'
import { likelierFirst } from '../src/contract/parse.ts'
import { easemobVariants, jpushVariants, type Variant } from '../src/contract/variants.ts'
import type { Page } from './error-pages.ts'

/** The client's two files of rows. */
export function clientRows(): readonly Page[] {
  return [
    fileOf('easemob', easemobVariants, row => row.error),
    fileOf('jpush', jpushVariants, row => String(row.code)),
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
export const ${dialect}Rows = \`${short.join('\n').replace(/[`\\$]/g, '\\$&')}\`
`
  return { path: `client/src/catalogue/${dialect}.ts`, text }
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
