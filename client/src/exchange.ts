// One request and what came of it, by `fetch`, whatever came: nothing here throws.

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | FormData | URLSearchParams
}

/** Why there is no whole answer. Only after `not_connected` and `untrusted` is it certain that nothing was executed. */
export type Break =
  | 'not_connected' // no server was reached: DNS, refused, unreachable
  | 'untrusted' // its certificate is not
  | 'stale' // a connection that had served before was closed under the request
  | 'reset' // the connection broke
  | 'timeout'
  | 'cancelled'
  | 'cut' // an answer began, and did not end

export type Exchange =
  | {
      readonly is: 'answer'
      readonly status: number
      readonly headers: Headers
      /** Empty where a file was asked for and came. */
      readonly text: string
      /** The file that was asked for. */
      readonly bytes?: Uint8Array<ArrayBuffer>
      /** How much was read, in bytes. */
      readonly size: number
      /** Longer than what is read of an answer: this is its beginning. */
      readonly isOversize: boolean
    }
  | {
      readonly is: 'broken'
      readonly why: Break
      readonly detail: string
      readonly status?: number
      /** It was given up before anything was sent. */
      readonly isUnsent?: boolean
    }

export interface ExchangeOptions {
  readonly fetch: typeof fetch
  /** To the last byte of the answer. */
  readonly timeoutMs: number
  /** Whether a success is a file. */
  readonly isFile?: boolean
  /** Read of a success, of one that is a file, and of anything else. */
  readonly bytesMax: { readonly success: number; readonly file: number; readonly error: number }
  readonly signal?: AbortSignal | undefined
}

const decoder = new TextDecoder()

export async function exchange(request: HttpRequest, options: ExchangeOptions): Promise<Exchange> {
  const aborter = new AbortController()
  let why: 'timeout' | 'cancelled' = 'timeout'
  const cancel = () => {
    why = 'cancelled'
    aborter.abort()
  }
  if (options.signal?.aborted)
    return { is: 'broken', why: 'cancelled', detail: 'cancelled before it was sent', isUnsent: true }
  options.signal?.addEventListener('abort', cancel)
  const timer = setTimeout(() => aborter.abort(), options.timeoutMs)
  let status: number | undefined
  try {
    const { method, headers, body } = request
    const response = await options.fetch(request.url, {
      method,
      headers,
      ...(body !== undefined && { body }),
      // A captive portal's login page is no answer; following it would send it the credentials.
      redirect: 'manual',
      signal: aborter.signal,
    })
    // A browser hides where to, and the status.
    status = response.type === 'opaqueredirect' ? 302 : response.status
    const kind = !response.ok ? 'error' : options.isFile ? 'file' : 'success'
    const { bytes, isOversize } = await read(response, options.bytesMax[kind])
    const content = kind === 'file' ? { text: '', bytes } : { text: decoder.decode(bytes) }
    return { is: 'answer', status, headers: response.headers, ...content, size: bytes.length, isOversize }
  } catch (error) {
    const detail = detailOf(error)
    if (aborter.signal.aborted) return { is: 'broken', why, detail, ...(status && { status }) }
    if (status !== undefined) return { is: 'broken', why: 'cut', detail, status }
    return { is: 'broken', why: breakOf(error), detail }
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', cancel)
  }
}

/** At most `bytesMax`; the rest is not waited for. */
async function read(
  response: Response,
  bytesMax: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; isOversize: boolean }> {
  const reader = response.body?.getReader()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let left = bytesMax
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done || !value) return { bytes: joined(chunks), isOversize: false }
    chunks.push(value.subarray(0, left))
    left -= value.length
    if (left < 0) {
      await reader?.cancel().catch(() => {})
      return { bytes: joined(chunks), isOversize: true }
    }
  }
}

function joined(chunks: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  if (chunks.length === 1) return chunks[0]!
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** Looking up a name, by the system or by a resolver: no connection was there yet. */
const nameCall = /^(?:getaddrinfo|query)/
const notConnected =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EAI_FAIL|ENODATA|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|FailedToOpenSocket)$/
const untrusted =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|HOSTNAME_MISMATCH|INVALID_CA|ERR_SSL_)/

/** Deno has words where others have codes. */
const untrustedWords = /invalid peer certificate/
const notConnectedWords = /client error \(Connect\)/

/** By what the runtime says; where it says nothing, as browsers do, the request may have been executed. */
function breakOf(error: unknown): Break {
  const causes = causesOf(error)
  const codes = causes.map(({ code }) => code).filter(code => typeof code === 'string')
  const words = codes.length > 0 ? '' : causes.map(({ message }) => String(message)).join(' ')
  if (codes.some(code => untrusted.test(code)) || untrustedWords.test(words)) return 'untrusted'
  // Of several addresses each has failed, or one of them has been reached.
  if (codes.length > 0 && codes.every(code => notConnected.test(code))) return 'not_connected'
  if (notConnectedWords.test(words)) return 'not_connected'
  if (
    causes.some(
      ({ code, syscall }) =>
        nameCall.test(String(syscall)) || (code === 'ETIMEDOUT' && syscall === 'connect'),
    )
  )
    return 'not_connected'
  const { socket } = causes.find(cause => cause.socket) ?? {}
  return socket && (socket.bytesRead ?? 0) > 0 ? 'stale' : 'reset'
}

interface Cause {
  readonly code?: unknown
  readonly syscall?: unknown
  /** Of the runtime's own client: what the connection had carried. */
  readonly socket?: { readonly bytesRead?: number }
  readonly cause?: unknown
  readonly errors?: unknown
  readonly message?: unknown
}

/** The error, what caused it, and each of several that did: `fetch failed` alone tells nothing. */
function causesOf(error: unknown, depth = 0): readonly Cause[] {
  if (typeof error !== 'object' || error === null || depth > 4) return []
  const { cause, errors } = error as Cause
  const inner = Array.isArray(errors) ? errors : cause === undefined ? [] : [cause]
  // Where others caused it, its own code only repeats theirs.
  return [...(inner.length > 0 ? [] : [error as Cause]), ...inner.flatMap(one => causesOf(one, depth + 1))]
}

function detailOf(error: unknown): string {
  const words = causesOf(error).map(({ code, message }) =>
    [code, message].filter(part => typeof part === 'string'),
  )
  return [...new Set(words.flat())].join(' ').slice(0, 200) || String(error).slice(0, 200)
}
