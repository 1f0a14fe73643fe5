// The outbox of a running service for people elsewhere: a handler to mount in the service's own HTTP server. It answers
// JSON only, and nobody without the token. No CORS: a browser's page of another origin has no business here.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Desk } from './desk.ts'
import { checkBody, ShapeError } from './handler-shapes.ts'
import { bodyBytesMax, type Name, type Protocol } from './protocol.ts'

/** Who is let in, where, and with how much. */
export type HandlerOptions = {
  /** Where it is mounted, such as `/outbox`; default `/`, for a framework that takes the place off the path. */
  readonly path?: string
  /** Of a request's body; default 4 MiB. A longer one is answered 413. */
  readonly bytesMax?: number
  /** Of a database that fails: the answer does not say. */
  readonly onError?: (error: unknown) => void
} & (
  | {
      /** At least 16 characters, to be sent as `Authorization: Bearer …`. */
      readonly token: string
      readonly authorize?: undefined
    }
  | {
      /** @returns whether to let in; a name is who does it, whatever the request says */
      readonly authorize: (request: Request) => boolean | string | Promise<boolean | string>
      readonly token?: undefined
    }
)

type Ask<N extends Name> = (desk: Desk, asked: Protocol[N]['asked']) => Promise<Protocol[N]['answered']>

const calls: { readonly [N in Name]: Ask<N> } = {
  look: async (desk, { itemId }) => ({ look: (await desk.look(itemId)) ?? null }),
  list: async (desk, { filter, count, after }) => ({ items: await desk.list(filter, count, after) }),
  count: async (desk, { filter }) => ({ counts: await desk.count(filter) }),
  audits: async (desk, { filter, count, after }) => ({ audits: await desk.audits(filter, count, after) }),
  resend: async (desk, { targets, options }) => ({ results: await desk.resend(targets, options) }),
  cancel: async (desk, { targets, options }) => ({ results: await desk.cancel(targets, options) }),
  undo: async (desk, { actionId, targets, options }) => ({
    results: await desk.undo(actionId, targets, options),
  }),
  edit: async (desk, { target, content, options }) => ({ result: await desk.edit(target, content, options) }),
  import: (desk, { items, options }) => desk.import(items, options),
}

/**
 * @param outbox an `Outbox`, or whatever has its `desk` @returns a handler of `fetch`'s shape; `toNodeListener` makes one
 * for `node:http` of it @throws TypeError for a token that can be guessed
 */
export function outboxHandler(
  { desk }: { readonly desk: Desk },
  options: HandlerOptions,
): (request: Request) => Promise<Response> {
  const { bytesMax = bodyBytesMax, path = '/' } = options
  const prefix = path.replace(/\/*$/, '/')
  const authorize = options.authorize ?? authorizeBy(options.token!)
  const run = async (request: Request): Promise<Response> => {
    const who = await authorize(request)
    if (!who) return refusal(401, 'unauthorised', 'the token is missing or wrong')
    const { pathname } = new URL(request.url)
    const name = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : ''
    if (!Object.hasOwn(calls, name)) return refusal(404, 'not_found', 'an outbox has no such call')
    if (request.method !== 'POST')
      return refusal(405, 'method_not_allowed', 'each call is a POST', { Allow: 'POST' })
    const text = await readBody(request, bytesMax)
    if (text === undefined) return refusal(413, 'body_too_large', `at most ${bytesMax} bytes`)
    const asked = parse(text)
    checkBody(name as Name, asked)
    if (typeof who === 'string' && asked.options) asked.options.by = who
    return json(200, await (calls[name as Name] as Ask<Name>)(desk, asked as never))
  }
  return async request => {
    try {
      return await run(request)
    } catch (error) {
      if (error instanceof ShapeError) return refusal(400, 'body_invalid', error.message)
      options.onError?.(error)
      return refusal(500, 'outbox_failed', 'the outbox cannot be read or written')
    }
  }
}

function authorizeBy(token: string): (request: Request) => boolean {
  if (typeof token !== 'string' || token.length < 16)
    throw new TypeError('the token has at least 16 characters: who has it can send in your name')
  const wanted = hash(`Bearer ${token}`)
  // Hashes are of one length: how long the comparison takes tells nothing.
  return ({ headers }) => timingSafeEqual(hash(headers.get('authorization') ?? ''), wanted)
}

function hash(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}

/** @returns undefined: it is longer */
async function readBody(request: Request, bytesMax: number): Promise<string | undefined> {
  if (Number(request.headers.get('content-length')) > bytesMax) return undefined
  const reader = request.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  for (;;) {
    const { done, value } = (await reader?.read().catch(broken)) ?? { done: true, value: undefined }
    if (done || !value) return text + decoder.decode()
    length += value.length
    if (length > bytesMax) {
      await reader?.cancel().catch(() => {})
      return undefined
    }
    text += decoder.decode(value, { stream: true })
  }
}

function broken(): never {
  throw new ShapeError('the body ended before it was whole')
}

/** @throws ShapeError */
function parse(text: string): { options?: { by?: string } } {
  try {
    return JSON.parse(text)
  } catch {
    throw new ShapeError('the body is not JSON')
  }
}

function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...headers,
    },
  })
}

function refusal(
  status: number,
  id: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const asks = status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}
  return json(status, { error: { id, message } }, { ...asks, ...headers })
}
