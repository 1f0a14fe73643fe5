// Rows for requests that cannot be read, each in the words of all doors: the cause is the same bytes to another path.
import { basic, type Received } from '../http-client.ts'
import { RawConnection } from '../raw-connection.ts'
import { borrow } from './lent-servers.ts'
import { easemobError, jpushError, neutralError, type Proof, type Stage } from './proof.ts'

interface Door {
  readonly dialect: Proof['dialect']
  readonly family?: string
  readonly path: string
}

const doors: readonly Door[] = [
  { dialect: 'easemob', path: '/demo/chat/users' },
  { dialect: 'jpush', path: '/v3/push' },
  { dialect: 'jpush', family: 'report', path: '/v3/received' },
  { dialect: 'jpush', family: 'device', path: '/v3/devices/x' },
  { dialect: 'jpush', family: 'schedule', path: '/v3/schedules' },
  { dialect: 'jpush', family: 'admin', path: '/v1/app' },
  { dialect: 'neutral', path: '/admin/v1/apps' },
]

/** The code of an illegal parameter in each JPush API. */
const illegal: Readonly<Record<string, number>> = {
  push: 1003,
  report: 3002,
  device: 7002,
  schedule: 8100,
  admin: 4003,
}

interface Unreadable {
  readonly failure: Proof['failure']
  readonly title: string
  readonly bytes: (path: string, stage: Stage) => string
  readonly easemob: readonly [status: number, error: string, text: string]
  readonly jpush: string
  readonly neutral: readonly [status: number, text: string]
  /** A server with other limits. */
  readonly env?: Record<string, string>
}

const illegalArgument = 'java.lang.IllegalArgumentException'

const rows: readonly Unreadable[] = [
  {
    failure: 'http_malformed',
    title: 'a length beside a transfer coding is refused',
    bytes: path =>
      `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    easemob: [400, 'illegal_argument', 'The request is not well-formed HTTP'],
    jpush: 'The request is not well-formed HTTP',
    neutral: [400, 'The request is not well-formed HTTP'],
  },
  {
    failure: 'transfer_coding_unknown',
    title: 'a transfer coding nobody knows is refused',
    bytes: path => `POST ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: brotli\r\n\r\n0\r\n\r\n`,
    easemob: [501, 'not_implemented', 'Transfer coding not implemented'],
    jpush: 'The transfer coding is not supported',
    neutral: [501, 'The transfer coding is not supported'],
  },
  {
    failure: 'host_invalid',
    title: 'a request without a Host is refused',
    bytes: path => `GET ${path} HTTP/1.1\r\n\r\n`,
    easemob: [400, 'illegal_argument', 'The Host header is missing or not valid'],
    jpush: 'The Host header is missing or not valid',
    neutral: [400, 'The Host header is missing or not valid'],
  },
  {
    failure: 'http_version_unsupported',
    title: 'HTTP/2.0 in a request line is refused',
    bytes: path => `GET ${path} HTTP/2.0\r\nHost: a\r\n\r\n`,
    easemob: [400, 'illegal_argument', 'The HTTP version is not supported'],
    jpush: 'The HTTP version is not supported',
    neutral: [505, 'The HTTP version is not supported'],
  },
  {
    failure: 'head_too_large',
    title: 'a header of 20 KB is refused',
    bytes: path => `GET ${path} HTTP/1.1\r\nHost: a\r\nX-A: ${'x'.repeat(20_480)}\r\n\r\n`,
    easemob: [400, 'illegal_argument', 'The request line or the headers are too large'],
    jpush: 'The request line or the headers are too large',
    neutral: [431, 'The request line or the headers are too large'],
  },
  {
    failure: 'target_invalid',
    title: 'a percent sign that encodes nothing is refused',
    bytes: path => `GET ${path}/%zz HTTP/1.1\r\nHost: a\r\n\r\n`,
    easemob: [400, 'illegal_argument', 'The request target is not valid'],
    jpush: 'The request target is not valid',
    neutral: [400, 'The request target is not valid'],
  },
  {
    failure: 'header_repeated',
    title: 'two Authorization headers are refused',
    bytes: path =>
      `GET ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Basic eDp5\r\nAuthorization: Basic eDp6\r\n\r\n`,
    easemob: [400, 'illegal_argument', 'The header Authorization may occur only once'],
    jpush: 'The header Authorization may occur only once',
    neutral: [400, 'The header Authorization may occur only once'],
  },
  {
    failure: 'expectation_unknown',
    title: 'an expectation other than 100-continue is refused',
    bytes: path => `GET ${path} HTTP/1.1\r\nHost: a\r\nExpect: banana\r\n\r\n`,
    easemob: [400, 'illegal_argument', 'The Expect header is not supported'],
    jpush: 'The Expect header is not supported',
    neutral: [417, 'The Expect header is not supported'],
  },
]

async function sendBytes(httpBase: string, bytes: string): Promise<Received> {
  const connection = await RawConnection.open(httpBase)
  await connection.send(bytes)
  const answer = await connection.next()
  connection.destroy()
  return answer
}

const bodyOf = ({ easemob, jpush, neutral, failure }: Unreadable, { dialect, family = 'push' }: Door) => {
  if (dialect === 'jpush') return { status: 400, body: jpushError(illegal[family]!, jpush) }
  if (dialect === 'neutral') return { status: neutral[0], body: neutralError(failure, neutral[1]) }
  const [status, error, text] = easemob
  return { status, body: easemobError(error, status === 400 ? illegalArgument : undefined, text) }
}

const readable = rows.flatMap(row =>
  doors.map(
    (door): Proof => ({
      failure: row.failure,
      dialect: door.dialect,
      ...(door.family && { family: door.family }),
      title: `${row.title}${door.family ? `, also in the ${door.family} API` : ''}`,
      provoke: stage => sendBytes(stage.app.http, row.bytes(door.path, stage)),
      headers: { 'X-Request-Id': /^[\w-]+$/ },
      ...bodyOf(row, door),
    }),
  ),
)

/** A body that stops half-way, from a caller who may call. */
const stopsHalfWay =
  (path: string, authorization: (stage: Stage) => string) =>
  async (stage: Stage): Promise<Received> => {
    const app = await borrow({
      POSTHOUSE_REQUEST_TIMEOUT_MS: '300',
      POSTHOUSE_CONNECTIONS_CHECK_MS: '20',
    })
    const credentials = authorization({ ...stage, app })
    return sendBytes(
      app.http,
      `POST ${path} HTTP/1.1\r\nHost: a\r\n${credentials}Content-Length: 100\r\n\r\n{`,
    )
  }

const basicOf = ({ app }: Stage) => `Authorization: ${basic(app.demo.app_key, app.demo.master_secret)}\r\n`

const slow: readonly Proof[] = [
  {
    failure: 'request_timeout',
    dialect: 'easemob',
    title: 'a body that stops half-way answers 408 and ends the connection',
    provoke: stopsHalfWay('/demo/chat/users', () => ''),
    status: 408,
    headers: { Connection: 'close' },
    body: easemobError('request_timeout', undefined, 'Request Timeout'),
  },
  {
    failure: 'request_timeout',
    dialect: 'jpush',
    title: 'a body that stops half-way answers 408 and ends the connection',
    provoke: stopsHalfWay('/v3/push', basicOf),
    status: 408,
    headers: { Connection: 'close', 'X-Rate-Limit-Remaining': '599' },
    body: jpushError(9408, 'The request did not arrive in time'),
  },
  {
    failure: 'request_timeout',
    dialect: 'neutral',
    title: 'a body that stops half-way answers 408 and ends the connection',
    provoke: stopsHalfWay(
      '/admin/v1/apps',
      ({ app }) => `Authorization: Bearer ${app.runtime.admin_token}\r\n`,
    ),
    status: 408,
    headers: { Connection: 'close' },
    body: neutralError('request_timeout', 'The request did not arrive in time'),
  },
]

const query: readonly Proof[] = [
  {
    failure: 'query_invalid',
    dialect: 'easemob',
    title: 'a query parameter given twice answers 400 illegal_argument',
    provoke: askTwice('/demo/chat/users?limit=1&limit=2', 'token'),
    status: 400,
    body: easemobError('illegal_argument', illegalArgument, 'The query parameter limit is not valid'),
  },
  {
    failure: 'query_invalid',
    dialect: 'jpush',
    title: 'a query parameter given twice answers 400/1003',
    provoke: askTwice('/v3/push/cid?count=1&count=2', 'key'),
    status: 400,
    body: jpushError(1003, 'The query parameter count is not valid'),
  },
  {
    failure: 'query_invalid',
    dialect: 'jpush',
    family: 'report',
    title: 'a query parameter given twice answers 400/3002',
    provoke: askTwice('/v3/received?msg_ids=1&msg_ids=2', 'key'),
    status: 400,
    body: jpushError(3002, 'The query parameter msg_ids is not valid'),
  },
  {
    failure: 'query_invalid',
    dialect: 'jpush',
    family: 'device',
    title: 'a query parameter given twice answers 400/7002',
    provoke: askTwice('/v3/aliases/a?platform=android&platform=ios', 'key'),
    status: 400,
    body: jpushError(7002, 'The query parameter platform is not valid'),
  },
  {
    failure: 'query_invalid',
    dialect: 'jpush',
    family: 'schedule',
    title: 'a query parameter given twice answers 400/8100',
    provoke: askTwice('/v3/schedules?page=1&page=2', 'key'),
    status: 400,
    body: jpushError(8100, 'The query parameter page is not valid'),
  },
]

function askTwice(target: string, as: 'token' | 'key') {
  return async (stage: Stage): Promise<Received> => {
    const app = await stage.makeApp()
    const authorization = as === 'key' ? app.basic : await app.bearer()
    const path = target.replace('/demo/chat', `/${app.org}/${app.app}`)
    return sendBytes(
      stage.app.http,
      `GET ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n\r\n`,
    )
  }
}

export const proofs: readonly Proof[] = [...readable, ...slow, ...query]
