// A client of a user as the vendor's Web SDK is one: logs in, asks what waits, pulls and acknowledges by itself, ignores
// a NOTICE for a queue it has open. On top of our own codec, so that a test can also send what no SDK would.
import type { TestContext } from 'node:test'
import { WebSocket } from 'ws'
import {
  bodyTypes,
  type Content,
  commands,
  type Decoded,
  domains,
  type Frame,
  frameCodec,
  type Jid,
  type KeyValue,
  logoutCodec,
  type MessageBody,
  type Meta,
  type MucBody,
  messageBodyCodec,
  mucBodyCodec,
  mucOperations,
  namespaces,
  noticeCodec,
  type Provision,
  provisionCodec,
  type RosterBody,
  rosterBodyCodec,
  routes,
  type StatisticsBody,
  type SyncDown,
  type SyncUp,
  statisticsBodyCodec,
  syncDownCodec,
  syncUpCodec,
  toDecimal,
  type Unread,
  unreadCodec,
} from '../src/msync/codec.ts'
import { fromJsonObject, toJsonObject } from '../src/msync/key-values.ts'

const withinMs = 20_000

export type ChatType = 'chat' | 'groupchat' | 'chatroom'

export interface ImApp {
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

/** What came down in the chat namespace, or as another notice. */
export interface Received {
  readonly ns: number
  /** The server's id. */
  readonly id: string
  readonly from: string
  /** The device it came from; '' = none. */
  readonly resource: string
  readonly to: string
  /** Epoch ms. */
  readonly at: number
  /** The name of the queue. */
  readonly queue: string
  readonly isGroup: boolean
  readonly meta: Decoded<Meta>
}

export interface ReceivedMessage extends Received {
  readonly body: Decoded<MessageBody>
  /** Of a text. */
  readonly text: string
  readonly ext: any
}

export interface Sent {
  readonly serverId: string
  readonly at: number
  readonly metas: readonly Decoded<Meta>[]
}

export interface SendOptions {
  readonly chatType?: ChatType
  readonly ext?: object
  /** The client's own id: the same again means the same message. */
  readonly id?: string
  readonly isOnlineOnly?: boolean
  readonly only?: readonly string[]
  /** Members of the MessageBody beside the usual ones. */
  readonly body?: MessageBody
  readonly metaExt?: readonly KeyValue[]
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

let lastMetaId = BigInt(Date.now()) << 20n

/** As SDKs make them: past 2^53. */
export function nextMetaId(): string {
  return String(++lastMetaId)
}

/** Waits for items and hands them out one by one. */
class Stream<Item> {
  readonly all: Item[] = []
  readonly #what: string
  #taken = 0
  #changed = Promise.withResolvers<void>()
  #isOver = false

  constructor(what: string) {
    this.#what = what
  }

  push(item: Item): void {
    this.all.push(item)
    this.#wake()
  }

  end(): void {
    this.#isOver = true
    this.#wake()
  }

  /** @throws Error when the connection ends or too much time passes before */
  async next(): Promise<Item> {
    await this.count(this.#taken + 1)
    return this.all[this.#taken++]!
  }

  async count(wanted: number): Promise<Item[]> {
    const timer = setTimeout(() => this.end(), withinMs)
    while (this.all.length < wanted) {
      if (this.#isOver) throw new Error(`${this.all.length} of ${wanted} ${this.#what} came`)
      await this.#changed.promise
    }
    clearTimeout(timer)
    return this.all.slice(0, wanted)
  }

  #wake(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }
}

export class ImClient {
  readonly appKey: string
  readonly username: string
  resource: string
  provision: Decoded<Provision> | undefined
  /** Messages, oldest first; signals; events of groups and rooms, of contacts; JSON notices. */
  readonly messages = new Stream<ReceivedMessage>('messages')
  readonly signals = new Stream<ReceivedMessage>('signals')
  readonly events = new Stream<Received & { body: Decoded<MucBody> }>('group events')
  readonly contacts = new Stream<Received & { body: Decoded<RosterBody> }>('contact events')
  readonly notices = new Stream<Received & { json: any }>('notices')
  readonly unreads = new Stream<Decoded<Unread>>('UNREAD answers')
  /** Names of the queues of the NOTICEs that came. */
  readonly noticed = new Stream<string>('NOTICEs')
  /** The server's goodbye: 1 removed, 2 another device, 3 password changed, 4 kicked. */
  readonly endings = new Stream<Decoded<StatisticsBody>>('endings')
  /** Every answer to a pull. */
  readonly answers = new Stream<Decoded<SyncDown>>('answers to pulls')
  /** WebSocket pongs that came. */
  pongs = 0
  readonly #socket: WebSocket
  readonly #pullsByItself: boolean
  readonly #sent = new Map<string, { resolve: (sent: Sent) => void; reject: (error: Error) => void }>()
  readonly #provisioned = Promise.withResolvers<Decoded<Provision>>()
  readonly #closed = Promise.withResolvers<number>()
  readonly #loggedOut = Promise.withResolvers<void>()
  /** As in the SDK: queues announced by NOTICE, the first of them being pulled. */
  #queues: Jid[] = []
  /** Pulls whose queue has not ended yet, by name. */
  readonly #open = new Map<string, number>()
  #quiet = Promise.withResolvers<void>()

  private constructor(socket: WebSocket, appKey: string, login: ImLogin) {
    this.#socket = socket
    this.appKey = appKey
    this.username = login.username
    this.resource = login.resource ?? `test_${login.username}_1`
    this.#pullsByItself = login.pullsByItself ?? true
    this.#closed.promise.catch(() => {})
    this.#provisioned.promise.catch(() => {})
    socket.on('message', (data: Buffer) => this.#receive(frameCodec.decode(data)))
    socket.on('pong', () => this.pongs++)
    socket.on('error', () => {})
    socket.on('close', code => this.#end(code))
  }

  /** A connection over which nothing was said yet. */
  static async open(t: Pick<TestContext, 'after'>, app: ImApp, login: ImLogin): Promise<ImClient> {
    const socket = new WebSocket(
      `${new URL(app.url).origin.replace('http', 'ws')}${login.path ?? '/websocket'}`,
      {
        perMessageDeflate: false,
      },
    )
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

  /** PROVISION as the Web SDK sends it. @throws ImRefusal */
  async logIn({ token, password }: ImLogin, more: Provision = {}): Promise<Decoded<Provision>> {
    const provision = provisionCodec.encode({
      osType: 16,
      version: '4.21.1',
      deviceUuid: `uuid_${this.resource}`,
      deviceName: 'webim',
      resource: this.resource,
      sessionId: `${Date.now()}:`,
      ...(token !== undefined && { authToken: JSON.stringify({ token: `$t$${token}` }) }),
      ...(password !== undefined && { password }),
      ...more,
    })
    const { appKey, username, resource } = this
    this.frame({
      command: commands.provision,
      guid: { appKey, name: username, domain: domains.users, clientResource: resource },
      ...(token !== undefined && { auth: `$t$${token}` }),
      payload: provision,
    })
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
    while (this.#open.size > 0) await this.#quiet.promise
  }

  /** A pull by hand. */
  pull(queue: Jid, key?: string): void {
    this.sync({ queue, ...(key !== undefined && { key }) })
  }

  userQueue(peer: string): Jid {
    return { appKey: this.appKey, name: peer, domain: domains.users }
  }

  groupQueue(group: string): Jid {
    return { appKey: this.appKey, name: group, domain: domains.groups }
  }

  /** Sends a text. @throws ImRefusal */
  text(to: string, text: string, options: SendOptions = {}): Promise<Sent> {
    return this.send(to, { type: 0, text }, options)
  }

  /** @throws ImRefusal */
  send(to: string, content: Content, options: SendOptions = {}): Promise<Sent> {
    const { chatType = 'chat', ext = {}, body } = options
    return this.sendBody(
      to,
      {
        type: bodyTypes[chatType],
        from: { name: this.username },
        to: { name: to },
        contents: [content],
        ext: fromJsonObject(JSON.stringify(ext)),
        ...body,
      },
      options,
    )
  }

  encodeBody(body: MessageBody): Uint8Array {
    return messageBodyCodec.encode(body)
  }

  /** Says something about a message that was sent before. @throws ImRefusal */
  signal(
    to: string,
    type: 'readAck' | 'deliverAck' | 'recall' | 'channelAck' | 'edit',
    about: string,
    options: SendOptions & { readonly contents?: readonly Content[] } = {},
  ): Promise<Sent> {
    const id = type === 'edit' ? { editMessageId: about, editScope: 1 } : { ackMessageId: about }
    return this.sendBody(
      to,
      {
        type: bodyTypes[type],
        from: { name: this.username },
        to: { name: to },
        contents: options.contents ?? [{ type: 0 }],
        ...(type !== 'channelAck' && id),
        ...options.body,
      },
      options,
    )
  }

  /** @throws ImRefusal */
  sendBody(to: string, body: MessageBody, options: SendOptions = {}): Promise<Sent> {
    const { chatType = 'chat', isOnlineOnly, only, metaExt } = options
    return this.sendMeta({
      id: options.id ?? nextMetaId(),
      to: chatType === 'chat' ? this.userQueue(to) : this.groupQueue(to),
      ns: namespaces.chat,
      routetype: only ? routes.directed : isOnlineOnly ? routes.onlineOnly : routes.all,
      payload: messageBodyCodec.encode(body),
      ...(only && { directedUsers: only }),
      ...(metaExt && { ext: metaExt }),
    })
  }

  /** @throws ImRefusal */
  joinRoom(room: string, more: MucBody = {}): Promise<Sent> {
    return this.#changeRoom(room, { operation: mucOperations.join, ...more })
  }

  /** @throws ImRefusal */
  leaveRoom(room: string): Promise<Sent> {
    return this.#changeRoom(room, { operation: mucOperations.leave })
  }

  /** @throws ImRefusal */
  sendMeta(meta: Meta & { readonly id: string }): Promise<Sent> {
    return new Promise((resolve, reject) => {
      this.#sent.set(meta.id, { resolve, reject })
      this.sync({ meta })
    })
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
    this.frame({
      command: commands.logout,
      payload: logoutCodec.encode({ sessionId: 'x', reason: 'inner:logout' }),
    })
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

  /** WebSocket pings, sent while nothing is read; resolves when all answers there are have come. */
  async floodWithPings(count: number): Promise<void> {
    this.pauseReading()
    const data = Buffer.alloc(125)
    for (let sent = 0; sent < count; sent++) this.#socket.ping(data)
    await new Promise<void>(resolve => this.#socket.ping(data, true, () => resolve()))
    this.resumeReading()
    await this.settle()
  }

  #changeRoom(room: string, body: MucBody): Promise<Sent> {
    const { appKey, username } = this
    const payload = mucBodyCodec.encode({
      mucId: this.groupQueue(room),
      from: { name: username },
      isChatroom: true,
      ...body,
    })
    const from = { appKey, name: username, domain: domains.users }
    return this.sendMeta({
      id: nextMetaId(),
      from,
      to: { domain: domains.users },
      ns: namespaces.muc,
      payload,
    })
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
    if (this.#pullsByItself) for (const { queue } of unread.unread) this.#pull(queue!)
    this.unreads.push(unread)
  }

  #takeNotice(queue: Decoded<Jid>): void {
    this.noticed.push(queue.name)
    if (!this.#pullsByItself || this.#queues.some(({ name }) => name === queue.name)) return
    this.#queues.push(queue)
    if (this.#queues.length === 1) this.#pull(queue)
  }

  #pull(queue: Jid): void {
    this.#open.set(queue.name!, (this.#open.get(queue.name!) ?? 0) + 1)
    this.pull(queue)
  }

  #takeSync(answer: Decoded<SyncDown>): void {
    const metaId = toDecimal(answer.metaId)
    if (metaId !== '0') return this.#takeAcknowledgement(metaId, answer)
    this.answers.push(answer)
    const queue = answer.queue!
    for (const meta of answer.metas) this.#takeMeta(meta, queue.name)
    if (!this.#pullsByItself) return
    if (answer.isLast) this.#ended(queue.name)
    else this.pull(queue, toDecimal(answer.nextKey))
  }

  #ended(name: string): void {
    const left = (this.#open.get(name) ?? 0) - 1
    if (left > 0) this.#open.set(name, left)
    else this.#open.delete(name)
    this.#queues = this.#queues.filter(queue => queue.name !== name)
    if (this.#queues.length > 0) this.#pull(this.#queues[0]!)
    this.#quiet.resolve()
    this.#quiet = Promise.withResolvers()
  }

  #takeAcknowledgement(metaId: string, { status, serverId, timestamp, metas }: Decoded<SyncDown>): void {
    const sent = this.#sent.get(metaId)
    this.#sent.delete(metaId)
    if (!status) throw new Error('an acknowledgement has no status')
    if (status.errorCode !== 0) sent?.reject(new ImRefusal(status.errorCode, status.reason))
    else sent?.resolve({ serverId: toDecimal(serverId), at: Number(toDecimal(timestamp)), metas })
  }

  #takeMeta(meta: Decoded<Meta>, queue: string): void {
    const received: Received = {
      ns: meta.ns,
      id: toDecimal(meta.id),
      from: meta.from?.name ?? '',
      resource: meta.from?.clientResource ?? '',
      to: meta.to?.name ?? '',
      at: Number(toDecimal(meta.timestamp)),
      queue,
      isGroup: meta.to?.domain.includes('conference') === true,
      meta,
    }
    switch (meta.ns) {
      case namespaces.chat:
        return this.#takeBody(received, messageBodyCodec.decode(meta.payload))
      case namespaces.muc:
        return this.events.push({ ...received, body: mucBodyCodec.decode(meta.payload) })
      case namespaces.roster:
        return this.contacts.push({ ...received, body: rosterBodyCodec.decode(meta.payload) })
      case namespaces.notify:
        return this.notices.push({ ...received, json: JSON.parse(Buffer.from(meta.payload).toString()) })
      case namespaces.statistic:
        return this.endings.push(statisticsBodyCodec.decode(meta.payload))
    }
  }

  #takeBody(received: Received, body: Decoded<MessageBody>): void {
    const text = body.contents[0]?.text ?? ''
    const message = { ...received, body, text, ext: JSON.parse(toJsonObject(body.ext)) }
    if (body.type < bodyTypes.readAck) this.messages.push(message)
    else this.signals.push(message)
  }

  #end(code: number): void {
    this.#closed.resolve(code)
    this.#provisioned.reject(new Error(`closed with ${code} before the login was answered`))
    for (const { reject } of this.#sent.values())
      reject(new Error(`closed with ${code} before the acknowledgement`))
    const { messages, signals, events, contacts, notices, unreads, noticed, endings, answers } = this
    for (const stream of [messages, signals, events, contacts, notices, unreads, noticed, endings, answers])
      stream.end()
    this.#quiet.resolve()
    this.#open.clear()
  }
}
