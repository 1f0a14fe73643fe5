// `posthouse explain`: what an error means, why it came and what to do. Takes whatever a person has in
// hand: a code, an error name, a status, a failure id, an error text, or the answer itself pasted whole.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  type Dialect,
  EVERY_DIALECT,
  type Failure,
  type Lang,
  type Text,
  type Wire,
} from './contract/failure.ts'
import { type FailureId, failures, isFailureId } from './contract/failures.ts'
import { jpushUnsent } from './contract/jpush-unsent.ts'
import { msyncWire } from './contract/msync.ts'
import { neutralWire } from './contract/neutral.ts'
import { likelierFirst, parseEasemob, parseJpush, parseText, type Recognised } from './contract/parse.ts'
import { statuses } from './contract/statuses.ts'
import { easemobVariants, jpushVariants } from './contract/variants.ts'
import { adviceWords, executedWords } from './contract/words.ts'

export interface ExplainOptions {
  /** Only failures of this dialect, or those of instant-messaging clients. */
  readonly dialect?: Wire | undefined
  readonly lang?: Lang | undefined
}

/** One way a failure looks in one dialect. */
interface Form {
  readonly dialect: Wire
  readonly id: FailureId
  /** Clients of users get a code alone. */
  readonly status: number | undefined
  readonly code: string
  readonly text: string
}

/** More findings than this are listed without their advice: nobody reads on. */
const longBlocksMax = 8

const catalogue: Readonly<Record<FailureId, Failure>> = failures

const forms: readonly Form[] = [
  ...easemobVariants.map(({ id, row }) => form('easemob', id, row.status, row.error, row.text)),
  ...jpushVariants.map(({ id, row }) => form('jpush', id, row.status, String(row.code), row.text)),
  ...Object.entries(neutralWire).map(([id, row]) =>
    form('neutral', id as FailureId, row.status, id, row.text),
  ),
  ...Object.entries(msyncWire).map(([id, { code, reason }]) =>
    form('msync', id as FailureId, undefined, String(code), reason),
  ),
]

const words = {
  cause: { en: 'Cause', zh: '原因' },
  remedy: { en: 'Remedy', zh: '处理' },
  retry: { en: 'Retry', zh: '重试' },
  executed: { en: 'Executed', zh: '已执行' },
  never: { en: 'Never answered by this server', zh: '本服务器不会返回' },
  ambiguous: {
    en: 'The answer does not tell these apart; most likely first:',
    zh: '仅凭应答无法区分下列错误，最可能的在前：',
  },
  newText: {
    en: 'The text is not one of the catalogue; the code can mean:',
    zh: '文本不在目录中；该 code 可能表示：',
  },
  several: { en: 'It can mean:', zh: '可能表示：' },
  unknown: {
    en: 'Nothing in the catalogue fits. Give a code, an error name, a status, a failure id or the JSON body.',
    zh: '目录中没有匹配项。请给出错误码、错误名、状态码、标识或 JSON 响应体。',
  },
  similar: { en: 'Similar:', zh: '相近：' },
} as const satisfies Record<string, Text>

interface Finding {
  readonly heading?: string
  readonly forms: readonly Form[]
  readonly params?: Readonly<Record<string, string>>
}

/** Undefined when nothing in the catalogue fits `query`. */
export function explain(query: string, options: ExplainOptions = {}): string | undefined {
  const lang = options.lang ?? 'en'
  const finding = find(query.trim(), options.dialect, lang)
  if (finding.forms.length === 0) return finding.heading
  const blocks = [...Map.groupBy(finding.forms, ({ id }) => id)].sort(([a], [b]) => likelierFirst(a, b))
  const isLong = blocks.length <= longBlocksMax
  const parts = blocks.map(([id, own]) => block(id, own, finding.params ?? {}, lang, isLong))
  return [...(finding.heading ? [finding.heading] : []), ...parts].join('\n\n')
}

function find(query: string, dialect: Wire | undefined, lang: Lang): Finding {
  const pool = dialect ? forms.filter(form => form.dialect === dialect) : forms
  const answer = answerIn(query)
  if (answer) return findAnswer(answer, pool, lang)
  if (isFailureId(query)) return { forms: pool.filter(({ id }) => id === query) }
  const status = /^[1-5]\d\d$/.test(query) ? Number(query) : undefined
  if (status !== undefined) return findStatus(status, pool, dialect, lang)
  const named = pool.filter(form => form.dialect !== 'neutral' && form.code === query)
  if (named.length > 0) return several(named, lang)
  const unsent = jpushUnsent.find(({ codes }) => codes.some(code => String(code) === query))
  if (unsent && (dialect ?? 'jpush') === 'jpush')
    return { heading: `${words.never[lang]}: ${unsent.reason[lang]}`, forms: [] }
  const texts = pool.filter(({ text }) => text === query)
  if (texts.length > 0) return several(texts, lang)
  return fromRecognised(parseText(query), pool, lang)
}

interface PastedAnswer {
  readonly status: number | undefined
  readonly body: Readonly<Record<string, unknown>>
}

/** A JSON object, alone or below the status line and headers that `curl -i` prints. */
function answerIn(query: string): PastedAnswer | undefined {
  const status = /^HTTP\/[\d.]+ (\d{3})\b/.exec(query)?.[1]
  const start = query.search(/\{/)
  if (start < 0 || (start > 0 && !status)) return undefined
  try {
    return { status: status === undefined ? undefined : Number(status), body: JSON.parse(query.slice(start)) }
  } catch {
    return undefined
  }
}

function findAnswer({ status, body }: PastedAnswer, pool: readonly Form[], lang: Lang): Finding {
  const { error } = body
  if (typeof error !== 'object' || error === null) {
    return fromRecognised(parseEasemob(status, body), formsWith(pool, 'easemob', error), lang)
  }
  if ('id' in error)
    return { forms: pool.filter(form => form.dialect === 'neutral' && form.code === error.id) }
  const code = 'code' in error ? error.code : undefined
  return fromRecognised(parseJpush(status, body), formsWith(pool, 'jpush', code), lang)
}

/** The forms of a dialect that have the code of the answer, or all of them where it is blank. */
function formsWith(pool: readonly Form[], dialect: Dialect, code: unknown): readonly Form[] {
  return pool.filter(form => form.dialect === dialect && (!code || form.code === String(code)))
}

function fromRecognised(recognised: Recognised | undefined, pool: readonly Form[], lang: Lang): Finding {
  if (!recognised) return { forms: [] }
  const found = recognised.candidates.flatMap(id => pool.filter(form => form.id === id))
  const isAlone = recognised.candidates.length === 1
  const heading = recognised.by === 'text' ? words.ambiguous[lang] : words.newText[lang]
  return {
    forms: found,
    params: recognised.params,
    ...(isAlone && recognised.by === 'text' ? {} : { heading }),
  }
}

function several(found: readonly Form[], lang: Lang): Finding {
  const isOne = new Set(found.map(({ id }) => id)).size === 1
  return isOne ? { forms: found } : { forms: found, heading: words.several[lang] }
}

function findStatus(status: number, pool: readonly Form[], dialect: Wire | undefined, lang: Lang): Finding {
  const meanings = EVERY_DIALECT.filter(one => dialect === undefined || one === dialect).flatMap(one =>
    statuses[one]
      .filter(entry => entry.status === status)
      .map(({ meaning }) => `${one} ${status}  ${meaning[lang]}`),
  )
  if (meanings.length === 0) return { forms: pool.filter(form => form.status === status) }
  return { heading: meanings.join('\n'), forms: pool.filter(form => form.status === status) }
}

function block(
  id: FailureId,
  own: readonly Form[],
  params: Readonly<Record<string, string>>,
  lang: Lang,
  isLong: boolean,
): string {
  const { cause, remedy, advice, executed, unreachable } = catalogue[id]
  const lines = [
    id,
    ...new Set(
      own.map(({ dialect, status, code, text }) =>
        [`  ${dialect}`, ...(status === undefined ? [] : [status]), `${code}  ${shown(text)}`].join(' '),
      ),
    ),
    ...Object.entries(params).map(([name, value]) => `  ${name} = ${shown(value)}`),
    `  ${words.cause[lang]}: ${cause[lang]}`,
    `  ${words.remedy[lang]}: ${remedy[lang]}`,
  ]
  if (isLong) {
    lines.push(`  ${words.retry[lang]}: ${adviceWords[advice][lang]}`)
    lines.push(`  ${words.executed[lang]}: ${executedWords[executed][lang]}`)
  }
  if (unreachable) lines.push(`  ${words.never[lang]}: ${unreachable[lang]}`)
  return lines.join('\n')
}

/** One line, and nothing in it that a terminal would obey: the text may come from a stranger's answer. */
function shown(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  return escaped.replace(unprintable, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/**
 * What JSON leaves as it is and a terminal may act on: C1 controls, line separators, changes of direction.
 */
const unprintable = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g

function form(dialect: Wire, id: FailureId, status: number | undefined, code: string, text: string): Form {
  return { dialect, id, status, code, text }
}

const usage = `posthouse explain <query> [--dialect easemob|jpush|neutral|msync] [--lang en|zh]
  query   a JPush code (1003), an Easemob error name (illegal_argument), a status (404), a failure id,
          an error text, a reason that the Web SDK shows, or a whole JSON answer; - reads it from standard input`

/**
 * The command: prints to standard output and returns the exit code (0 found, 1 nothing fits, 2 wrong
 * usage).
 */
export function runExplain(argv: readonly string[], print: (text: string) => void = console.log): number {
  const options = { dialect: { type: 'string' }, lang: { type: 'string' } } as const
  const { values, positionals } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: false,
  })
  const dialect = [...EVERY_DIALECT, 'msync' as const].find(name => name === values.dialect)
  const lang = values.lang ?? languageOf(process.env)
  const isWrong = (values.dialect !== undefined && !dialect) || (lang !== 'en' && lang !== 'zh')
  if (isWrong || positionals.length === 0) {
    print(usage)
    return 2
  }
  const query = positionals.join(' ')
  const text = explain(query === '-' ? readFileSync(0, 'utf8') : query, { dialect, lang })
  print(text ?? nothing(query, lang))
  return text === undefined ? 1 : 0
}

function languageOf({ LC_ALL, LANG }: NodeJS.ProcessEnv): Lang {
  return (LC_ALL || LANG || '').startsWith('zh') ? 'zh' : 'en'
}

function nothing(query: string, lang: Lang): string {
  const wanted = query.toLowerCase().replace(/[^a-z]+/g, '_')
  const similar = wanted.length < 3 ? [] : Object.keys(failures).filter(id => id.includes(wanted))
  const hint = similar.length > 0 ? [`${words.similar[lang]} ${similar.join(', ')}`] : []
  return [words.unknown[lang], ...hint].join('\n')
}
