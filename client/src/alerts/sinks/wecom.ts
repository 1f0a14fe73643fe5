import type { AlertSink } from '../alert.ts'
import { checkCode, checkStatus, checkUrl, post, type WebhookOptions } from './post.ts'
import { fit, type WordsOptions, wordsOf } from './words.ts'

/** A robot of a WeCom group. */
export interface WecomOptions extends WebhookOptions, WordsOptions {
  /** User ids of those who are called when it is a page. */
  readonly mentions?: readonly string[]
}

/** -1: busy; 45009: «api freq out of limit». */
const passing = [-1, 45009]
/** Of `markdown.content`, which has 4,096 (40058 beyond). */
const bytesMax = 3_400

/**
 * A WeCom group robot (developer.work.weixin.qq.com/document/path/91770): a markdown message to
 * `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…`. It has taken the message only where a 200 has `errcode` 0;
 * 93000 is a wrong key. 20 messages a minute, 4,096 bytes each.
 * @throws TypeError for an address that is none
 */
export function wecomSink(options: WecomOptions): AlertSink {
  const { name = 'wecom', url, fetch, severities, mentions = [], language } = options
  checkUrl(name, url)
  return {
    name,
    ...(severities && { severities }),
    perMinute: 20,
    async send(message, context) {
      const { title, lines } = wordsOf(message, options, text => `**${text}**`)
      const calls = message.severity === 'page' ? mentions.map(user => `<@${user}>`).join('') : ''
      const content = `### ${title}\n\n${fit(lines, bytesMax, language)}${calls && `\n\n${calls}`}`
      const body = JSON.stringify({ msgtype: 'markdown', markdown: { content } })
      const reply = await post({ url, body, fetch }, context)
      checkStatus(reply, url)
      checkCode(reply, url, { code: reply.json.errcode, passing })
    },
  }
}
