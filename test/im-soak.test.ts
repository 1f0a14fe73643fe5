// 200 clients that write at random, lose their connections and their core, for some seconds (SOAK_SECONDS): every
// message reaches each device that should see it once, in the order of its conversation.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ok } from './easemob-caller.ts'
import { ImClient, ImRefusal } from './im-client.ts'
import { nextMetaId } from './im-outgoing.ts'
import type { ReceivedMessage } from './im-received.ts'
import { type MessagingApp, makeMessagingApp } from './messaging.ts'
import { randomFrom } from './random.ts'
import { startApp, type TestApp } from './start-app.ts'

const seconds = Number(process.env.SOAK_SECONDS ?? 4)
const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const users = 100
const devicesPerUser = 2
const groups = 10
const membersPerGroup = 12

const usernameOf = (user: number) => `user${user}`

class Device {
  readonly user: number
  readonly resource: string
  /** What its app has shown, in order: as the SDK, it drops an id it has had. */
  readonly shown: ReceivedMessage[] = []
  readonly #ids = new Set<string>()
  /** Ids that came twice within one connection, which nothing excuses. */
  readonly repeated: string[] = []
  client: ImClient | undefined
  #isAway = true
  readonly #login: (device: Device) => Promise<ImClient>

  constructor(user: number, index: number, login: (device: Device) => Promise<ImClient>) {
    this.user = user
    this.resource = `soak_${index}`
    this.#login = login
  }

  async connect(): Promise<void> {
    this.client = await this.#login(this)
    this.#isAway = false
  }

  /** Goes without a word, keeping what came. */
  async cut(): Promise<void> {
    this.#isAway = true
    await this.client!.cut()
    this.#keep()
  }

  /** Takes over what the connection has brought. */
  #keep(): void {
    const ofConnection = new Set<string>()
    for (const message of this.client!.messages.all) {
      if (ofConnection.has(message.id)) this.repeated.push(message.id)
      ofConnection.add(message.id)
      if (this.#ids.has(message.id)) continue
      this.#ids.add(message.id)
      this.shown.push(message)
    }
  }

  /** It will not connect again. */
  giveUp(): void {
    this.#isAway = false
  }

  async finish(): Promise<void> {
    await this.client!.settle()
    await this.cut()
  }

  /** Sends until it is acknowledged, under one id, however often the connection goes. */
  async send(to: string, text: string, chatType: 'chat' | 'groupchat'): Promise<string> {
    const id = nextMetaId()
    for (;;) {
      const client = this.client!
      try {
        return (await client.text(to, text, { id, chatType })).serverId
      } catch (error) {
        // A core that is away: again. A connection that was cut: once there is another.
        if (!(error instanceof ImRefusal)) await this.#checkCut(client)
      }
    }
  }

  /** No connection ends but by the client's own doing. */
  async #checkCut(client: ImClient): Promise<void> {
    const code = await client.closed
    if (client !== this.client || this.#isAway) return new Promise(setImmediate)
    const why = client.endings.all.map(({ operation }) => operation)
    throw new Error(`${this.resource} was sent away with ${code}, because of ${why} (TEST_SEED=${seed})`)
  }
}

interface SentMessage {
  readonly id: string
  readonly from: Device
  readonly receivers: readonly number[]
}

class Soak {
  readonly #app: MessagingApp
  readonly #server: TestApp
  readonly #random = randomFrom(seed)
  readonly devices: Device[]
  readonly #groups: { readonly id: string; readonly members: readonly number[] }[] = []
  readonly sent: SentMessage[] = []
  #isOver = false

  constructor(t: TestContext, server: TestApp, app: MessagingApp, tokens: readonly string[]) {
    this.#server = server
    this.#app = app
    const login = ({ user, resource }: Device) =>
      ImClient.login(t, app, { username: usernameOf(user), token: tokens[user]!, resource })
    this.devices = Array.from(
      { length: users * devicesPerUser },
      (_, index) => new Device(index % users, index, login),
    )
  }

  async makeGroups(): Promise<void> {
    for (let group = 0; group < groups; group++) {
      const members = Array.from({ length: membersPerGroup }, (_, at) => (group * 7 + at * 3) % users)
      const [owner, ...others] = members.map(usernameOf)
      const body = { groupname: `g${group}`, desc: 'd', public: true, maxusers: 100, owner, members: others }
      this.#groups.push({
        id: ok(await this.#app.call('POST', '/chatgroups', body)).json.data.groupid,
        members,
      })
    }
  }

  async run(): Promise<void> {
    await Promise.all(this.devices.map(device => device.connect()))
    const writers = this.devices.map(device => this.#write(device))
    try {
      await Promise.all([this.#pass(seconds), this.#breakConnections(), this.#breakCore(), ...writers])
    } catch (error) {
      this.#isOver = true
      for (const device of this.devices) device.giveUp()
      throw error
    }
    await Promise.all(this.devices.map(device => device.finish()))
  }

  async #pass(timeSeconds: number): Promise<void> {
    const endsAt = performance.now() + timeSeconds * 1_000
    while (performance.now() < endsAt && !this.#isOver) await this.#server.admin('GET', '/core')
    this.#isOver = true
  }

  async #write(device: Device): Promise<void> {
    while (!this.#isOver) {
      const isToGroup = this.#random(4) === 0
      const own = this.#groups.filter(({ members }) => members.includes(device.user))
      if (isToGroup && own.length > 0) {
        const { id: group, members } = own[this.#random(own.length)]!
        const id = await device.send(group, `in ${group}`, 'groupchat')
        this.sent.push({ id, from: device, receivers: members })
      } else {
        const peer = (device.user + 1 + this.#random(users - 1)) % users
        const id = await device.send(usernameOf(peer), `to ${peer}`, 'chat')
        this.sent.push({ id, from: device, receivers: [peer, device.user] })
      }
    }
  }

  async #breakConnections(): Promise<void> {
    while (!this.#isOver) {
      const device = this.devices[this.#random(this.devices.length)]!
      await device.cut()
      await this.#server.admin('GET', '/core')
      while (!(await this.#reconnect(device)));
    }
  }

  /** @returns false when the core is away */
  async #reconnect(device: Device): Promise<boolean> {
    try {
      await device.connect()
      return true
    } catch (error) {
      if (error instanceof ImRefusal) return false
      throw error
    }
  }

  async #breakCore(): Promise<void> {
    while (!this.#isOver) {
      const calmUntil = performance.now() + 1_000 + this.#random(1_000)
      while (performance.now() < calmUntil && !this.#isOver) await this.#server.admin('GET', '/core')
      await this.#server.admin('PUT', '/core', { state: 'stopped' })
      await this.#server.admin('PUT', '/core', { state: 'running' })
    }
  }

  /** What each device should have been shown: everything to its user, and what its user's other devices wrote. */
  expectedOf(device: Device): Set<string> {
    const own = this.sent.filter(({ from, receivers }) => from !== device && receivers.includes(device.user))
    return new Set(own.map(({ id }) => id))
  }
}

test(`200 clients, random sends, lost connections, lost cores, ${seconds} s (TEST_SEED=${seed})`, {
  timeout: (seconds + 100) * 1_000,
}, async t => {
  const server = await startApp(t)
  const names = Array.from({ length: users }, (_, user) => usernameOf(user))
  const app = await makeMessagingApp(server, ...names)
  const tokens = await Promise.all(names.map(name => app.login(name)))
  const soak = new Soak(t, server, app, tokens)
  await soak.makeGroups()
  await soak.run()
  t.diagnostic(`${soak.sent.length} messages`)
  for (const device of soak.devices) {
    const what = `${usernameOf(device.user)}/${device.resource} (TEST_SEED=${seed})`
    const shown = device.shown.map(({ id }) => id)
    assert.deepEqual(device.repeated, [], `${what}: twice within a connection`)
    assert.deepEqual(new Set(shown), soak.expectedOf(device), `${what}: each message once`)
    const conversations = Map.groupBy(device.shown, ({ queue }) => queue)
    for (const [queue, messages] of conversations) {
      const ids = messages.map(({ id }) => BigInt(id))
      assert.ok(
        ids.every((id, at) => at === 0 || id > ids[at - 1]!),
        `${what}: the order in ${queue}`,
      )
    }
  }
})
