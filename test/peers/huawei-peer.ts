// HMS Push Kit, API version 1, and the OAuth service that gives its tokens of access: what Huawei documents of both.
import { randomUUID } from 'node:crypto'
import {
  type HttpAnswer,
  type HttpAsked,
  HttpPeer,
  type HttpPeerOptions,
  type HttpReply,
  send,
} from './http-peer.ts'

interface Scope {
  after(fn: () => Promise<void> | void): void
}

export const huaweiApp = { app_id: '104752101', app_secret: 'a3f1c0ffee+/=' }

const messageBytesMax = 4_096

export class HuaweiPeer {
  readonly http: HttpPeer
  /** Of devices of the app. */
  readonly tokens = new Set<string>()
  /** Messages that were taken, whole. */
  readonly taken: any[] = []
  /** Tokens of access that are good, with the time until which they are. */
  readonly access = new Map<string, number>()
  lifeSeconds = 3_600
  /** Epoch ms. */
  now: () => number = Date.now
  /** Answer in place of the push service, of the OAuth service. */
  instead: HttpReply | undefined
  insteadOfToken: HttpReply | undefined

  private constructor(http: HttpPeer) {
    this.http = http
    http.reply = (answer, asked) => {
      const isForToken = asked.path === '/oauth2/v3/token'
      const instead = isForToken ? this.insteadOfToken : this.instead
      if (instead) return instead(answer, asked)
      return isForToken ? this.#giveToken(answer, asked) : this.#take(answer, asked)
    }
  }

  static async start(scope: Scope, options: HttpPeerOptions = {}): Promise<HuaweiPeer> {
    return new HuaweiPeer(await HttpPeer.start(scope, () => undefined, options))
  }

  /** Requests for tokens of access, and others. */
  get asked() {
    const ofToken = this.http.asked.filter(({ path }) => path === '/oauth2/v3/token')
    return { token: ofToken.length, send: this.http.asked.length - ofToken.length }
  }

  #giveToken(answer: HttpAnswer, { method, headers, body }: HttpAsked): void {
    const form = new URLSearchParams(body.toString())
    if (method !== 'POST') return send(answer, 405)
    if (headers['content-type'] !== 'application/x-www-form-urlencoded')
      return refuse(answer, 20_182, 'grant_type')
    if (form.get('grant_type') !== 'client_credentials') return refuse(answer, 20_182, 'grant_type')
    if (form.get('client_id') !== huaweiApp.app_id) return refuse(answer, 20_003, 'client_id')
    if (form.get('client_secret') !== huaweiApp.app_secret)
      return refuse(answer, 12_304, `client_secret ${form.get('client_secret')}`)
    const token = `DAEA${randomUUID()}+/=`
    this.access.set(token, this.now() + this.lifeSeconds * 1_000)
    send(answer, 200, { access_token: token, expires_in: this.lifeSeconds, token_type: 'Bearer' })
  }

  #take(answer: HttpAnswer, { method, path, headers, body }: HttpAsked): void {
    if (method !== 'POST' || path !== `/v1/${huaweiApp.app_id}/messages:send`) return send(answer, 404)
    const [, access = ''] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? []
    const goodUntil = this.access.get(access)
    if (goodUntil === undefined) return say(answer, 401, 80200001, 'Authentication error')
    if (goodUntil <= this.now()) return say(answer, 401, 80200003, 'access token expired')
    const { message } = JSON.parse(body.toString())
    const fault = faultIn(message)
    if (fault) return say(answer, 400, 80100003, `Illegal payload, ${fault}`)
    const { token: tokens, ...rest } = message
    if (Buffer.byteLength(JSON.stringify(rest)) > messageBytesMax)
      return say(answer, 400, 80300008, 'message too long')
    const illegal = tokens.filter((token: string) => !this.tokens.has(token))
    if (illegal.length === tokens.length) return say(answer, 200, 80300007, `all invalid ${illegal}`)
    this.taken.push(message)
    say(answer, 200, 80000000, 'Success')
  }
}

/** A code with 200 or another status, as Push Kit words it. */
export const saying =
  (status: number, code: number, msg: unknown = 'x', headers: Record<string, string> = {}): HttpReply =>
  answer =>
    send(
      answer,
      status,
      { code: String(code), msg: typeof msg === 'string' ? msg : JSON.stringify(msg), requestId: '157' },
      headers,
    )

function say(answer: HttpAnswer, status: number, code: number, msg: string): void {
  send(answer, status, { code: String(code), msg, requestId: '15774' })
}

function refuse(answer: HttpAnswer, sub: number, words: string): void {
  send(answer, 400, { error: 1101, sub_error: sub, error_description: `invalid ${words}` })
}

/** The mandatory members and the forms that the reference gives. */
function faultIn({ data, android, token, ...others }: any): string | undefined {
  if (Object.keys(others).some(name => name !== 'notification')) return 'unknown member'
  if (!Array.isArray(token) || token.length < 1 || token.length > 1_000) return 'token'
  if (data !== undefined && typeof data !== 'string') return 'data is text'
  if (!/^\d+s$/.test(android?.ttl ?? '86400s') || Number.parseInt(android?.ttl ?? '0', 10) > 1_296_000)
    return 'ttl'
  const { collapse_key = -1, urgency = 'NORMAL' } = android ?? {}
  if (!Number.isInteger(collapse_key) || collapse_key < -1 || collapse_key > 100) return 'collapse_key'
  if (!['HIGH', 'NORMAL'].includes(urgency)) return 'urgency'
  const shown = android?.notification
  return shown === undefined ? (data === undefined ? 'nothing' : undefined) : faultInShown(shown)
}

function faultInShown(shown: any): string | undefined {
  const { title, body, click_action, importance = 'NORMAL', style = 0, big_title, big_body } = shown
  if (typeof title !== 'string' || title === '' || typeof body !== 'string' || body === '')
    return 'title or body'
  if (!['LOW', 'NORMAL'].includes(importance)) return 'importance'
  if (![1, 2, 3].includes(click_action?.type)) return 'click_action'
  if (click_action.type === 1 && !click_action.intent && !click_action.action) return 'intent or action'
  if (click_action.type === 2 && !/^https:/.test(click_action.url)) return 'url'
  if (style === 1 && !(big_title && big_body)) return 'big_title'
  if (style === 3 && !(shown.inbox_content?.length <= 5)) return 'inbox_content'
  if (shown.image !== undefined && !/^https:/.test(shown.image)) return 'image'
  if (shown.sound !== undefined && !/^\/raw\/\w+$/.test(shown.sound)) return 'sound'
  const { add_num = 1, set_num = 0 } = shown.badge ?? {}
  if (shown.badge && !shown.badge.class) return 'badge class'
  return add_num > 0 && add_num < 100 && set_num >= 0 && set_num < 100 ? undefined : 'badge'
}
