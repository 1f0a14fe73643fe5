// A client of a user, on top of our own codec, so that a test can also send what no SDK would: logs in, asks what waits,
// pulls and acknowledges by itself.
import type { Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { WebSocket } from 'ws'
import {
  type Content,
  commands,
  type Decoded,
  type Frame,
  frameCodec,
  type Jid,
  logoutCodec,
  type MessageBody,
  type Meta,
  type MucBody,
  mucOperations,
  noticeCodec,
  type Provision,
  provisionCodec,
  type SyncDown,
  type SyncUp,
  syncDownCodec,
  syncUpCodec,
  toDecimal,
  type Unread,
  unreadCodec,
} from '../src/msync/codec.ts'
import {
  type Author,
  chatMeta,
  groupQueue,
  loginFrame,
  messageBody,
  type OutgoingMeta,
  roomMeta,
  type SendOptions,
  type SignalName,
  signalBody,
  userQueue,
} from './im-outgoing.ts'
import { QueuePulls } from './im-pulls.ts'
import { ReceivedItems, type ReceivedMessage } from './im-received.ts'
import { ItemStream } from './item-stream.ts'

interface ImApp {
  readonly org: string
  readonly app: string
  /** Base URL of the app, as `EasemobApp` has it: only the server's address is taken from it. */
  readonly url: string
}

export interface ImLogin {
  readonly username: string
  readonly token?: string
  /** In PROVISION's own field. */
  readonly password?: string
  /** Names the device. Two clients of one user with the same resource displace each other. */
  readonly resource?: string
  /** False: nothing is pulled by itself, not even what UNREAD lists; use `pull`. */
  readonly pullsByItself?: boolean
  readonly path?: string
}

interface Sent {
  readonly serverId: string
  readonly at: number
  readonly metas: readonly Decoded<Meta>[]
}

/** The server has said no: `code` and `reason` are those of the Status. */
export class ImRefusal extends Error {
  readonly code: number
  readonly reason: string

  constructor(code: number, reason: string) {
    super(`${code} ${reason}`)
    this.code = code
    this.reason = reason
  }
}

/** A ping with the most data it may have, masked with zeros. */
const longPing = Buffer.concat([Buffer.of(0x89, 0x80 | 125, 0, 0, 0, 0), Buffer.alloc(125)])

export class ImClient implements Author {
  readonly appKey: string
  readonly username: string
  resource: string
  provision: Decoded<Provision> | undefined
  readonly #received = new ReceivedItems()
  readonly messages = this.#received.messages
  readonly signals = this.#received.signals
  readonly events = this.#received.events
  readonly contacts = this.#received.contacts
  readonly notices = this.#received.notices
  readonly endings = this.#received.endings
  readonly unreads = new ItemStream<Decoded<Unread>>('UNREAD answers')
  /** Names of the queues of the NOTICEs that came. */
  readonly noticed = new ItemStream<string>('NOTICEs')
  /** Every answer to a pull. */
  readonly answers = new ItemStream<Decoded<SyncDown>>('answers to pulls')
  /** WebSocket pongs that came. */
  pongs = 0
  readonly #socket: WebSocket
  /** What the WebSocket runs over. */
  #stream: Socket | undefined
  readonly #pullsByItself: boolean
  readonly #pulls = new QueuePulls((queue, key) => this.pull(queue, key))
  readonly #sent = new Map<string, { resolve: (sent: Sent) => void; reject: (error: Error) => void }>()
  readonly #provisioned = Promise.withResolvers<Decoded<Provision>>()
  readonly #closed = Promise.withResolvers<number>()
  readonly #loggedOut = Promise.withResolvers<void>()

  private constructor(socket: WebSocket, appKey: string, login: ImLogin) {
    this.#socket = socket
    this.appKey = appKey
    this.username = login.username
    this.resource = login.resource ?? `test_${login.username}_1`
    this.#pullsByItself = login.pullsByItself ?? true
    this.#provisioned.promise.catch(() => {})
    socket.on('upgrade', ({ socket: stream }) => {
      this.#stream = stream
    })
    socket.on('message', (data: Buffer) => this.#receive(frameCodec.decode(data)))
    socket.on('pong', () => this.pongs++)
    socket.on('error', () => {})
    socket.on('close', code => this.#end(code))
  }

  /** A connection over which nothing was said yet. */
  static async open(t: Pick<TestContext, 'after'>, app: ImApp, login: ImLogin): Promise<ImClient> {
    const address = new URL(app.url).origin.replace('http', 'ws')
    const socket = new WebSocket(`${address}${login.path ?? '/websocket'}`, { perMessageDeflate: false })
    socket.binaryType = 'nodebuffer'
    const client = new ImClient(socket, `${app.org}#${app.app}`, login)
    t.after(() => socket.terminate())
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return client
  }

  /** Logs in and asks what waits. @throws ImRefusal */
  static async login(t: Pick<TestContext, 'after'>, app: ImApp, login: ImLogin): Promise<ImClient> {
    const client = await ImClient.open(t, app, login)
    await client.logIn(login)
    client.askUnread()
    return client
  }

  /** @throws ImRefusal */
  async logIn(login: ImLogin, more: Provision = {}): Promise<Decoded<Provision>> {
    this.frame(loginFrame(this, login, more))
    const answer = await this.#provisioned.promise
    if (answer.status?.errorCode) throw new ImRefusal(answer.status.errorCode, answer.status.reason)
    this.provision = answer
    this.resource = answer.resource
    return answer
  }

  frame(frame: Frame): void {
    this.raw(frameCodec.encode({ version: 0, encryptType: [0], ...frame }))
  }

  raw(bytes: Uint8Array | string): void {
    this.#socket.send(bytes)
  }

  askUnread(): void {
    this.frame({ command: commands.unread })
  }

  sync(up: SyncUp): void {
    this.frame({ command: commands.sync, payload: syncUpCodec.encode(up) })
  }

  /** Asks what waits, pulls it all, and resolves when nothing does: what has not come by then was not there. */
  async settle(): Promise<void> {
    const before = this.unreads.all.length
    this.askUnread()
    await this.unreads.count(before + 1)
    await this.#pulls.finished()
  }

  /** A pull by hand. */
  pull(queue: Jid, key?: string): void {
    this.sync({ queue, ...(key !== undefined && { key }) })
  }

  userQueue(peer: string): Jid {
    return userQueue(this, peer)
  }

  groupQueue(group: string): Jid {
    return groupQueue(this, group)
  }

  /** Sends a text. @throws ImRefusal */
  text(to: string, text: string, options: SendOptions = {}): Promise<Sent> {
    return this.send(to, { type: 0, text }, options)
  }

  /** @throws ImRefusal */
  send(to: string, content: Content, options: SendOptions = {}): Promise<Sent> {
    return this.sendBody(to, messageBody(this, to, content, options), options)
  }

  /** Says something about a message that was sent before. @throws ImRefusal */
  signal(
    to: string,
    type: SignalName,
    about: string,
    options: SendOptions & { readonly contents?: readonly Content[] } = {},
  ): Promise<Sent> {
    const body = signalBody(this, to, type, about, options.contents)
    return this.sendBody(to, { ...body, ...options.body }, options)
  }

  /** @throws ImRefusal */
  sendBody(to: string, body: MessageBody, options: SendOptions = {}): Promise<Sent> {
    return this.sendMeta(chatMeta(this, to, body, options))
  }

  /** @throws ImRefusal */
  joinRoom(room: string, more: MucBody = {}): Promise<Sent> {
    return this.sendMeta(roomMeta(this, room, { operation: mucOperations.join, ...more }))
  }

  /** @throws ImRefusal */
  leaveRoom(room: string): Promise<Sent> {
    return this.sendMeta(roomMeta(this, room, { operation: mucOperations.leave }))
  }

  /** Resolves when it is acknowledged. @throws ImRefusal; Error when the connection ends before */
  async sendMeta(meta: OutgoingMeta): Promise<Sent> {
    if (this.#socket.readyState !== WebSocket.OPEN) throw new Error('the connection is closed')
    const sent = Promise.withResolvers<Sent>()
    this.#sent.set(meta.id, sent)
    this.sync({ meta })
    return sent.promise
  }

  nextMessage(): Promise<ReceivedMessage> {
    return this.messages.next()
  }

  /** The texts of the next so many messages. */
  async nextTexts(count: number): Promise<string[]> {
    const texts: string[] = []
    while (texts.length < count) texts.push((await this.nextMessage()).text)
    return texts
  }

  /** Resolves with the code of the WebSocket's end. */
  get closed(): Promise<number> {
    return this.#closed.promise
  }

  /** LOGOUT; resolves when the connection is closed. */
  async logout(): Promise<void> {
    const payload = logoutCodec.encode({ sessionId: 'x', reason: 'inner:logout' })
    this.frame({ command: commands.logout, payload })
    await this.#loggedOut.promise
    await this.closed
  }

  /** Goes without a word. */
  async cut(): Promise<void> {
    this.#socket.terminate()
    await this.closed
  }

  /** Takes nothing more from the network. */
  pauseReading(): void {
    this.#socket.pause()
  }

  resumeReading(): void {
    this.#socket.resume()
  }

  /** Resolves when the server has answered: it has then taken every frame that was sent before. */
  async ping(): Promise<void> {
    this.#socket.ping()
    await new Promise(resolve => this.#socket.once('pong', resolve))
  }

  /** WebSocket pings, sent while nothing is read; resolves when all answers there are have come. */
  async floodWithPings(count: number): Promise<void> {
    this.pauseReading()
    const perWrite = 1_000
    const pings = Buffer.concat(Array.from({ length: perWrite }, () => longPing))
    for (let left = count; left > 0; left -= perWrite)
      this.#stream!.write(pings.subarray(0, Math.min(left, perWrite) * longPing.length))
    await new Promise<void>(resolve => this.#socket.ping('', true, () => resolve()))
    this.resumeReading()
    await this.settle()
  }

  #receive({ command, payload }: Decoded<Frame>): void {
    switch (command) {
      case commands.provision:
        return this.#provisioned.resolve(provisionCodec.decode(payload))
      case commands.unread:
        return this.#takeUnread(unreadCodec.decode(payload))
      case commands.notice:
        return this.#takeNotice(noticeCodec.decode(payload).queue!)
      case commands.sync:
        return this.#takeSync(syncDownCodec.decode(payload))
      case commands.logout:
        return this.#loggedOut.resolve()
    }
  }

  #takeUnread(unread: Decoded<Unread>): void {
    if (this.#pullsByItself) for (const { queue } of unread.unread) this.#pulls.begin(queue!)
    this.unreads.push(unread)
  }

  #takeNotice(queue: Decoded<Jid>): void {
    this.noticed.push(queue.name)
    if (this.#pullsByItself) this.#pulls.announced(queue)
  }

  #takeSync(answer: Decoded<SyncDown>): void {
    const metaId = toDecimal(answer.metaId)
    if (metaId !== '0') return this.#takeAcknowledgement(metaId, answer)
    this.answers.push(answer)
    for (const meta of answer.metas) this.#received.take(meta, answer.queue!.name)
    if (this.#pullsByItself) this.#pulls.answered(answer)
  }

  #takeAcknowledgement(metaId: string, { status, serverId, timestamp, metas }: Decoded<SyncDown>): void {
    const sent = this.#sent.get(metaId)
    this.#sent.delete(metaId)
    if (!status) throw new Error('an acknowledgement has no status')
    if (status.errorCode !== 0) sent?.reject(new ImRefusal(status.errorCode, status.reason))
    else sent?.resolve({ serverId: toDecimal(serverId), at: Number(toDecimal(timestamp)), metas })
  }

  #end(code: number): void {
    this.#closed.resolve(code)
    this.#provisioned.reject(new Error(`closed with ${code} before the login was answered`))
    for (const { reject } of this.#sent.values())
      reject(new Error(`closed with ${code} before the acknowledgement`))
    this.#received.end()
    for (const stream of [this.unreads, this.noticed, this.answers]) stream.end()
    this.#pulls.end()
  }
}
