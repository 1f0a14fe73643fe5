// What a client has been sent in its queues, by kind.
import {
  bodyTypes,
  type Decoded,
  type MessageBody,
  type Meta,
  type MucBody,
  messageBodyCodec,
  mucBodyCodec,
  namespaces,
  type RosterBody,
  rosterBodyCodec,
  type StatisticsBody,
  statisticsBodyCodec,
  toDecimal,
} from '../src/msync/codec.ts'
import { toJsonObject } from '../src/msync/key-values.ts'
import { ItemStream } from './item-stream.ts'

interface Received {
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

export class ReceivedItems {
  readonly messages = new ItemStream<ReceivedMessage>('messages')
  readonly signals = new ItemStream<ReceivedMessage>('signals')
  /** Of groups and rooms. */
  readonly events = new ItemStream<Received & { body: Decoded<MucBody> }>('group events')
  readonly contacts = new ItemStream<Received & { body: Decoded<RosterBody> }>('contact events')
  readonly notices = new ItemStream<Received & { json: any }>('notices')
  /** The server's goodbye: 1 removed, 2 another device, 3 password changed, 4 kicked. */
  readonly endings = new ItemStream<Decoded<StatisticsBody>>('endings')

  /** @param queue the name of the one it came in */
  take(meta: Decoded<Meta>, queue: string): void {
    const received = describe(meta, queue)
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

  /** No more will come. */
  end(): void {
    const { messages, signals, events, contacts, notices, endings } = this
    for (const stream of [messages, signals, events, contacts, notices, endings]) stream.end()
  }

  #takeBody(received: Received, body: Decoded<MessageBody>): void {
    const text = body.contents[0]?.text ?? ''
    const message = { ...received, body, text, ext: JSON.parse(toJsonObject(body.ext)) }
    if (body.type < bodyTypes.readAck) this.messages.push(message)
    else this.signals.push(message)
  }
}

function describe(meta: Decoded<Meta>, queue: string): Received {
  const { ns, id, from, to, timestamp } = meta
  return {
    ns,
    id: toDecimal(id),
    from: from?.name ?? '',
    resource: from?.clientResource ?? '',
    to: to?.name ?? '',
    at: Number(toDecimal(timestamp)),
    queue,
    isGroup: to?.domain.includes('conference') === true,
    meta,
  }
}
