// A device as its own SDK would be: the mqtt package, over TCP or WebSocket, in either version.
import type { TestContext } from 'node:test'
import mqtt, { type MqttClient } from 'mqtt'
import { ItemStream } from './item-stream.ts'
import type { TestApp } from './start-app.ts'

export interface DeviceAccess {
  readonly rid: string
  readonly password: string
}

export type Way = 'tcp' | 'websocket'

export interface Wish {
  readonly way?: Way
  readonly version?: 4 | 5
  readonly appKey?: string
  /** Connects again by itself when the connection is lost. */
  readonly reconnectMs?: number
}

interface Received {
  readonly msg_id: string
  readonly override_msg_id?: string
  readonly withdrawn?: boolean
  readonly notification?: any
  readonly message?: any
  readonly sent_at: number
  readonly expires_at: number
}

export class MqttDevice {
  readonly rid: string
  readonly client: MqttClient
  readonly #pushes = new ItemStream<Received>('pushes')

  private constructor(client: MqttClient, rid: string) {
    this.rid = rid
    this.client = client
    client.on('message', (_topic, payload) => this.#pushes.push(JSON.parse(payload.toString())))
  }

  /** Everything that came, oldest first. */
  get received(): readonly Received[] {
    return this.#pushes.all
  }

  /** Connects and subscribes. */
  static async connect(
    t: TestContext,
    app: Pick<TestApp, 'http' | 'runtime' | 'demo'>,
    access: DeviceAccess,
    wish: Wish = {},
  ): Promise<MqttDevice> {
    const { way = 'tcp', version = 4, appKey = app.demo.app_key, reconnectMs = 0 } = wish
    const url = way === 'tcp' ? app.runtime.mqtt : `${app.http.replace('http', 'ws')}/mqtt`
    const client = await mqtt.connectAsync(url, {
      clientId: access.rid,
      username: appKey,
      password: access.password,
      protocolVersion: version,
      reconnectPeriod: reconnectMs,
    })
    t.after(() => client.endAsync(true))
    const device = new MqttDevice(client, access.rid)
    await client.subscribeAsync(`devices/${access.rid}/push`, { qos: 1 })
    return device
  }

  /** The next push that was not asked for yet. */
  next(): Promise<Received> {
    return this.#pushes.next()
  }

  /** Resolves when as many pushes have come in all. @throws Error when none comes for too long */
  async count(wanted: number): Promise<void> {
    await this.#pushes.count(wanted)
  }

  /** Tells that a push was opened; resolves when that is committed. */
  opened(msgId: string | number): Promise<void> {
    return this.#say(msgId, 'opened')
  }

  /** As `opened`, of a push that is shown. */
  displayed(msgId: string | number): Promise<void> {
    return this.#say(msgId, 'displayed')
  }

  async #say(msgId: string | number, event: string): Promise<void> {
    const said = JSON.stringify({ msg_id: msgId, event })
    await this.client.publishAsync(`devices/${this.rid}/events`, said, { qos: 1 })
  }

  /** Ends with DISCONNECT. */
  async leave(): Promise<void> {
    await this.client.endAsync()
  }
}
