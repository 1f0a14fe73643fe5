// The composition root: starts core, link and doors in this order and stops them in reverse. The only file that knows
// all of them.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pino } from 'pino'
import type { Config } from './config.ts'
import type { AppCredentials } from './contract/operations/apps.ts'
import type { Args, OperationName, Result } from './contract/operations.ts'
import { isSameSecret } from './core/apps.ts'
import { Contents } from './gateway/content/contents.ts'
import { DeviceDoor } from './gateway/device/door.ts'
import { describeEasemob } from './gateway/easemob/described.ts'
import { EasemobDoor } from './gateway/easemob/door.ts'
import { HttpDoor } from './gateway/http/door.ts'
import { ImDoor } from './gateway/im/door.ts'
import { describeJpush } from './gateway/jpush/described.ts'
import { JpushDoor } from './gateway/jpush/door.ts'
import { Metrics } from './gateway/metrics.ts'
import { describeNeutral } from './gateway/neutral/described.ts'
import { NeutralDoor } from './gateway/neutral/door.ts'
import type { Operator } from './gateway/neutral/route.ts'
import { openApiDocument } from './gateway/openapi/document.ts'
import { ThreadLink } from './link/thread.ts'
import { keepAdminToken, makeDataDir, type Runtime, removeRuntime, writeRuntime } from './runtime-file.ts'
import { lockFolder } from './store/folder-lock.ts'

export interface RunningApp {
  readonly runtime: Runtime
  /** True when this start made the data folder's first app. */
  readonly isFirstStart: boolean
  readonly link: ThreadLink
  /** Finishes what was accepted, refuses what is new, then ends. */
  close(): Promise<void>
}

/** @throws Error in words for the operator when the server cannot start; what had started is stopped then */
export async function startApp(given: Config): Promise<RunningApp> {
  const config: Config = { ...given, dataDir: resolve(given.dataDir) }
  const stops = new AsyncDisposableStack()
  try {
    return await startParts(config, stops)
  } catch (error) {
    await stops.disposeAsync()
    throw error
  }
}

/** @param stops gets what stops each part, to be done in reverse */
async function startParts(config: Config, stops: AsyncDisposableStack): Promise<RunningApp> {
  const log = pino({ level: config.logLevel, name: 'gateway' })
  makeDataDir(config.dataDir)
  stops.defer(lockFolder(config.dataDir))
  const adminToken = keepAdminToken(config.dataDir)
  const contents = new Contents(config.dataDir, config.files, log)
  await contents.folder.prepare()
  const link = new ThreadLink({
    ...config.link,
    entry: new URL(import.meta.url.endsWith('.ts') ? './core-main.ts' : './core-main.js', import.meta.url),
    workerData: config,
    onError: error => log.error({ err: error }, 'the core died'),
  })
  stops.defer(() => link.close())
  await link.start()
  const { apps, isFirstStart } = await ensureApps(link)

  const devices = new DeviceDoor(link, config, log)
  const im = new ImDoor(link, config.im, log)

  const metrics = new Metrics()
  metrics.gauge('posthouse_device_sessions', 'Devices connected now', () => devices.sessionCount)
  metrics.gauge('posthouse_uploads', 'Uploads under way', () => contents.uploading)
  metrics.gauge('posthouse_downloads', 'Files being read', () => contents.folder.reading)
  metrics.gauge('posthouse_im_sessions', 'Clients of users connected now', () => im.sessionCount)
  metrics.gauge('posthouse_core_calls_in_flight', 'Calls that wait for the core', () => link.inFlight)
  metrics.gauge('posthouse_core_ready', 'Is the core there', () => Number(link.isReady))
  const operator: Operator = {
    isAdminToken: token => isSameSecret(token, adminToken),
    coreState: () => link.state,
    isCoreReady: () => link.isReady,
    controlCore: state => link.control(state),
    metrics: () => metrics.text(),
    describeApi: once(() => JSON.stringify(describeApi())),
  }
  const http = new HttpDoor({
    config,
    log,
    doors: {
      easemob: new EasemobDoor({ link, contents }, config.http.easemobBodyBytesMax),
      jpush: new JpushDoor(
        { link, contents, timeZoneMinutes: config.core.timeZoneMinutes },
        {
          bodyBytesMax: config.http.jpushBodyBytesMax,
          batchBytesMax: config.http.jpushBatchBytesMax,
          httpsOnly: config.httpsOnly,
        },
      ),
      neutral: new NeutralDoor({ link, operator, contents }, config.http.neutralBodyBytesMax),
    },
    upgrades: new Map([
      ['/mqtt', (...handshake) => devices.upgrade(...handshake)],
      ['/websocket', (...handshake) => im.upgrade(...handshake)],
      ['/ws', (...handshake) => im.upgrade(...handshake)],
    ]),
    onAnswer: (dialect, status, startedAt) => metrics.answered(dialect, status, startedAt),
  })
  const port = await http.listen()
  stops.defer(() => http.close())
  const mqttPort = await devices.listen()
  stops.defer(() => devices.close())
  stops.defer(() => im.close())

  const runtime: Runtime = {
    pid: process.pid,
    http: `http://${urlHost(config.host)}:${port}`,
    mqtt: `mqtt://${urlHost(config.host)}:${mqttPort}`,
    admin_token: adminToken,
    apps: apps.map(({ uuid: _, ...credentials }) => credentials),
  }
  writeRuntime(config.dataDir, runtime)
  stops.defer(() => removeRuntime(config.dataDir))
  log.info({ http: runtime.http, mqtt: runtime.mqtt, data: config.dataDir }, 'ready')

  const close = async () => {
    await http.drain()
    await stops.disposeAsync()
    log.info({}, 'stopped')
  }
  return { runtime, isFirstStart, link, close: once(close) }
}

/** A data folder without apps gets its demo app, so that the first minute needs no administration. */
async function ensureApps(link: ThreadLink): Promise<{ apps: AppCredentials[]; isFirstStart: boolean }> {
  const { apps } = await ask(link, 'app.list', {})
  if (apps.length > 0) return { apps, isFirstStart: false }
  return { apps: [await ask(link, 'app.create', { org: 'demo', app: 'chat' })], isFirstStart: true }
}

async function ask<Name extends OperationName>(
  link: ThreadLink,
  op: Name,
  args: Args<Name>,
): Promise<Result<Name>> {
  const reply = await link.call({ op, args, caller: { as: 'door' }, request: 'start' })
  if ('refusal' in reply) throw new Error(`the core refused ${op}: ${reply.refusal.id}`)
  return reply.result
}

function describeApi(): object {
  const routes = [...describeEasemob(), ...describeJpush(), ...describeNeutral()]
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return openApiDocument(routes, version)
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
