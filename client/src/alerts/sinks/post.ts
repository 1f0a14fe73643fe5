// One request to a webhook, and what it says of the message. Its address is a secret: it stands in no error.
import { exchange } from '../../exchange.ts'
import { objectOf } from '../../json.ts'
import { askedWait } from '../../waits.ts'
import { type SinkContext, SinkError } from '../alert.ts'

export interface WebhookOptions {
  /** Default what kind of sink it is. */
  readonly name?: string
  readonly severities?: readonly ('page' | 'ticket')[]
  /** With the key that it was given with. */
  readonly url: string
  readonly fetch?: typeof fetch
}

export interface Posted {
  readonly url: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: typeof fetch | undefined
}

export interface Reply {
  readonly status: number
  readonly text: string
  /** Empty where it is none. */
  readonly json: Readonly<Record<string, unknown>>
  /** How long it asks to wait; 0: it does not. */
  readonly retryAfterMs: number
}

const timeoutMs = 10_000
const bytesMax = { success: 65_536, file: 0, error: 65_536 }
const detailCharsMax = 200
/** A limit counted by the minute is over then. */
const limitMs = 60_000

/** @throws TypeError for what is no http or https address; it does not repeat it */
export function checkUrl(name: string, url: string): void {
  let protocol = ''
  try {
    protocol = new URL(url).protocol
  } catch {
    // Its own error repeats the address.
  }
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new TypeError(`the address of the sink ${name} is no http or https address`)
}

/** @throws SinkError where no answer came, or a redirect: a login page is no receiver */
export async function post(
  { url, body, headers, fetch: given }: Posted,
  { signal, now }: SinkContext,
): Promise<Reply> {
  const request = {
    method: 'POST',
    url,
    body,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
  }
  const own = given ?? ((input, init) => fetch(input, init))
  const seen = await exchange(request, { fetch: own, timeoutMs, bytesMax, signal })
  if (seen.is === 'broken') throw new SinkError(scrub(`no answer: ${seen.why} ${seen.detail}`, url))
  const { status, text } = seen
  return {
    status,
    text,
    json: readObject(text),
    retryAfterMs: askedWait(seen.headers, now, status === 429) ?? 0,
  }
}

/** What a status alone says. @throws SinkError unless it is a success */
export function checkStatus({ status, text, retryAfterMs }: Reply, url: string): void {
  if (status >= 200 && status < 300) return
  const mayPass = status === 408 || status === 425 || status === 429 || status >= 500
  throw new SinkError(scrub(`${status} ${text}`, url), { isFinal: !mayPass, retryAfterMs })
}

/** For vendors that answer failures under 200, with a code of theirs. @param passing those after which it may be tried again */
export function checkCode(
  { json, text, status }: Reply,
  url: string,
  { code, passing }: { readonly code: unknown; readonly passing: readonly number[] },
): void {
  if (code === 0) return
  if (typeof code !== 'number')
    throw new SinkError(scrub(`${status} with no answer of the vendor: ${text}`, url))
  const said = json.errmsg ?? json.msg ?? ''
  const mayPass = passing.includes(code)
  throw new SinkError(scrub(`${code} ${said}`, url), {
    isFinal: !mayPass,
    retryAfterMs: mayPass ? limitMs : 0,
  })
}

function readObject(text: string): Reply['json'] {
  try {
    return objectOf(JSON.parse(text)) ?? {}
  } catch {
    return {}
  }
}

/** Whatever repeats the address, or a part of it that could be its key. */
function scrub(text: string, url: string): string {
  const { pathname, search, searchParams } = new URL(url)
  const parts = [url, ...searchParams.values(), search.slice(1), ...pathname.split('/')]
  return parts
    .filter(part => part.length >= 8)
    .sort((one, other) => other.length - one.length)
    .reduce((left, part) => left.replaceAll(part, '***'), text)
    .replace(/\s+/g, ' ')
    .slice(0, detailCharsMax)
}
