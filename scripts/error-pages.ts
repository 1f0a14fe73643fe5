// The error pages under docs/errors/, one a dialect and language, made from the catalogue and nothing else.
import { type Dialect, EVERY_DIALECT, type Failure, type Lang, type Text } from '../src/contract/failure.ts'
import { type FailureId, failures } from '../src/contract/failures.ts'
import { easemobLookAlikes, jpushLookAlikes } from '../src/contract/indistinguishable.ts'
import { jpushUnsent } from '../src/contract/jpush-unsent.ts'
import { neutralWire } from '../src/contract/neutral.ts'
import { renderEasemob, renderJpush, renderNeutral } from '../src/contract/render.ts'
import { statuses } from '../src/contract/statuses.ts'
import { easemobVariants, jpushVariants, type Variant } from '../src/contract/variants.ts'
import type { EasemobRow, JpushRow } from '../src/contract/wire.ts'
import { adviceWords, easemobFamilyWords, executedWords, jpushFamilyWords } from '../src/contract/words.ts'
import { adviceShort, executedShort, intros, sources, titles, words } from './error-page-words.ts'

export interface Page {
  /** Relative to the repository. */
  readonly path: string
  readonly text: string
}

/** One form of a failure, in what all dialects have. */
interface Form {
  readonly id: FailureId
  readonly status: number
  readonly code: string
  readonly text: string
  readonly edition: 'seed' | 'live' | 'both'
  readonly families: readonly string[]
  readonly source: Text
}

const langs: readonly Lang[] = ['en', 'zh']
const catalogue: Readonly<Record<FailureId, Failure>> = failures
const familyWords: Readonly<Record<string, Text>> = { ...easemobFamilyWords, ...jpushFamilyWords }

export function errorPages(): readonly Page[] {
  return EVERY_DIALECT.flatMap(dialect =>
    langs.map(lang => ({ path: `docs/errors/${dialect}.${lang}.md`, text: errorPage(dialect, lang) })),
  )
}

function errorPage(dialect: Dialect, lang: Lang): string {
  const forms = formsOf(dialect)
  const ids = [...new Set(forms.map(form => form.id))]
  const other = lang === 'en' ? `[中文](${dialect}.zh.md)` : `[English](${dialect}.en.md)`
  const parts = [
    `# ${titles[dialect][lang]}`,
    `${words.generated[lang]} ${other}`,
    intros[dialect][lang],
    words.example[lang],
    `\`\`\`json\n${example(dialect)}\n\`\`\``,
    words.headers[lang],
    ...statusTable(dialect, lang),
    `## ${words.all[lang]}`,
    overview(dialect, ids, forms, lang),
    `## ${words.each[lang]}`,
    ...ids.map(id => section(dialect, id, forms, lang)),
    ...(dialect === 'jpush' ? unsentCodes(lang) : []),
  ]
  return `${parts.join('\n\n')}\n`
}

function formsOf(dialect: Dialect): readonly Form[] {
  switch (dialect) {
    case 'easemob':
      return easemobVariants.map(variant => ({
        ...common(variant),
        code: variant.row.error,
        edition: variant.editions.length > 1 ? 'both' : variant.editions[0]!,
        source: easemobSource(variant.row),
      }))
    case 'jpush':
      return jpushVariants.map(variant => ({
        ...common(variant),
        code: String(variant.row.code),
        edition: 'both',
        source: sources[variant.row.origin === 'extension' ? 'ours' : 'vendor'],
      }))
    case 'neutral':
      return Object.entries(neutralWire).map(([id, { status, text }]) => ({
        id: id as FailureId,
        status,
        text,
        code: id,
        edition: 'both',
        families: [],
        source: sources.ours,
      }))
  }
}

function common({ id, row, families }: Variant<EasemobRow | JpushRow>) {
  return { id, status: row.status, text: row.text, families }
}

function easemobSource({ source }: EasemobRow): Text {
  if (source === 'ours') return sources.ours
  if (source === 'U') return sources.platform
  return source.startsWith('S-') ? sources.seed : sources.vendor
}

function example(dialect: Dialect): string {
  const none = { params: {}, facts: {} }
  const exists = { application: '4d7e4ba0-dc4a-11e3-90d5-e1ffbaacdaf5', username: 'dddd' }
  switch (dialect) {
    case 'easemob':
      return renderEasemob(
        { ...none, id: 'user_exists', params: exists },
        { edition: 'seed', family: 'registration', timestamp: 1418307327088, duration: 0 },
      ).body
    case 'jpush':
      return renderJpush(
        { ...none, id: 'audience_empty', facts: { msgId: '2252799813685778' } },
        { family: 'push' },
      ).body
    case 'neutral':
      return renderNeutral({ ...none, id: 'path_unknown' }, { requestId: '6f1c2d0a9b' }).body
  }
}

function statusTable(dialect: Dialect, lang: Lang): readonly string[] {
  if (statuses[dialect].length === 0) return []
  const rows = statuses[dialect].map(({ status, origin, meaning }) => [
    origin === 'seed' ? String(status) : `${status} *(${words.outsideTheList[lang]})*`,
    meaning[lang],
  ])
  return [`## ${words.statuses[lang]}`, table([words.status[lang], words.meaning[lang]], rows)]
}

function unsentCodes(lang: Lang): readonly string[] {
  const rows = jpushUnsent.map(({ codes, reason }) => [
    codes.map(one => code(String(one))).join(', '),
    reason[lang],
  ])
  return [`## ${words.unsent[lang]}`, table([words.code[lang], words.why[lang]], rows)]
}

function overview(dialect: Dialect, ids: readonly FailureId[], forms: readonly Form[], lang: Lang): string {
  const rows = ids
    .map(id => ({ id, own: forms.filter(form => form.id === id) }))
    .sort((a, b) => a.own[0]!.status - b.own[0]!.status || compareCodes(a.own[0]!, b.own[0]!))
    .map(({ id, own }) => [
      statusesOf(own),
      distinct(own.map(form => code(form.code))),
      code(own[0]!.text),
      adviceShort[catalogue[id].advice][lang],
      executedShort[catalogue[id].executed][lang],
      `[${id}](#${id})`,
    ])
  const codeHead = dialect === 'jpush' ? words.code[lang] : words.error[lang]
  const heads = [words.status, undefined, words.text, words.advice, words.executed, words.failure]
  return table(
    heads.map(head => head?.[lang] ?? codeHead),
    rows,
  )
}

function compareCodes(a: Form, b: Form): number {
  return a.code.localeCompare(b.code, 'en', { numeric: true })
}

function statusesOf(forms: readonly Form[]): string {
  const live = distinct(forms.filter(form => form.edition === 'live').map(form => String(form.status)))
  const other = distinct(forms.filter(form => form.edition !== 'live').map(form => String(form.status)))
  return live === '' || live === other ? other : `${other} (live ${live})`
}

function section(dialect: Dialect, id: FailureId, forms: readonly Form[], lang: Lang): string {
  const { cause, remedy, advice, executed, unreachable } = catalogue[id]
  const alike = lookAlikesOf(dialect, id)
  const lines = [
    `- **${words.cause[lang]}** ${cause[lang]}`,
    `- **${words.remedy[lang]}** ${remedy[lang]}`,
    `- **${words.advice[lang]}** ${adviceWords[advice][lang]}`,
    `- **${words.executed[lang]}** ${executedWords[executed][lang]}`,
  ]
  if (alike.length > 0) {
    lines.push(`- **${words.alike[lang]}** ${alike.map(other => `[${other}](#${other})`).join(', ')}`)
  }
  if (unreachable) lines.push(`- **${words.unreachable[lang]}** ${unreachable[lang]}`)
  const own = forms.filter(form => form.id === id)
  return [`### ${id}`, lines.join('\n'), formsTable(dialect, own, lang)].join('\n\n')
}

function lookAlikesOf(dialect: Dialect, id: FailureId): readonly FailureId[] {
  const all = { easemob: Object.values(easemobLookAlikes).flat(), jpush: jpushLookAlikes, neutral: [] }[
    dialect
  ]
  const sets: readonly (readonly FailureId[])[] = all
  return [...new Set(sets.filter(set => set.includes(id)).flat())].filter(other => other !== id)
}

function formsTable(dialect: Dialect, forms: readonly Form[], lang: Lang): string {
  const hasFamilies = forms.some(form => form.families.length > 0)
  const hasEditions = forms.some(form => form.edition !== 'both')
  const rows = forms.map(form => [
    ...(hasEditions ? [form.edition === 'both' ? words.both[lang] : form.edition] : []),
    ...(hasFamilies ? [familiesOf(form, lang)] : []),
    String(form.status),
    code(form.code),
    code(form.text),
    form.source[lang],
  ])
  const heads = [
    ...(hasEditions ? [words.edition[lang]] : []),
    ...(hasFamilies ? [words.family[lang]] : []),
    words.status[lang],
    dialect === 'jpush' ? words.code[lang] : words.error[lang],
    words.text[lang],
    words.source[lang],
  ]
  return table(heads, rows)
}

function familiesOf({ families }: Form, lang: Lang): string {
  if (families.length === 0) return words.others[lang]
  return families.map(family => familyWords[family]?.[lang] ?? family).join(lang === 'zh' ? '、' : ', ')
}

function distinct(items: readonly string[]): string {
  return [...new Set(items)].join(', ')
}

/** A code span that survives a table cell; a newline shows as it is written in JSON. */
export function code(text: string): string {
  return `\`${text.replaceAll('\n', '\\n').replaceAll('|', '\\|')}\``
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}
