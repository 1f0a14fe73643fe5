// Sessions that want their queue: asked for together, then each gets what it has not been sent yet.
import type { Queue } from '../../contract/operations/devices.ts'
import type { Link } from '../../link/link.ts'
import { Batcher } from '../batcher.ts'
import type { Contents } from './contents.ts'
import type { Session } from './session.ts'

export interface PullLimits {
  readonly pullsMax: number
  readonly contentsMax: number
  readonly retryMs: number
}

interface Answered {
  readonly session: Session
  readonly queue: Queue
  readonly fresh: readonly number[]
}

export class Pulls {
  readonly #link: Link
  readonly #contents: Contents
  readonly #contentsMax: number
  readonly #batcher: Batcher<Session>

  constructor(link: Link, contents: Contents, { pullsMax, contentsMax, retryMs }: PullLimits) {
    this.#link = link
    this.#contents = contents
    this.#contentsMax = contentsMax
    this.#batcher = new Batcher({ max: pullsMax, retryMs, send: sessions => this.#send(sessions) })
  }

  add(session: Session): void {
    this.#batcher.add(session)
  }

  async #send(sessions: readonly Session[]): Promise<boolean> {
    const asking = new Map<number, Session>()
    const devices = sessions.flatMap(session => {
      const request = session.request()
      if (request) asking.set(request.deviceId, session)
      return request ?? []
    })
    if (devices.length === 0) return true
    const reply = await this.#link.call({
      op: 'queue.pull',
      args: { devices },
      caller: { as: 'door' },
      request: 'devices',
    })
    const isDone = !('refusal' in reply) && (await this.#hand(asking, reply.result.queues))
    if (!isDone) for (const session of asking.values()) session.postpone()
    return isDone
  }

  /** @returns false when the core could not say what the pushes hold */
  async #hand(asking: ReadonlyMap<number, Session>, queues: readonly Queue[]): Promise<boolean> {
    const answered = queues.map(queue => {
      const session = asking.get(queue.deviceId)!
      return { session, queue, fresh: session.fresh(queue) }
    })
    for (const some of this.#inParts(answered)) {
      const msgIds = [...new Set(some.flatMap(({ fresh }) => fresh))]
      const pushes = await this.#contents.get(msgIds)
      if (!pushes) return false
      const byId = new Map(pushes.map(push => [push.msgId, push]))
      for (const { session, queue, fresh } of some)
        session.take(
          queue,
          fresh.map(msgId => byId.get(msgId)).filter(push => push !== undefined),
        )
    }
    return true
  }

  /** So that each part asks for about as many pushes as are kept at hand. */
  *#inParts(answered: readonly Answered[]): Generator<Answered[]> {
    let part: Answered[] = []
    let wanted = 0
    for (const each of answered) {
      part.push(each)
      wanted += each.fresh.length
      if (wanted < this.#contentsMax) continue
      yield part
      part = []
      wanted = 0
    }
    if (part.length > 0) yield part
  }
}
