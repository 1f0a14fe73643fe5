// The queue of a device against a model of the rules: whatever the order of pushes, sessions, receipts, withdrawals,
// restarts and passing time, each device is handed exactly what it has still to get, and each receipt counts once.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import { jpushLimits } from '../src/contract/limits.ts'
import type { AppCredentials } from '../src/contract/operations/apps.ts'
import type { Platform } from '../src/contract/operations/pushes.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { CoreClient, secretOf } from './core-client.ts'

const offlineMax = 5
const onlineOnlyMs = 10_000
const confirmMs = 30_000
const platformSets: readonly (readonly Platform[])[] = [['android'], ['ios'], ['android', 'ios']]
const firstDevices: readonly Platform[] = ['android', 'android', 'ios']

type Step =
  | { do: 'push'; times: number; to: 'all' | number; platforms: number; ttl: number; override: number | null }
  | { do: 'register'; platform: Platform }
  | { do: 'connect'; device: number }
  | { do: 'disconnect'; device: number }
  | { do: 'read'; device: number; limit: number; acks: number }
  | { do: 'late_receipts'; device: number }
  | { do: 'display_push' | 'open_push'; device: number; push: number }
  | { do: 'pass'; seconds: number }
  | { do: 'withdraw'; push: number }
  | { do: 'restart_core' }
  | { do: 'crash' }

const index = fc.nat({ max: 40 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('push'),
      times: fc.constantFrom(1, 1, 1, 2, 6),
      to: fc.oneof(fc.constant('all' as const), fc.integer({ min: 1, max: 31 })),
      platforms: fc.nat({ max: 2 }),
      ttl: fc.constantFrom(0, 5, 60, 3_600),
      override: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: index }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('register'),
      platform: fc.constantFrom<Platform>('android', 'ios'),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('connect'), device: index }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('disconnect'), device: index }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('read'),
      device: index,
      limit: fc.integer({ min: 1, max: 7 }),
      acks: fc.nat({ max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('late_receipts'), device: index }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('display_push', 'open_push'),
      device: index,
      push: index,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass'), seconds: fc.constantFrom(1, 4, 11, 59) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw'), push: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart_core') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash') }) },
)

interface PushModel {
  readonly msgId: number
  readonly platforms: readonly Platform[]
  /** Undefined = everybody. */
  readonly targets: ReadonlySet<DeviceModel> | undefined
  readonly createdAt: number
  readonly expiresAt: number
  readonly overrides: PushModel | undefined
  /** Those that were its targets when it was accepted. */
  readonly counted: ReadonlySet<DeviceModel>
  isWithdrawn: boolean
  /** It is the notice that this push is withdrawn. */
  readonly withdraws?: PushModel
}

/** In the order of what happens to a push; each is counted with those before it, from `received` on. */
const fates = ['pending', 'missed', 'received', 'displayed', 'opened'] as const
type Fate = (typeof fates)[number]

interface SessionModel {
  readonly name: string
  readonly openedAt: number
  /** What a gateway knows: sent and not acknowledged, and up to where it has seen every broadcast. */
  readonly flights: Set<PushModel>
  seen: number
  isLive: boolean
}

class DeviceModel {
  readonly fates = new Map<PushModel, Fate>()
  readonly cameOffline = new Set<PushModel>()
  /** Everything it was ever sent: it may acknowledge that at any time, and again. */
  readonly sent = new Set<PushModel>()
  session: SessionModel | undefined
  readonly id: string
  readonly password: string
  readonly platform: Platform
  deviceId = 0

  constructor(id: string, password: string, platform: Platform) {
    this.id = id
    this.password = password
    this.platform = platform
  }
}

class Run {
  readonly #core: CoreClient
  readonly #clock: ManualClock
  readonly #app: AppCredentials
  readonly #appId: number
  readonly #devices: DeviceModel[] = []
  readonly #pushes: PushModel[] = []
  readonly #notices: PushModel[] = []
  readonly #dataDir: string
  #lastSession = 0

  constructor(core: CoreClient, clock: ManualClock, app: AppCredentials, appId: number, dataDir: string) {
    this.#dataDir = dataDir
    this.#core = core
    this.#clock = clock
    this.#app = app
    this.#appId = appId
  }

  async perform(each: Step): Promise<void> {
    switch (each.do) {
      case 'push':
        for (let time = 0; time < each.times; time++) await this.#push(each)
        return
      case 'register':
        return this.register(each.platform)
      case 'connect':
        return this.#connect(this.#device(each.device))
      case 'disconnect':
        return this.#disconnect(this.#device(each.device))
      case 'read':
        return this.#read(this.#device(each.device), each.limit, each.acks)
      case 'late_receipts':
        return this.#receive(this.#device(each.device), [...this.#device(each.device).sent])
      case 'display_push':
        return this.#say('displayed', this.#device(each.device), this.#pushes[each.push])
      case 'open_push':
        return this.#say('opened', this.#device(each.device), this.#pushes[each.push])
      case 'pass':
        this.#clock.advance(each.seconds * 1_000)
        return
      case 'withdraw':
        return this.#withdraw(this.#pushes[each.push])
      case 'restart_core':
        return this.#restart()
      case 'crash':
        for (const device of this.#devices) device.session = undefined
        await this.#restart()
        this.#clock.advance(confirmMs)
        return this.#core.runJob('end_lost_sessions')
    }
  }

  async register(platform: Platform): Promise<void> {
    const { registrationId, password } = await this.#core.call(
      'registration.create',
      { platform },
      { as: 'app_key', key: this.#app.app_key, ip: '' },
    )
    const device = new DeviceModel(registrationId, password, platform)
    this.#devices.push(device)
    // A broadcast is for whoever comes while it lives.
    const now = this.#clock.now()
    for (const push of this.#pushes)
      if (isFor(push, device) && now < Math.max(push.expiresAt, push.createdAt + 1)) arrive(push, device)
  }

  /** Everybody comes online and takes all there is; then the reports must say what the model says. */
  async finish(): Promise<void> {
    for (const device of this.#devices) {
      await this.#connect(device)
      await this.#read(device, 1_000, 1_000)
      assert.deepEqual(this.#outstanding(device), [])
    }
    for (const push of this.#pushes) await this.#checkReports(push)
  }

  async #push({ to, platforms, ttl, override }: Extract<Step, { do: 'push' }>): Promise<void> {
    const chosen = this.#devices.filter((_, at) => to !== 'all' && (to >> at) & 1)
    const meant = platformSets[platforms]!
    const targets = chosen.filter(({ platform }) => meant.includes(platform))
    if (to !== 'all' && targets.length === 0) return
    const overrides = override === null ? undefined : this.#pushes[override]
    const { msgId } = await this.#core.call(
      'push.send',
      {
        platforms: meant,
        audience: to === 'all' ? 'all' : { registrationId: chosen.map(({ id }) => id) },
        contents: { notification: { android: '{"alert":"a"}', ios: '{"alert":"i"}' }, kept: '{}' },
        timeToLiveSeconds: ttl,
        sendno: '0',
        ...(overrides && { overrideOf: String(overrides.msgId) }),
        hasActivePushConflict: false,
      },
      secretOf(this.#app),
    )
    const now = this.#clock.now()
    const push: PushModel = {
      msgId: Number(msgId),
      platforms: meant,
      targets: to === 'all' ? undefined : new Set(targets),
      createdAt: now,
      expiresAt: now + ttl * 1_000,
      overrides,
      counted: new Set(
        this.#devices.filter(device =>
          to === 'all' ? meant.includes(device.platform) : targets.includes(device),
        ),
      ),
      isWithdrawn: false,
    }
    this.#pushes.push(push)
    for (const device of this.#devices) if (isFor(push, device)) arrive(push, device)
    this.#deliverLive(push)
  }

  /** As a gateway does: what is announced goes to the sessions that have everything before it. */
  #deliverLive(push: PushModel): void {
    for (const device of this.#devices) {
      const { session } = device
      if (!session?.isLive) continue
      if (isFor(push, device)) send(push, device, session)
      if (!push.targets) session.seen = push.msgId
    }
  }

  async #connect(device: DeviceModel): Promise<void> {
    const name = `s${++this.#lastSession}`
    this.#core.wakes.length = 0
    const opened = await this.#core.call(
      'session.open',
      { session: name, appKey: this.#app.app_key },
      { as: 'device', registrationId: device.id, password: device.password },
    )
    device.deviceId = opened.deviceId
    // Whichever gateway holds the earlier session hears that it is over.
    const ended = this.#core.wakes.flatMap(wake => (wake.kind === 'end_session' ? [wake.session] : []))
    assert.deepEqual(ended, device.session ? [device.session.name] : [])
    this.#settle(device)
    device.session = { name, openedAt: opened.openedAt, flights: new Set(), seen: 0, isLive: false }
  }

  /** The rule of the newest five, and an end to what can no longer be delivered. */
  #settle(device: DeviceModel): void {
    device.session = undefined
    const alive = this.#outstanding(device)
    const offline = alive.filter(push => device.cameOffline.has(push)).reverse()
    const kept = new Set([
      ...alive.filter(push => !device.cameOffline.has(push)),
      ...offline.slice(0, offlineMax),
    ])
    for (const [push, fate] of device.fates)
      if (fate === 'pending' && !kept.has(push)) device.fates.set(push, 'missed')
    device.cameOffline.clear()
  }

  async #disconnect(device: DeviceModel): Promise<void> {
    const { session } = device
    if (!session) return
    const sent = [...session.flights].filter(({ targets, msgId }) => !targets && msgId <= session.seen)
    const settled = Math.min(session.seen, ...sent.map(({ msgId }) => msgId - 1))
    await this.#core.call('session.close', {
      sessions: [{ deviceId: device.deviceId, session: session.name, settled }],
    })
    device.session = undefined
  }

  async #read(device: DeviceModel, limit: number, acks: number): Promise<void> {
    const { session } = device
    if (!session) return
    const flights = [...session.flights].filter(({ targets, msgId }) => !targets && msgId <= session.seen)
    const settled = Math.min(session.seen, ...flights.map(({ msgId }) => msgId - 1))
    const { queues } = await this.#core.call('queue.pull', {
      devices: [{ deviceId: device.deviceId, openedAt: session.openedAt, settled, limit }],
    })
    const expected = this.#outstanding(device)
    const [queue] = queues
    assert.deepEqual(
      queue!.msgIds,
      expected.slice(0, limit).map(({ msgId }) => msgId),
    )
    assert.equal(queue!.hasMore, expected.length > limit)
    const pushes = expected.slice(0, limit)
    for (const push of pushes) send(push, device, session)
    session.seen = Math.max(session.seen, queue!.through)
    session.isLive = !queue!.hasMore
    await this.#receive(device, pushes.slice(0, acks))
  }

  async #receive(device: DeviceModel, pushes: readonly PushModel[]): Promise<void> {
    const { platform, deviceId } = device
    await this.#core.call('queue.acknowledge', {
      received: pushes.map(({ msgId }) => ({ msgId, appId: this.#appId, platform, devices: [deviceId] })),
      displayed: [],
      opened: [],
    })
    for (const push of pushes) {
      reach(device, push, 'received')
      device.session?.flights.delete(push)
    }
  }

  async #say(event: 'displayed' | 'opened', device: DeviceModel, push: PushModel | undefined): Promise<void> {
    if (!push || device.deviceId === 0) return
    const { platform, deviceId } = device
    const said = [{ msgId: push.msgId, appId: this.#appId, platform, devices: [deviceId] }]
    await this.#core.call('queue.acknowledge', { received: [], displayed: [], opened: [], [event]: said })
    if (isFor(push, device)) reach(device, push, event)
  }

  async #withdraw(push: PushModel | undefined): Promise<void> {
    if (!push) return
    await this.#core.call('push.withdraw', { msgId: String(push.msgId) }, secretOf(this.#app))
    if (push.isWithdrawn) return
    push.isWithdrawn = true
    const createdAt = this.#clock.now()
    this.#notices.push({
      ...push,
      msgId: noticeOf(this.#dataDir, push.msgId),
      targets: new Set(),
      createdAt,
      expiresAt: createdAt + jpushLimits.withdrawalMs,
      overrides: undefined,
      withdraws: push,
    })
  }

  async #restart(): Promise<void> {
    await this.#core.stop()
    await this.#core.start()
    const online = this.#devices.filter(({ session }) => session)
    const { lost } = await this.#core.call('session.confirm', {
      sessions: online.map(({ deviceId, session }) => ({ deviceId, session: session!.name })),
    })
    assert.deepEqual(lost, [])
    for (const { session } of online) session!.isLive = false
  }

  /** What the device has still to get, oldest first. */
  #outstanding(device: DeviceModel): PushModel[] {
    const notices = this.#notices.filter(notice => this.#isToBeTold(device, notice))
    return [...this.#pending(device), ...notices].sort((a, b) => a.msgId - b.msgId)
  }

  /** Of what it shows, once. */
  #isToBeTold(device: DeviceModel, notice: PushModel): boolean {
    const fate = device.fates.get(notice.withdraws!)
    const isShown = fate === 'received' || fate === 'displayed'
    return isShown && !device.fates.has(notice) && notice.expiresAt > this.#clock.now()
  }

  #pending(device: DeviceModel): PushModel[] {
    return this.#pushes.filter(
      push =>
        device.fates.get(push) === 'pending' &&
        !push.isWithdrawn &&
        this.#isInTime(push, device) &&
        !this.#pushes.some(newer => newer.overrides === push && isFor(newer, device)),
    )
  }

  #isInTime({ createdAt, expiresAt, msgId }: PushModel, { session }: DeviceModel): boolean {
    const now = this.#clock.now()
    if (expiresAt > createdAt) return expiresAt > now
    return session !== undefined && msgId > session.openedAt && now < createdAt + onlineOnlyMs
  }

  async #checkReports(push: PushModel): Promise<void> {
    const asker = secretOf(this.#app)
    const { pushes } = await this.#core.call('push.received', { msgIds: [String(push.msgId)] }, asker)
    const counts: Record<string, { target: number; received: number; displayed: number; opened: number }> = {}
    for (const device of this.#devices) {
      const fate = device.fates.get(push)
      const isTarget = push.counted.has(device) || hasCome(fate, 'received')
      if (!isTarget) continue
      const count = counts[device.platform] ?? { target: 0, received: 0, displayed: 0, opened: 0 }
      counts[device.platform] = count
      count.target++
      for (const event of ['received', 'displayed', 'opened'] as const)
        if (hasCome(fate, event)) count[event]++
    }
    assert.deepEqual(pushes[0]!.counts, counts)
    const { statuses } = await this.#core.call(
      'push.delivery',
      { msgId: String(push.msgId), registrationIds: this.#devices.map(({ id }) => id) },
      asker,
    )
    for (const device of this.#devices) {
      const fate = device.fates.get(push)
      const isDelivered = hasCome(fate, 'received')
      assert.equal(statuses[device.id], isDelivered ? 0 : fate ? 1 : 3, `${push.msgId} on ${device.id}`)
    }
  }

  #device(at: number): DeviceModel {
    return this.#devices[at % this.#devices.length]!
  }
}

/** The id of the notice: no answer tells it. */
function noticeOf(dataDir: string, msgId: number): number {
  const database = new DatabaseSync(join(dataDir, 'posthouse.db'), { readOnly: true, timeout: 5_000 })
  const row = database.prepare('SELECT msg_id AS notice FROM pushes WHERE withdraws = ?').get(msgId)
  database.close()
  return row!.notice as number
}

function send(push: PushModel, device: DeviceModel, { flights }: SessionModel): void {
  flights.add(push)
  device.sent.add(push)
}

function hasCome(fate: Fate | undefined, event: Fate): boolean {
  return fate !== undefined && fates.indexOf(fate) >= fates.indexOf(event)
}

function reach(device: DeviceModel, push: PushModel, event: Fate): void {
  if (!hasCome(device.fates.get(push), event)) device.fates.set(push, event)
}

function isFor({ targets, platforms }: PushModel, device: DeviceModel): boolean {
  return targets ? targets.has(device) : platforms.includes(device.platform)
}

/** For online devices only = missed by the others; but a broadcast writes nothing down, so it is only out of time. */
function arrive(push: PushModel, device: DeviceModel): void {
  const isForOnline = push.expiresAt === push.createdAt
  device.fates.set(push, isForOnline && push.targets && !device.session ? 'missed' : 'pending')
  if (!device.session) device.cameOffline.add(push)
}

test('each device gets exactly what it has still to get, whatever happens in between', async t => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async steps => {
      const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-queues-'))
      const clock = new ManualClock(Date.UTC(2026, 0, 1))
      const core = new CoreClient(dataDir, clock)
      try {
        await core.start()
        const run = new Run(core, clock, await core.makeApp('queues'), 1, dataDir)
        for (const platform of firstDevices) await run.register(platform)
        for (const each of steps) await run.perform(each)
        await run.finish()
      } finally {
        await core.stop()
        rmSync(dataDir, { recursive: true, force: true })
      }
    }),
    { numRuns: Number(process.env.QUEUE_RUNS ?? 30), plugins: [fc.interruptAfterTimeLimit(60_000)] },
  )
  t.diagnostic('all runs agreed with the model')
})
