import type { AlertSink } from '../alert.ts'
import { hmacOf } from './hmac.ts'
import { checkCode, checkStatus, checkUrl, post, type WebhookOptions } from './post.ts'
import { fit, isFiring, type WordsOptions, wordsOf } from './words.ts'

/** A custom bot of Feishu or Lark. */
export interface FeishuOptions extends WebhookOptions, WordsOptions {
  /** Of the bot's signature verification; absent: it has none. */
  readonly secret?: string
  /** Open ids of those who are called when it is a page; `all`: everybody. */
  readonly mentions?: readonly string[]
}

/** 11232: «frequency limited», under 200; 9499: «too many request», under 400 (ccfos/nightingale#1437). */
const passing = [11232, 9499]
/** A request has 20 KB. */
const bytesMax = 15_000

/**
 * A custom bot of Feishu or Lark (open.feishu.cn/document/client-docs/bot-v3/add-custom-bot): a card to
 * `https://open.feishu.cn/open-apis/bot/v2/hook/…`, with `timestamp` (seconds) and `sign`, the base64 of HMAC-SHA-256 of
 * nothing under `timestamp + "\n" + secret`. It has taken the message only where a 200 has `code` 0; 19021 is a wrong
 * signature. 100 messages a minute, 5 a second, 20 KB each.
 * @throws TypeError for an address that is none
 */
export function feishuSink(options: FeishuOptions): AlertSink {
  const { name = 'feishu', url, secret, fetch, severities, mentions = [], language } = options
  checkUrl(name, url)
  return {
    name,
    ...(severities && { severities }),
    perMinute: 100,
    async send(message, context) {
      const { title, lines } = wordsOf(message, options, text => `**${text}**`)
      const calls = message.severity === 'page' ? mentions.map(user => `<at id=${user}></at>`).join('') : ''
      const content = `${fit(lines, bytesMax, language)}${calls && `\n\n${calls}`}`
      const template = !isFiring(message) ? 'green' : message.severity === 'page' ? 'red' : 'orange'
      const card = {
        config: { wide_screen_mode: true },
        header: { title: { tag: 'plain_text', content: title }, template },
        elements: [{ tag: 'div', text: { tag: 'lark_md', content } }],
      }
      const seconds = String(Math.floor(context.now / 1_000))
      const sign =
        secret === undefined ? {} : { timestamp: seconds, sign: await hmacOf(`${seconds}\n${secret}`, '') }
      const body = JSON.stringify({ ...sign, msg_type: 'interactive', card })
      const reply = await post({ url, body, fetch }, context)
      // Too fast is a 400 like what is wrong for good: the code decides.
      const code = reply.json.code ?? reply.json.StatusCode
      if (typeof code !== 'number' || code === 0) checkStatus(reply, url)
      checkCode(reply, url, { code, passing })
    },
  }
}
