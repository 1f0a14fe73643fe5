// Rows for the server's own trouble, each brought about for real: a core stopped, frozen, late, draining, swamped, a
// full database, a broken one.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { formatTime } from '../../src/lib/zone-time.ts'
import { type Received, send } from '../http-client.ts'
import { callerOf, type ServerCaller } from '../server-caller.ts'
import type { TestApp } from '../start-app.ts'
import { until } from '../until.ts'
import { borrow } from './lent-servers.ts'
import { easemobError, jpushError, neutralError, type Proof, type Stage } from './proof.ts'

type Call = (caller: ServerCaller) => Promise<Received>

const waiting: Readonly<Record<string, Call>> = {
  easemob: caller => caller.easemob('GET', '/users'),
  jpush: caller => caller.jpush('GET', '/v3/push/cid?count=1'),
  device: caller => caller.jpush('GET', '/v3/devices/x'),
  schedule: caller => caller.jpush('GET', '/v3/schedules'),
  neutral: caller => caller.admin('GET', '/apps'),
}

/** A server whose Easemob token has been got, so that the next call of any dialect is one call. */
async function start(
  stage: Stage,
  env: Record<string, string> = {},
): Promise<{ app: TestApp; caller: ServerCaller }> {
  const app = await stage.start(env)
  const caller = callerOf(app.runtime)
  await caller.easemob('GET', '/users')
  return { app, caller }
}

/** A lent server; its token has been got too. */
async function borrowCaller(env: Record<string, string>): Promise<ServerCaller> {
  const caller = callerOf((await borrow(env)).runtime)
  await caller.easemob('GET', '/users')
  return caller
}

const setCore = (caller: ServerCaller, state: string) => caller.admin('PUT', '/core', { state })

/** A call while the core is in this state. */
const inState =
  (state: string, call: Call, env: Record<string, string> = {}) =>
  async (): Promise<Received> => {
    const caller = await borrowCaller(env)
    await setCore(caller, state)
    const answer = await call(caller)
    await setCore(caller, 'running')
    return answer
  }

/** Resolves when a call waits for the core: one on its way is not yet late, and takes nobody's place. */
async function untilOneWaits({ http }: ServerCaller): Promise<void> {
  await until(async () => {
    const { text } = await send(`${http}/metrics`)
    return /^posthouse_core_calls_in_flight [1-9]/m.test(text)
  })
}

/** A call that the frozen core comes to after its own deadline. */
const late = (call: Call) => async (): Promise<Received> => {
  // Long enough for what a server asks of its core while it starts, on a busy machine too.
  const deadlineMs = 500
  const caller = await borrowCaller({ POSTHOUSE_CORE_DEADLINE_MS: String(deadlineMs) })
  await setCore(caller, 'frozen')
  const answer = call(caller)
  await untilOneWaits(caller)
  const waitsSince = performance.now()
  await until(async () => performance.now() - waitsSince >= deadlineMs + 100)
  await setCore(caller, 'running')
  return answer
}

/** A call beside one that has taken the only place. */
const swamped = (call: Call) => async (): Promise<Received> => {
  const caller = await borrowCaller({ POSTHOUSE_IN_FLIGHT_MAX: '1' })
  await setCore(caller, 'frozen')
  const first = caller.jpush('GET', '/v3/push/cid?count=1')
  await untilOneWaits(caller)
  const answer = await call(caller)
  await setCore(caller, 'running')
  await first
  return answer
}

/** A call to a gateway that is stopping, and waits for the one before. */
const stopping =
  (call: Call) =>
  async (stage: Stage): Promise<Received> => {
    const { app, caller } = await start(stage)
    await setCore(caller, 'frozen')
    const first = caller.jpush('GET', '/v3/push/cid?count=1')
    await caller.admin('GET', '/core')
    const closed = app.close()
    const answer = await call(caller)
    await app.link.control('running')
    await Promise.all([first, closed])
    return answer
  }

const message: Call = ({ easemob }) =>
  easemob('POST', '/messages/users', {
    from: 'ann',
    to: ['ann'],
    type: 'txt',
    body: { msg: 'x'.repeat(4_000) },
  })

async function callUntilRefused(call: (count: number) => Promise<Received>): Promise<Received> {
  for (let count = 0; count < 5_000; count++) {
    const answer = await call(count)
    if (answer.status !== 200) return answer
  }
  throw new Error('never refused')
}

/** A call to a server whose database messages have filled: the last pages take a few small things more. */
const whenFull =
  (call: (caller: ServerCaller, count: number, rid: string) => Promise<Received>, bytesMax = 1_048_576) =>
  async (): Promise<Received> => {
    const caller = await borrowCaller({ POSTHOUSE_DATABASE_BYTES_MAX: String(bytesMax) })
    // Both are done by the first of these proofs, and may be refused to the next: its database is full already.
    await registerAnn(caller)
    const rid = await caller.device()
    await callUntilRefused(() => message(caller))
    return callUntilRefused(count => call(caller, count, rid))
  }

const tags = (count: number) =>
  Array.from({ length: 25 }, (_, index) => `${count}_${index}`.padStart(40, 't'))

function tomorrow(): object {
  const time = formatTime(Date.now() + 86_400_000, 480)
  return { name: 'digest', enabled: true, trigger: { single: { time } }, push: pushToAll }
}

/** A call to a server whose database has lost a table; `before` is done while it had it. */
const without =
  (table: string, call: (caller: ServerCaller, made: string) => Promise<Received>, before?: Prepare) =>
  async (stage: Stage): Promise<Received> => {
    const { app, caller } = await start(stage)
    const made = (await before?.(caller)) ?? ''
    // The core goes on meanwhile, and may be writing.
    const database = new DatabaseSync(join(app.dataDir, 'posthouse.db'), { timeout: 10_000 })
    database.exec(`DROP TABLE ${table}`)
    database.close()
    return call(caller, made)
  }

type Prepare = (caller: ServerCaller) => Promise<string>

const pushToAll = { platform: 'all', audience: 'all', notification: { alert: 'x' } }

const push: Prepare = async ({ device, jpush }) => {
  await device()
  return (await jpush('POST', '/v3/push', pushToAll)).json.msg_id
}

const registerAnn: Prepare = async ({ easemob }) =>
  (await easemob('POST', '/users', { username: 'ann', password: 'pw' })).text

/** The call after the one that the node takes in a second. */
const second =
  (path: string) =>
  async (stage: Stage): Promise<Received> => {
    const app = await stage.start({ POSTHOUSE_CALLS_PER_SECOND_MAX: '1' })
    const { jpush } = callerOf(app.runtime)
    await jpush('GET', path)
    return jpush('GET', path)
  }

const unavailable = (text: string) => easemobError('service_unavailable', undefined, text)

export const proofs: readonly Proof[] = [
  ...inEachDialect('core_gone', 'a core that is stopped answers 502', call => inState('stopped', call), 502, {
    easemob: easemobError('bad_gateway', undefined, 'Bad Gateway'),
    jpush: jpushError(9502, 'The business server is offline or upgrading, please try again later'),
    neutral: neutralError('core_gone', 'The core is down or restarting'),
  }),
  ...inEachDialect(
    'core_silent',
    'a core that does not answer in time answers 504',
    call => inState('frozen', call, { POSTHOUSE_GATEWAY_DEADLINE_MS: '200' }),
    504,
    {
      easemob: easemobError('gateway_timeout', undefined, 'Gateway Timeout'),
      jpush: jpushError(
        9504,
        'The server is running, but it cannot respond to the request, please try again later',
      ),
      neutral: neutralError('core_silent', 'The core did not answer in time'),
    },
  ),
  ...inEachDialect('core_deadline_passed', 'a core past its own deadline answers 503', late, 503, {
    easemob: unavailable('Service Unavailable: the request was not finished in time'),
    jpush: jpushError(1030, 'Internal service timeout'),
    device: jpushError(7030, 'Internal service timeout'),
    schedule: jpushError(8203, 'Execute action timeout, please try later again'),
    neutral: neutralError('core_deadline_passed', 'The request was not finished in time'),
  }),
  ...inEachDialect('core_draining', 'a server that is stopping answers 503', stopping, 503, {
    easemob: unavailable('Service Unavailable: the server is shutting down'),
    jpush: jpushError(1030, 'The server is shutting down, please try again later'),
    device: jpushError(7030, 'The server is shutting down, please try again later'),
    schedule: jpushError(8203, 'The server is shutting down, please try again later'),
  }),
  {
    failure: 'core_draining',
    dialect: 'neutral',
    title: 'a server that is stopping answers 503',
    provoke: stopping(({ http }) => send(`${http}/readyz`)),
    status: 503,
    headers: { 'Retry-After': '30', Connection: 'close' },
    body: neutralError('core_draining', 'The server is shutting down'),
  },
  ...inEachDialect('core_overloaded', 'more calls than the core may have in hand answer 503', swamped, 503, {
    easemob: unavailable('Service Unavailable: the server is busy'),
    jpush: jpushError(1030, 'The server is busy, please try again later'),
    device: jpushError(7030, 'System busy, please retry later'),
    schedule: jpushError(8203, 'The server is busy, please try again later'),
    neutral: neutralError('core_overloaded', 'The server is busy'),
  }),
  {
    failure: 'store_unavailable',
    dialect: 'easemob',
    title: 'a full database answers 503',
    provoke: whenFull(message),
    status: 503,
    headers: { 'Retry-After': /^\d+$/ },
    body: unavailable('Service Unavailable'),
  },
  {
    failure: 'store_unavailable',
    dialect: 'jpush',
    title: 'a full database answers 503/1030',
    provoke: whenFull(({ jpush }) => jpush('POST', '/v3/push', pushToAll)),
    status: 503,
    headers: { 'Retry-After': /^\d+$/ },
    body: jpushError(1030, 'The server could not respond to the request, please try again later'),
  },
  {
    failure: 'store_unavailable',
    dialect: 'jpush',
    family: 'device',
    title: 'a full database answers 503/7030',
    provoke: whenFull(
      ({ jpush }, count, rid) => jpush('POST', `/v3/devices/${rid}`, { tags: { add: tags(count) } }),
      // One of its own: where the database is full already, no device registers.
      1_048_577,
    ),
    status: 503,
    headers: { 'Retry-After': /^\d+$/ },
    body: jpushError(7030, 'The server could not respond to the request, please try again later'),
  },
  {
    failure: 'store_unavailable',
    dialect: 'jpush',
    family: 'schedule',
    title: 'a full database answers 503/8203',
    provoke: whenFull(({ jpush }) => jpush('POST', '/v3/schedules', tomorrow())),
    status: 503,
    headers: { 'Retry-After': /^\d+$/ },
    body: jpushError(8203, 'The server could not respond to the request, please try again later'),
  },
  {
    failure: 'store_unavailable',
    dialect: 'neutral',
    title: 'a full database answers 503',
    provoke: whenFull(({ admin }, count) => admin('POST', '/apps', { org: 'full', app: `a${count}` })),
    status: 503,
    headers: { 'Retry-After': /^\d+$/ },
    body: neutralError('store_unavailable', 'The storage is not available'),
  },
  {
    failure: 'internal',
    dialect: 'easemob',
    title: 'an exception inside the server answers 500',
    provoke: without(
      'group_members',
      ({ easemob }) => easemob('GET', '/users/ann/joined_chatgroups'),
      registerAnn,
    ),
    status: 500,
    headers: { 'Retry-After': null },
    body: easemobError('internal_server_error', undefined, 'Internal Server Error'),
  },
  {
    failure: 'internal',
    dialect: 'jpush',
    title: 'an exception inside the server answers 500/1000',
    provoke: without('devices', ({ jpush }) =>
      jpush('POST', '/v3/push', { ...pushToAll, audience: { alias: ['a'] } }),
    ),
    status: 500,
    body: jpushError(1000, 'System internal error'),
  },
  {
    failure: 'internal',
    dialect: 'jpush',
    family: 'report',
    title: 'an exception inside the server answers 500/10',
    provoke: without(
      'push_counts',
      ({ jpush }, msgId) => jpush('GET', `/v3/received?msg_ids=${msgId}`),
      push,
    ),
    status: 500,
    body: jpushError(10, 'System internal error'),
  },
  {
    failure: 'internal',
    dialect: 'jpush',
    family: 'device',
    title: 'an exception inside the server answers 500/7000',
    provoke: without('devices', ({ jpush }) => jpush('GET', '/v3/devices/0123456789abcdef012')),
    status: 500,
    body: jpushError(7000, 'Internal error'),
  },
  {
    failure: 'internal',
    dialect: 'jpush',
    family: 'schedule',
    title: 'an exception inside the server answers 500/8200',
    provoke: without('schedules', ({ jpush }) => jpush('GET', '/v3/schedules')),
    status: 500,
    body: jpushError(8200, 'Server internal error.'),
  },
  {
    failure: 'internal',
    dialect: 'neutral',
    title: 'an exception inside the server answers 500',
    provoke: without('deleted_apps', ({ admin }) => admin('DELETE', '/apps/demo/chat')),
    status: 500,
    body: neutralError('internal', 'An unexpected error happened inside the server'),
  },
  {
    failure: 'node_rate_limited',
    dialect: 'easemob',
    title: 'more calls a second than the node takes answer 503 reach_limit',
    provoke: second('/demo/chat/users'),
    status: 503,
    headers: { 'Retry-After': '1' },
    body: easemobError('reach_limit', 'EasemobReachLimitException', 'This request has reached api limit'),
  },
  {
    failure: 'node_rate_limited',
    dialect: 'jpush',
    title: 'more calls a second than the node takes answer 503/1030',
    provoke: second('/v3/push'),
    status: 503,
    headers: { 'Retry-After': '1' },
    body: jpushError(1030, 'The server takes no more requests at the moment, please try again later'),
  },
  ...(
    [
      ['device', 7030, '/v3/tags'],
      ['schedule', 8203, '/v3/schedules'],
    ] as const
  ).map(
    ([family, code, path]): Proof => ({
      failure: 'node_rate_limited',
      dialect: 'jpush',
      family,
      title: `more calls a second than the node takes answer 503/${code}`,
      provoke: second(path),
      status: 503,
      headers: { 'Retry-After': '1' },
      body: jpushError(code, 'The server takes no more requests at the moment, please try again later'),
    }),
  ),
  {
    failure: 'node_rate_limited',
    dialect: 'neutral',
    title: 'more calls a second than the node takes answer 503',
    provoke: second('/readyz'),
    status: 503,
    headers: { 'Retry-After': '1' },
    body: neutralError('node_rate_limited', 'The server takes no more requests at the moment'),
  },
]

/** The APIs with words of their own. */
function isJpushApi(door: string): boolean {
  return door === 'device' || door === 'schedule'
}

/** One proof for each door whose literal body is given. */
function inEachDialect(
  failure: Proof['failure'],
  title: string,
  provoke: (call: Call) => Proof['provoke'],
  status: number,
  bodies: { readonly [door: string]: string },
): Proof[] {
  return Object.entries(bodies).map(([door, body]) => ({
    failure,
    ...(isJpushApi(door) ? { dialect: 'jpush', family: door } : { dialect: door as Proof['dialect'] }),
    title,
    provoke: provoke(waiting[door]!),
    status,
    headers: { 'Retry-After': status === 503 ? /^[1-9]\d*$/ : null },
    body,
  }))
}
