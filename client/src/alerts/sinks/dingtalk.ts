import type { AlertSink } from '../alert.ts'
import { hmacOf } from './hmac.ts'
import { checkCode, checkStatus, checkUrl, post, type WebhookOptions } from './post.ts'
import { fit, type WordsOptions, wordsOf } from './words.ts'

/** A custom robot of DingTalk. */
export interface DingtalkOptions extends WebhookOptions, WordsOptions {
  /** `SEC…`, of the robot's security settings; absent: it asks for a keyword (`heading`) or knows this address. */
  readonly secret?: string
  /** Mobile numbers of those who are called when it is a page. */
  readonly mentions?: readonly string[]
}

/** -1: busy (dingtalk error codes); 130101: «send too fast, exceed 20 times per minute» (ccfos/nightingale#369). */
const passing = [-1, 130101]
/** A message has 20 KB with all that is around the text. */
const bytesMax = 15_000

/**
 * A DingTalk custom robot (open.dingtalk.com/document/group/custom-robot-access): a markdown message to
 * `https://oapi.dingtalk.com/robot/send?access_token=…`, signed with `timestamp` (ms) and `sign`, the base64 of
 * HMAC-SHA-256 under the secret over `timestamp + "\n" + secret`. It has taken the message only where a 200 has
 * `errcode` 0; 310000 is a wrong signature, keyword or address. 20 messages a minute.
 * @throws TypeError for an address that is none
 */
export function dingtalkSink(options: DingtalkOptions): AlertSink {
  const { name = 'dingtalk', url, secret, fetch, severities, mentions = [], language } = options
  checkUrl(name, url)
  return {
    name,
    ...(severities && { severities }),
    perMinute: 20,
    async send(message, context) {
      const { title, lines } = wordsOf(message, options, text => `**${text}**`)
      const called = message.severity === 'page' ? mentions : []
      const calls = called.map(mobile => `@${mobile}`).join(' ')
      // Two spaces end a line.
      const list = fit(lines, bytesMax, language).replace(/\n(?!\n)/g, '  \n')
      const text = `### ${title}\n\n${list}${calls && `\n\n${calls}`}`
      const at = { atMobiles: called, isAtAll: false }
      const body = JSON.stringify({ msgtype: 'markdown', markdown: { title, text }, at })
      const signed = new URL(url)
      if (secret !== undefined) {
        signed.searchParams.set('timestamp', String(context.now))
        signed.searchParams.set('sign', await hmacOf(secret, `${context.now}\n${secret}`))
      }
      const reply = await post({ url: signed.href, body, fetch }, context)
      checkStatus(reply, signed.href)
      checkCode(reply, signed.href, { code: reply.json.errcode, passing })
    },
  }
}
