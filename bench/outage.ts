// Two minutes without a server, under load: what becomes of pushes, by the way they are sent. Not a rate: what the server
// has accepted and the device has got is held against what the app wanted. OUTAGE_SECONDS makes it shorter.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import mqtt from 'mqtt'
import { readRows } from '../test/table-rows.ts'
import type { SenderResult, SenderTask, ToSender, Way } from './outage-sender.ts'
import { type PosthouseSubject, startPosthouse } from './processes.ts'
import { liftLimits } from './pushes.ts'
import type { Figure } from './report.ts'
import { registerDevices } from './swarm.ts'

const outageMs = Number(process.env.OUTAGE_SECONDS ?? 120) * 1_000
const aroundMs = 10_000
/** Of an answer that is lost on its way, until its connection breaks. */
const deafMs = 1_000
const perSecond = 10
const ways: readonly Way[] = ['outbox', 'client', 'jpush-sdk', 'jpush-sdk, repeated', 'jpush-async']

type Form = 'the server dies' | 'the core is gone'

/** A way to the server that can lose what comes back, and lead nowhere. */
class Relay {
  readonly #target: number
  readonly #sockets = new Set<Socket>()
  #server: Server
  #isDeaf = false

  private constructor(target: number) {
    this.#target = target
    this.#server = this.#make()
  }

  static async start(target: number): Promise<Relay> {
    const relay = new Relay(target)
    await relay.open()
    return relay
  }

  port = 0

  async open(): Promise<void> {
    this.#isDeaf = false
    this.#server = this.#make()
    this.#server.listen(this.port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as AddressInfo).port
  }

  /** Requests go through, answers do not. */
  deafen(): void {
    this.#isDeaf = true
  }

  /** Who connects is refused. */
  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #make(): Server {
    return createServer(socket => {
      const onward = connect(this.#target, '127.0.0.1')
      for (const one of [socket, onward]) {
        this.#sockets.add(one)
        one.on('error', () => {})
        one.on('close', () => this.#sockets.delete(one))
      }
      socket.on('data', chunk => onward.write(chunk))
      onward.on('data', chunk => this.#isDeaf || socket.write(chunk))
      socket.on('close', () => onward.destroy())
      onward.on('close', () => socket.destroy())
    })
  }
}

interface Lane {
  readonly way: Way
  readonly rid: string
  readonly relay: Relay
  readonly child: ChildProcess
  /** What the device got, by its msg_id. */
  readonly got: Map<string, string>
  readonly leave: () => Promise<void>
}

export async function outage(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const form of ['the server dies', 'the core is gone'] as const) figures.push(...(await measure(form)))
  return figures
}

async function measure(form: Form): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-outage-'))
  const env = { POSTHOUSE_DATA: join(folder, 'data') }
  let subject = await startPosthouse(env)
  const ports = { POSTHOUSE_PORT: String(subject.port), POSTHOUSE_MQTT_PORT: String(subject.mqttPort) }
  await liftLimits(subject)
  const devices = await registerDevices(subject, ways.length)
  const lanes = await Promise.all(
    ways.map((way, nth) => startLane(subject, way, devices[nth]!, join(folder, `outbox-${nth}.db`))),
  )
  const tell = (message: ToSender) => {
    for (const { child } of lanes) child.send(message)
  }
  tell('start')
  await sleep(aroundMs)
  tell('away')
  if (form === 'the server dies') {
    for (const { relay } of lanes) relay.deafen()
    await sleep(deafMs)
    for (const { relay } of lanes) relay.close()
    process.kill(subject.pid, 'SIGKILL')
    await sleep(outageMs - deafMs)
    rmSync(join(env.POSTHOUSE_DATA, 'runtime.json'))
    subject = await startPosthouse({ ...env, ...ports })
    for (const { relay } of lanes) await relay.open()
  } else {
    await subject.admin('PUT', '/core', { state: 'stopped' })
    await sleep(outageMs)
    await subject.admin('PUT', '/core', { state: 'running' })
  }
  tell('back')
  const results = lanes.map(async ({ child }) => (await once(child, 'message'))[0] as SenderResult)
  await sleep(aroundMs)
  tell('stop')
  const figures = (
    await Promise.all(
      lanes.map(async (lane, nth) => figuresOf(form, lane, await results[nth]!, env.POSTHOUSE_DATA)),
    )
  ).flat()
  for (const { relay, leave } of lanes) {
    await leave()
    relay.close()
  }
  await subject.stop()
  rmSync(folder, { recursive: true, force: true })
  return figures
}

async function startLane(
  subject: PosthouseSubject,
  way: Way,
  {
    clientId,
    username,
    password,
    topic,
  }: { clientId: string; username: string; password: string; topic: string },
  outboxPath: string,
): Promise<Lane> {
  const { app_key: appKey, master_secret: masterSecret } = subject.runtime.apps[0]!
  const relay = await Relay.start(subject.port)
  const device = await mqtt.connectAsync(subject.runtime.mqtt, {
    clientId,
    username,
    password,
    reconnectPeriod: 500,
  })
  const got = new Map<string, string>()
  device.on('message', (_topic, payload) => {
    const { msg_id, notification } = JSON.parse(payload.toString())
    got.set(msg_id, notification.alert)
  })
  await device.subscribeAsync(topic, { qos: 1 })
  const task: SenderTask = {
    way,
    port: relay.port,
    appKey,
    masterSecret,
    rid: clientId,
    perSecond,
    outboxPath,
  }
  const child = fork(join(import.meta.dirname, 'outage-sender.ts'), [JSON.stringify(task)])
  await once(child, 'message')
  return { way, rid: clientId, relay, child, got, leave: () => device.endAsync(true) }
}

async function figuresOf(form: Form, lane: Lane, result: SenderResult, dataDir: string): Promise<Figure[]> {
  const { way, rid, got } = lane
  const rows = readRows(
    dataDir,
    `SELECT content FROM pushes JOIN push_targets USING (msg_id) JOIN devices USING (device_id)
     WHERE registration_id = '${rid}'`,
  )
  const accepted = rows.map(({ content }) => /alert\W+(n\d+)/.exec(String(content))![1]!)
  for (let waited = 0; got.size < accepted.length && waited < 10_000; waited += 100) await sleep(100)
  const { asked, askedAway, requestsAway, failed, drainMs, unhandled } = result
  const one = (what: string, value: number, unit: string, note?: string): Figure => ({
    what: `${form}; ${way}: ${what}`,
    values: [value],
    unit,
    ...(note && { note }),
  })
  const kept = new Set(accepted)
  return [
    one('lost', asked - kept.size, 'pushes', `of ${asked}; the device has ${new Set(got.values()).size}`),
    one(
      'twice',
      accepted.length - kept.size,
      'pushes',
      `the device has ${got.size - new Set(got.values()).size} twice`,
    ),
    one('told to have failed', failed, 'pushes', unhandled > 0 ? `${unhandled} rejections unhandled` : ''),
    one('requests during the outage', requestsAway / askedAway, 'a push', `${requestsAway} for ${askedAway}`),
    one('from the return until all are accepted', drainMs / 1_000, 's'),
  ]
}
