// The queues of users against a model of the rules: whatever the order of messages, signals, devices, acknowledgements,
// lost connections, restarts and passing time, each device gets what is for it once and in order, and nothing that is
// not acknowledged is lost.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Caller } from '../src/contract/operations/caller.ts'
import type { UserSessionName } from '../src/contract/operations/inbox.ts'
import { Refusal } from '../src/contract/refusal.ts'
import { ManualClock } from '../src/lib/clock.ts'
import { messageIdAt, timeOfMessageId } from '../src/lib/message-id.ts'
import { CoreClient, secretOf } from './core-client.ts'

const names = ['alice', 'bob', 'carol'] as const
const resources = 4
const retentionMs = 604_800_000
const confirmMs = 30_000
const dayMs = 86_400_000
/** How long a repeat is known as one. */
const resendMs = dayMs
const payload = '{"bodies":[{"type":"txt","msg":"hi"}],"ext":{}}'

type Step =
  | { do: 'send'; user: number; device: number; to: number | 'group'; only: number; transient: boolean }
  | { do: 'signal'; user: number; device: number; to: number | 'group' }
  | { do: 'rest'; from: number; to: number | 'group'; transient: boolean }
  | { do: 'open' | 'close' | 'resend' | 'lie'; user: number; device: number }
  | { do: 'read'; user: number; device: number; limit: number; acks: number }
  | { do: 'kick' | 'recreate' | 'toggle_member'; user: number }
  | { do: 'pass'; ms: number }
  | { do: 'jobs' | 'restart_core' | 'crash' }

const user = fc.nat({ max: names.length - 1 })
const device = fc.nat({ max: resources - 1 })
const to = fc.oneof(user, fc.constant('group' as const))
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('send'),
      user,
      device,
      to,
      only: fc.constantFrom(0, 0, 0, 1, 3, 6, 7),
      transient: fc.constantFrom(false, false, false, true),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('signal'), user, device, to }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('rest'),
      from: fc.nat({ max: names.length }),
      to,
      transient: fc.constantFrom(false, false, true),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('open'), user, device }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('close'), user, device }) },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('read'),
      user,
      device,
      limit: fc.integer({ min: 1, max: 5 }),
      acks: fc.nat({ max: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('resend', 'lie'), user, device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('kick', 'recreate'), user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('toggle_member'), user }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(1, 60_000, dayMs, 4 * dayMs) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('jobs', 'restart_core', 'crash') }) },
)

interface EntryModel {
  readonly id: number
  readonly at: number
  readonly queue: string
  readonly isMessage: boolean
  readonly isTransient: boolean
  /** The own device it came from. */
  readonly origin: DeviceModel | undefined
}

class DeviceModel {
  readonly resource: string
  /** Ids: when it was first seen, and when its session began. */
  readonly since: number
  sessionFrom = 0
  seenAt = 0
  session: UserSessionName | undefined
  deviceId = 0
  readonly cursors = new Map<string, number>()
  lastSent: { readonly clientId: string; readonly msgId: number } | undefined
  ended: UserSessionName | undefined

  constructor(resource: string, since: number) {
    this.resource = resource
    this.since = since
  }
}

class UserModel {
  readonly name: string
  readonly devices: DeviceModel[] = []
  readonly entries: EntryModel[] = []
  isMember = true

  constructor(name: string) {
    this.name = name
  }

  get isOnline(): boolean {
    return this.devices.some(({ session }) => session)
  }
}

class Run {
  readonly #core: CoreClient
  readonly #clock: ManualClock
  readonly #appServer: Caller
  readonly #users = names.map(name => new UserModel(name))
  #group = ''
  #lastId = 0
  #count = 0
  /** The last message of the group, and its author. */
  #said: { readonly id: number; readonly at: number; readonly author: string } | undefined

  constructor(core: CoreClient, clock: ManualClock, appServer: Caller) {
    this.#core = core
    this.#clock = clock
    this.#appServer = appServer
  }

  async begin(): Promise<void> {
    for (const { name } of this.#users) await this.#token(name)
    const { groupId } = await this.#core.call(
      'group.create',
      {
        kind: 'group',
        owner: names[0],
        members: names.slice(1),
        name: 'g',
        description: '',
        isPublic: true,
        membersOnly: false,
        allowInvites: false,
        inviteNeedConfirm: false,
        custom: '',
        avatar: '',
        scale: 'normal',
      },
      this.#appServer,
    )
    this.#group = groupId
    this.#lastId = Number(groupId)
  }

  async perform(each: Step): Promise<void> {
    switch (each.do) {
      case 'send':
        return this.#send(each)
      case 'signal':
        return this.#signal(each)
      case 'rest':
        return this.#sendThroughRest(each)
      case 'open':
        return this.#open(this.#users[each.user]!, each.device)
      case 'close':
        return this.#close(this.#users[each.user]!, each.device)
      case 'resend':
        return this.#resend(this.#users[each.user]!, each.device)
      case 'lie':
        return this.#lie(this.#users[each.user]!, each.device)
      case 'read':
        return this.#read(this.#users[each.user]!, this.#live(each), each.limit, each.acks)
      case 'kick':
        return this.#kick(this.#users[each.user]!)
      case 'recreate':
        return this.#recreate(each.user)
      case 'toggle_member':
        return this.#toggleMember(each.user)
      case 'pass':
        return this.#clock.advance(each.ms)
      case 'jobs':
        return this.#runJobs()
      case 'restart_core':
        return this.#restart()
      case 'crash':
        return this.#crash()
    }
  }

  /** What the app's server is told about each user. */
  async checkCounts(): Promise<void> {
    for (const owner of this.#users) {
      const waiting = owner.entries.filter(entry => this.#isUndelivered(owner, entry))
      const { count } = await this.#core.call('message.count_waiting', { user: owner.name }, this.#appServer)
      assert.equal(count, waiting.length, `waiting for ${owner.name}`)
      for (const entry of owner.entries.slice(-3)) {
        const args = { user: owner.name, msgId: entry.id }
        const { isWaiting } = await this.#core.call('message.is_waiting', args, this.#appServer)
        assert.equal(isWaiting, waiting.includes(entry), `${entry.id} for ${owner.name}`)
      }
    }
  }

  /** Every device takes all there is; then nothing is left of what waited. */
  async finish(rowsOf: (table: string, condition?: string) => number): Promise<void> {
    for (const owner of this.#users)
      for (const known of [...owner.devices]) {
        if (!known.session) await this.#open(owner, Number(known.resource))
        await this.#read(owner, known, 1_000, 1_000)
        await this.#read(owner, known, 1_000, 0)
      }
    await this.checkCounts()
    for (const job of ['forget', 'expire_messages'] as const) await this.#core.runJob(job)
    for (const owner of this.#users)
      for (const { resource } of [...owner.devices]) await this.#close(owner, Number(resource))
    if (this.#users.every(({ devices }) => devices.length > 0))
      assert.equal(rowsOf('inbox', "queue <> '' AND is_transient = 0 AND origin = 0"), 0)
    this.#clock.advance(retentionMs + 1)
    await this.#runJobs()
    for (const table of ['inbox', 'inbox_cursors', 'notices', 'messages', 'sent_messages', 'user_devices'])
      assert.equal(rowsOf(table), 0, table)
  }

  async #token(username: string): Promise<string> {
    const { token } = await this.#core.call('token.inherit', { username, createsUser: true }, this.#appServer)
    return token
  }

  async #open(owner: UserModel, at: number): Promise<void> {
    const resource = String(at)
    const session = `s${++this.#count}`
    const { uid, deviceId } = await this.#core.call('inbox.open', {
      org: 'test',
      app: 'inbox',
      username: owner.name,
      credentials: { token: await this.#token(owner.name) },
      resource,
      deviceUuid: '',
      deviceName: '',
      os: 'other',
      ip: '',
      session,
    })
    let opened = owner.devices.find(known => known.resource === resource)
    if (!opened) {
      opened = new DeviceModel(resource, this.#lastId)
      for (const { cursors } of owner.devices)
        for (const [queue, id] of cursors)
          opened.cursors.set(queue, Math.max(id, opened.cursors.get(queue) ?? 0))
      owner.devices.push(opened)
    }
    opened.ended = opened.session ?? opened.ended
    opened.deviceId = deviceId
    opened.session = { uid, deviceId, session }
    opened.sessionFrom = this.#lastId
    opened.seenAt = this.#clock.now()
  }

  async #close(owner: UserModel, at: number): Promise<void> {
    const closed = owner.devices.find(({ resource }) => resource === String(at))
    if (!closed?.session) return
    await this.#core.call('inbox.close', { sessions: [closed.session] })
    this.#end(closed)
    await this.#checkEnded(closed)
  }

  #end(over: DeviceModel): void {
    over.ended = over.session
    over.session = undefined
    over.seenAt = this.#clock.now()
  }

  /** Nothing goes through a session that is over. */
  async #checkEnded({ ended }: DeviceModel): Promise<void> {
    if (!ended) return
    const isGone = (error: unknown) => error instanceof Refusal && error.id === 'user_session_gone'
    const wish = { ...ended, queue: 'u:alice', limit: 1 }
    const message = { ...ended, from: 'bob', resource: '', chatType: 'chat', to: 'alice', body: '' } as const
    await assert.rejects(this.#call('inbox.waiting', ended), isGone)
    await assert.rejects(this.#call('inbox.pull', wish), isGone)
    await assert.rejects(this.#call('inbox.acknowledge', { ...wish, through: this.#lastId }), isGone)
    await assert.rejects(this.#call('inbox.send', { ...message, clientId: 'x', payload }), isGone)
    await assert.rejects(
      this.#call('inbox.signal', { ...message, clientId: 'x', signal: 'read', about: 1 }),
      isGone,
    )
  }

  readonly #call: CoreClient['call'] = (op, args) => this.#core.call(op, args, { as: 'door', appId: 1 })

  #live({ user: at, device: resource }: { user: number; device: number }): DeviceModel | undefined {
    const found = this.#users[at]!.devices.find(known => known.resource === String(resource))
    return found?.session ? found : undefined
  }

  async #send(wanted: Extract<Step, { do: 'send' }>): Promise<void> {
    const sender = this.#users[wanted.user]!
    const from = this.#live(wanted)
    if (!from || (wanted.to === 'group' && !sender.isMember)) return
    const only =
      wanted.to === 'group' && wanted.only > 0 ? names.filter((_, at) => (wanted.only >> at) & 1) : undefined
    const clientId = String(++this.#count)
    const { msgId } = await this.#call('inbox.send', {
      ...this.#address(sender, from, wanted.to),
      clientId,
      payload,
      ...(wanted.transient && { isOnlineOnly: true }),
      ...(only && { only }),
    })
    from.lastSent = { clientId, msgId }
    this.#arrive(sender, from, msgId, wanted.to, { isMessage: true, isTransient: wanted.transient, only })
  }

  async #signal(wanted: Extract<Step, { do: 'signal' }>): Promise<void> {
    const sender = this.#users[wanted.user]!
    const from = this.#live(wanted)
    if (!from || (wanted.to === 'group' && !sender.isMember)) return
    const clientId = String(++this.#count)
    const { msgId } = await this.#call('inbox.signal', {
      ...this.#address(sender, from, wanted.to),
      clientId,
      signal: 'read',
      about: this.#said?.id ?? 1,
    })
    // In a group the author alone hears who has read.
    const only = this.#said ? [this.#said.author] : []
    this.#arrive(sender, from, msgId, wanted.to, { isMessage: false, isTransient: false, only })
  }

  #address(sender: UserModel, { session, resource }: DeviceModel, target: number | 'group') {
    return {
      ...session!,
      from: sender.name,
      resource,
      chatType: target === 'group' ? 'groupchat' : 'chat',
      to: target === 'group' ? this.#group : names[target]!,
      body: '',
    } as const
  }

  async #sendThroughRest({ from, to: target, transient }: Extract<Step, { do: 'rest' }>): Promise<void> {
    const sender = this.#users[from]
    const { ids } = await this.#core.call(
      'message.send',
      {
        chatType: target === 'group' ? 'groupchat' : 'chat',
        from: sender?.name ?? 'admin',
        targets: [target === 'group' ? this.#group : names[target]!],
        payload,
        ...(transient && { isOnlineOnly: true }),
      },
      this.#appServer,
    )
    this.#arrive(sender, undefined, ids[0]!, target, { isMessage: true, isTransient: transient })
  }

  /** Into the queues of those who are to get it, and of the sender's other devices. */
  #arrive(
    sender: UserModel | undefined,
    origin: DeviceModel | undefined,
    id: number,
    target: number | 'group',
    { only, ...kind }: { isMessage: boolean; isTransient: boolean; only?: readonly string[] | undefined },
  ): void {
    this.#lastId = Math.max(this.#lastId, id)
    if (target === 'group' && kind.isMessage)
      this.#said = { id, at: this.#clock.now(), author: sender?.name ?? 'admin' }
    const put = (owner: UserModel, queue: string, from: DeviceModel | undefined) => {
      if (kind.isTransient && !owner.isOnline) return
      owner.entries.push({ id, at: this.#clock.now(), queue, origin: from, ...kind })
      const session = owner.devices.find(known => known.session)?.session
      if (session) woken.push(`${session.uid} ${queue} not ${from?.deviceId ?? 0}`)
    }
    const woken: string[] = []
    const receivers =
      target === 'group'
        ? this.#users.filter(each => each.isMember && each !== sender && (!only || only.includes(each.name)))
        : [this.#users[target]!].filter(each => each !== sender || !origin)
    const senderQueue = `u:${sender?.name ?? 'admin'}`
    for (const each of receivers) put(each, target === 'group' ? `g:${this.#group}` : senderQueue, undefined)
    if (sender && origin && sender.devices.length > 1)
      put(sender, target === 'group' ? `g:${this.#group}` : `u:${names[target]}`, origin)
    assert.deepEqual(this.#takeWakes(), woken.toSorted(), 'those who are online are woken, nobody else')
  }

  #takeWakes(): string[] {
    return this.#core.wakes
      .splice(0)
      .filter(wake => wake.kind === 'inbox')
      .flatMap(({ users, queue, origin }) => users.map(uid => `${uid} ${queue} not ${origin}`))
      .filter(text => !text.includes('  not'))
      .toSorted()
  }

  async #resend(owner: UserModel, at: number): Promise<void> {
    const from = owner.devices.find(({ resource }) => resource === String(at))
    if (!from?.session || !from.lastSent) return
    if (this.#clock.now() - timeOfMessageId(from.lastSent.msgId) > resendMs) return
    const { clientId, msgId } = from.lastSent
    const again = await this.#call('inbox.send', { ...this.#address(owner, from, 0), clientId, payload })
    assert.equal(again.msgId, msgId)
  }

  /** What is not a key, or is one that is yet to come, acknowledges nothing. */
  async #lie(owner: UserModel, at: number): Promise<void> {
    const liar = owner.devices.find(({ resource }) => resource === String(at))
    if (!liar?.session) return
    const { session } = liar
    for (const queue of this.#queuesOf(owner))
      for (const through of [-1, 0, Number.NaN, Infinity, 0.5, 2 ** 60, messageIdAt(this.#clock.now() + 1)]) {
        const wish = { ...session, queue, limit: 1_000, through }
        const { entries } = await this.#call('inbox.acknowledge', wish)
        assert.deepEqual(idsOf(entries), idsOf(this.#waiting(owner, liar, queue)))
      }
  }

  async #read(owner: UserModel, reader: DeviceModel | undefined, limit: number, acks: number): Promise<void> {
    if (!reader?.session) return
    const { session } = reader
    const expected = new Map(
      this.#queuesOf(owner)
        .map(queue => [queue, this.#waiting(owner, reader, queue)] as const)
        .filter(([, entries]) => entries.length > 0),
    )
    const { queues } = await this.#call('inbox.waiting', session)
    const counts = queues.filter(({ queue }) => queue !== '').map(({ queue, count }) => [queue, count])
    assert.deepEqual(
      counts.toSorted(),
      [...expected].map(([queue, entries]) => [queue, entries.length]).toSorted(),
    )
    for (const [queue, entries] of expected) {
      const wish = { ...session, queue, limit }
      const pulled = await this.#call('inbox.pull', wish)
      assert.deepEqual(idsOf(pulled.entries), idsOf(entries.slice(0, limit)))
      const taken = Math.min(acks, limit, entries.length)
      if (taken === 0) continue
      const through = entries[taken - 1]!.id
      reader.cursors.set(queue, through)
      const next = await this.#call('inbox.acknowledge', { ...wish, through })
      assert.deepEqual(idsOf(next.entries), idsOf(entries.slice(taken, taken + limit)))
    }
  }

  #queuesOf(owner: UserModel): string[] {
    return [...new Set(owner.entries.map(({ queue }) => queue))]
  }

  #waiting(owner: UserModel, reader: DeviceModel, queue: string): EntryModel[] {
    return owner.entries.filter(
      entry =>
        entry.queue === queue &&
        entry.id > (reader.cursors.get(queue) ?? 0) &&
        !this.#isExpired(entry) &&
        entry.origin !== reader &&
        (!entry.origin || entry.id > reader.since) &&
        (!entry.isTransient || entry.id > reader.sessionFrom),
    )
  }

  #isUndelivered({ devices }: UserModel, entry: EntryModel): boolean {
    const { id, queue, isMessage, isTransient, origin } = entry
    const isFromOther = isMessage && !isTransient && !origin && !this.#isExpired(entry)
    return isFromOther && devices.every(({ cursors }) => (cursors.get(queue) ?? 0) < id)
  }

  #isExpired({ at }: { readonly at: number }): boolean {
    return at < this.#clock.now() - retentionMs
  }

  async #kick(owner: UserModel): Promise<void> {
    await this.#core.call('user.end_sessions', { user: owner.name }, this.#appServer)
    for (const known of owner.devices) {
      if (!known.session) continue
      this.#end(known)
      await this.#checkEnded(known)
    }
  }

  /** Whoever comes after a deleted user under its name finds nothing of it. The owner of the group stays. */
  async #recreate(at: number): Promise<void> {
    if (at === 0) return
    const before = this.#users[at]!
    await this.#core.call('user.delete', { user: before.name }, this.#appServer)
    await this.#token(before.name)
    for (const known of before.devices) {
      known.ended = known.session ?? known.ended
      await this.#checkEnded(known)
    }
    this.#users[at] = new UserModel(before.name)
    this.#users[at]!.isMember = false
  }

  /** What waits for whoever is removed still waits for it. */
  async #toggleMember(at: number): Promise<void> {
    if (at === 0) return
    const owner = this.#users[at]!
    const op = owner.isMember ? 'group.remove_member' : 'group.add_member'
    await this.#core.call(op, { kind: 'group', group: this.#group, user: owner.name }, this.#appServer)
    owner.isMember = !owner.isMember
  }

  async #runJobs(): Promise<void> {
    for (const job of ['expire_messages', 'forget_user_devices', 'forget'] as const)
      await this.#core.runJob(job)
    if (this.#said && this.#isExpired(this.#said)) this.#said = undefined
    const unseenSince = this.#clock.now() - retentionMs
    for (const { devices } of this.#users)
      for (const known of [...devices])
        if (!known.session && known.seenAt < unseenSince) devices.splice(devices.indexOf(known), 1)
  }

  async #restart(): Promise<void> {
    await this.#core.stop()
    await this.#core.start()
    const sessions = this.#users
      .flatMap(({ devices }) => devices)
      .map(({ session }) => session)
      .filter(session => session !== undefined)
    const { lost } = await this.#core.call('inbox.confirm', { sessions })
    assert.deepEqual(lost, [])
    this.#clock.advance(confirmMs)
    await this.#core.runJob('end_lost_sessions')
  }

  /** Everything dies; the sessions are in the books until nobody has confirmed them for a while. */
  async #crash(): Promise<void> {
    await this.#core.stop()
    await this.#core.start()
    for (const { devices } of this.#users) for (const known of devices) if (known.session) this.#end(known)
    this.#clock.advance(confirmMs)
    await this.#core.runJob('end_lost_sessions')
    for (const { devices } of this.#users) for (const known of devices) await this.#checkEnded(known)
  }
}

function idsOf(entries: readonly { readonly id: number }[]): number[] {
  return entries.map(({ id }) => id)
}

const startsAt = Date.UTC(2026, 0, 1)

/** A data folder that has the app and nothing else: each run begins with a copy. */
async function makeTemplate(dataDir: string): Promise<Caller> {
  const core = new CoreClient(dataDir, new ManualClock(startsAt))
  try {
    await core.start()
    return secretOf(await core.makeApp('inbox'))
  } finally {
    await core.stop()
  }
}

test('each device gets what is for it once and in order, whatever happens in between', async t => {
  const template = mkdtempSync(join(tmpdir(), 'posthouse-inbox-'))
  t.after(() => rmSync(template, { recursive: true, force: true }))
  const appServer = await makeTemplate(template)
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), async steps => {
      const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-inbox-'))
      cpSync(template, dataDir, { recursive: true })
      const clock = new ManualClock(startsAt)
      const core = new CoreClient(dataDir, clock)
      try {
        await core.start()
        const run = new Run(core, clock, appServer)
        await run.begin()
        for (const each of steps) {
          await run.perform(each)
          await run.checkCounts()
        }
        const database = new DatabaseSync(join(dataDir, 'posthouse.db'), { readOnly: true })
        try {
          await run.finish((table, condition = '1 = 1') => countRows(database, table, condition))
        } finally {
          database.close()
        }
      } finally {
        await core.stop()
        rmSync(dataDir, { recursive: true, force: true })
      }
    }),
    { numRuns: Number(process.env.QUEUE_RUNS ?? 30), plugins: [fc.interruptAfterTimeLimit(60_000)] },
  )
  t.diagnostic('all runs agreed with the model')
})

function countRows(database: DatabaseSync, table: string, condition: string): number {
  const row = database.prepare(`SELECT COUNT(*) AS count FROM ${table} WHERE ${condition}`).get()!
  return Number(row.count)
}
