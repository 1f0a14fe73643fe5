// An alert in words, for people: in chats and mails. What a server said is quoted, and can mark nothing up and call nobody.
import type { Advice } from '../../error.ts'
import type { Alert, AlertMessage } from '../alert.ts'

export type Language = 'en' | 'zh'

export interface WordsOptions {
  /** Default `en`. */
  readonly language?: Language
  /** Stands first in the title, such as the word that a robot wants to see. Default `Posthouse`. */
  readonly heading?: string
}

interface Words {
  readonly page: string
  readonly ticket: string
  readonly firing: (count: number) => string
  readonly resolved: (count: number) => string
  readonly isFiring: string
  readonly isResolved: string
  readonly times: (count: number, since: string) => string
  readonly more: (count: number) => string
  /** What those of `alertRules` mean, by name. */
  readonly rules: Readonly<Record<string, string>>
  readonly advice: Readonly<Record<Advice, string>>
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    page: 'PAGE',
    ticket: 'TICKET',
    firing: count => `${count} firing`,
    resolved: count => `${count} resolved`,
    isFiring: 'firing',
    isResolved: 'resolved',
    times: (count, since) => `${count} × since ${since}`,
    more: count => `and ${count} more`,
    rules: {
      auth: 'The server refuses the credentials.',
      policy: 'The app may not make this call.',
      breaker: 'Calls fail, and are not made for now.',
      dead: 'An item of the outbox will not be sent.',
      undecided: 'An item of the outbox may have been sent: decide whether it is sent again.',
      outbox_age: 'The outbox has waited too long.',
      gone: 'The API is retired.',
      plan_limit: 'A limit of the plan is reached.',
      missing_burst: 'Many calls ask for what is not there.',
      cids: 'No cid is left and none can be fetched: nothing is pushed.',
      system: 'The server has trouble, or retries did not help.',
    },
    advice: {
      never: 'The same request will be refused again: change it.',
      'same-key': 'It may have been executed: repeat it under the same key.',
      after: 'Wait, then repeat it.',
      'refresh-auth': 'Get a new token.',
      split: 'Send it in smaller parts.',
      'page-a-human': 'Somebody has to act: credentials, rights or settings.',
    },
  },
  zh: {
    page: '紧急',
    ticket: '待处理',
    firing: count => `${count} 项告警`,
    resolved: count => `${count} 项恢复`,
    isFiring: '告警',
    isResolved: '已恢复',
    times: (count, since) => `自 ${since} 起 ${count} 次`,
    more: count => `另有 ${count} 项`,
    rules: {
      auth: '服务器拒绝了凭据。',
      policy: '应用无权调用该接口。',
      breaker: '调用连续失败，已暂停。',
      dead: '发件箱中有一条不会再发送。',
      undecided: '发件箱中有一条可能已发出，请决定是否补发。',
      outbox_age: '发件箱积压过久。',
      gone: '接口已下线。',
      plan_limit: '已达到套餐上限。',
      missing_burst: '大量调用的对象不存在。',
      cids: 'cid 用尽且取不到，推送已停止。',
      system: '服务器故障，或重试后仍旧出错。',
    },
    advice: {
      never: '原样重试仍会被拒绝，请修改请求。',
      'same-key': '可能已执行，请用同一个键重试。',
      after: '请等待后重试。',
      'refresh-auth': '请更换 token。',
      split: '请拆成更小的请求。',
      'page-a-human': '需要人工处理：凭据、权限或配置。',
    },
  },
}

export interface Said {
  readonly title: string
  /** One an alert, each of one line or two. */
  readonly lines: readonly string[]
}

/** @param bold marks what stands out */
export function wordsOf(
  { alerts, severity, dialect, host }: AlertMessage,
  { language = 'en', heading = 'Posthouse' }: WordsOptions,
  bold: (text: string) => string,
): Said {
  const say = words[language]
  const firing = alerts.filter(({ state }) => state === 'firing').length
  const counts = [
    ...(firing > 0 ? [say.firing(firing)] : []),
    ...(alerts.length > firing ? [say.resolved(alerts.length - firing)] : []),
  ]
  const where = [dialect, host].filter(part => part !== '').join(' ')
  const lines = alerts.map(alert => {
    const { state, rule, id, operation, count, startedAt, text, advice, requestId, traceId, itemId } = alert
    const names = [
      requestId && `request ${requestId}`,
      traceId && `trace ${traceId}`,
      itemId && `item ${itemId}`,
    ]
    const first = `${state === 'firing' ? say.isFiring : say.isResolved} ${bold(plain(id))} ${plain(operation)}`
    const second = say.times(count, timeOf(startedAt))
    const head = `${first.trimEnd()}, ${second}`
    if (state === 'resolved') return head
    const rest = [
      Object.hasOwn(say.rules, rule) && say.rules[rule],
      plain(text),
      advice && say.advice[advice],
      names
        .filter(Boolean)
        .map(name => plain(name!))
        .join(', '),
    ]
    return [head, ...rest.filter(Boolean)].join('\n')
  })
  return { title: `[${say[severity]}] ${plain(heading)}: ${counts.join(', ')} (${where})`, lines }
}

/** As many lines as there is room for, and how many there are beside them. */
export function fit(
  lines: readonly string[],
  bytesMax: number,
  language: Language = 'en',
  joint = '\n\n',
): string {
  const sizeOf = (text: string) => new TextEncoder().encode(text).length
  const whole = lines.join(joint)
  if (sizeOf(whole) <= bytesMax) return whole
  for (let kept = lines.length - 1; kept > 0; kept--) {
    const text = [...lines.slice(0, kept), words[language].more(lines.length - kept)].join(joint)
    if (sizeOf(text) <= bytesMax) return text
  }
  return words[language].more(lines.length)
}

export function isFiring({ alerts }: { readonly alerts: readonly Alert[] }): boolean {
  return alerts.some(({ state }) => state === 'firing')
}

/** Angle brackets call people in some chats, and the others are marks of Markdown. */
function plain(text: string): string {
  return text
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replaceAll('`', "'")
    .replace(/[*[\]|~]/g, ' ')
}

/** To the second, UTC. */
function timeOf(at: number): string {
  return new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC')
}
