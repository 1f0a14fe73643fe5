import { type AlertSink, SinkError } from '../alert.ts'
import { type WordsOptions, wordsOf } from './words.ts'

/** As nodemailer's. */
export interface MailTransport {
  sendMail(mail: {
    from: string
    to: string
    subject: string
    text: string
    messageId: string
  }): Promise<unknown>
}

/** Who writes to whom, and through what. */
export interface EmailOptions extends WordsOptions {
  /** Default `email`. */
  readonly name?: string
  readonly severities?: readonly ('page' | 'ticket')[]
  readonly transport: MailTransport
  readonly from: string
  /** Addresses with commas between. */
  readonly to: string
}

/**
 * Mail through a transport of nodemailer's shape. What the mail server refuses for good (5xx, RFC 5321 §4.2.1) is final;
 * what it puts off, and a server that cannot be reached, is tried again.
 */
export function emailSink(options: EmailOptions): AlertSink {
  const { name = 'email', transport, from, to, severities } = options
  return {
    name,
    ...(severities && { severities }),
    async send(message) {
      const { title, lines } = wordsOf(message, options, text => text)
      // The same for every try: mail servers and readers drop the second.
      const messageId = `<${message.messageId}@posthouse-client>`
      try {
        await transport.sendMail({ from, to, subject: title, text: `${lines.join('\n\n')}\n`, messageId })
      } catch (error) {
        const { responseCode, code } = (error ?? {}) as {
          readonly responseCode?: unknown
          readonly code?: unknown
        }
        // Its text may name the account.
        const said =
          [code, responseCode].filter(part => part !== undefined).join(' ') || 'the transport failed'
        throw new SinkError(said, { isFinal: typeof responseCode === 'number' && responseCode >= 500 })
      }
    },
  }
}
