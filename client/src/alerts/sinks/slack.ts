import { type AlertSink, SinkError } from '../alert.ts'
import { checkStatus, checkUrl, post, type WebhookOptions } from './post.ts'
import { fit, type WordsOptions, wordsOf } from './words.ts'

/** An incoming webhook of Slack. */
export interface SlackOptions extends WebhookOptions, WordsOptions {
  /** Member ids of those who are called when it is a page; `channel`, `here`, `everyone`: all of them. */
  readonly mentions?: readonly string[]
}

/** Of the text of a section, 3,000 characters; of a header, 150. */
const sectionMax = 2_700
const headerMax = 150
const wide = ['channel', 'here', 'everyone']

/**
 * An incoming webhook of Slack (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks):
 * `https://hooks.slack.com/services/…`. It has taken the message where it answers 200 `ok`; 400 `invalid_payload`, 403,
 * 404 `no_service` and 410 `channel_is_archived` are final; 429 is waited for as `Retry-After` says. One a second.
 * @throws TypeError for an address that is none
 */
export function slackSink(options: SlackOptions): AlertSink {
  const { name = 'slack', url, fetch, severities, mentions = [], language } = options
  checkUrl(name, url)
  return {
    name,
    ...(severities && { severities }),
    perMinute: 60,
    async send(message, context) {
      const { title, lines } = wordsOf(message, options, text => `*${text}*`)
      const called = message.severity === 'page' ? mentions : []
      const calls = called.map(one => (wide.includes(one) ? `<!${one}>` : `<@${one}>`)).join(' ')
      const list = fit(lines.map(unmarked), sectionMax, language)
      const blocks = [
        { type: 'header', text: { type: 'plain_text', text: title.slice(0, headerMax) } },
        { type: 'section', text: { type: 'mrkdwn', text: calls ? `${list}\n\n${calls}` : list } },
      ]
      const reply = await post(
        { url, body: JSON.stringify({ text: unmarked(title), blocks }), fetch },
        context,
      )
      checkStatus(reply, url)
      if (reply.text.trim() !== 'ok') throw new SinkError(`${reply.status}, and not «ok»`)
    },
  }
}

/** The three characters that Slack reads as marks. */
function unmarked(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
