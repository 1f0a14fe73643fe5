// The pages of what clients of users are refused with, one a language: code and reason, and what is behind them.
import type { Failure, Lang, Text } from '../src/contract/failure.ts'
import { type FailureId, failures } from '../src/contract/failures.ts'
import { msyncWire } from '../src/contract/msync.ts'
import { adviceShort, executedShort, words } from './error-page-words.ts'
import { code, type Page, table } from './error-pages.ts'

const catalogue: Readonly<Record<FailureId, Failure>> = failures

const title: Text = { en: 'Refusals to instant-messaging clients', zh: '即时通讯客户端错误码' }
const intro: Text = {
  en: `Clients of users (the Web SDK) are told an error code and a reason, in the answer to their login or to what they
send. The SDK makes error types of its own of them, which an app sees in \`onError\` or in the rejected promise.`,
  zh: `用户客户端（Web SDK）在登录或发送的应答中收到 error_code 和 reason。SDK 会将其转换为自己的错误类型，应用可在 \`onError\` 或被拒绝的
Promise 中看到。`,
}
const reason: Text = { en: 'Reason', zh: 'reason' }

export function msyncPages(): readonly Page[] {
  return (['en', 'zh'] as const).map(lang => ({ path: `docs/errors/msync.${lang}.md`, text: page(lang) }))
}

function page(lang: Lang): string {
  const other = lang === 'en' ? '[中文](msync.zh.md)' : '[English](msync.en.md)'
  const rows = Object.entries(msyncWire).map(([id, row]) => ({ id: id as FailureId, ...row }))
  const heads = [words.code, reason, words.cause, words.remedy, words.advice, words.executed, words.failure]
  const cells = rows
    .toSorted((a, b) => a.code - b.code)
    .map(row => {
      const { cause, remedy, advice, executed } = catalogue[row.id]
      const short = [adviceShort[advice][lang], executedShort[executed][lang]]
      return [String(row.code), code(row.reason), cause[lang], remedy[lang], ...short, row.id]
    })
  const listed = table(
    heads.map(head => head[lang]),
    cells,
  )
  return `${[`# ${title[lang]}`, `${words.generated[lang]} ${other}`, intro[lang], listed].join('\n\n')}\n`
}
