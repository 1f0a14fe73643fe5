// One device's session: what is on its way to it, and whether it keeps up.
//
// - quiet: not subscribed. Nothing is sent.
// - live: has everything the core has for it; what a wake-up announces is sent at once.
// - behind: there may be more in its queue than it was sent. Wake-ups are ignored; it pulls when it has room.
// - pulling: has asked the core for its queue. A wake-up meanwhile may tell of something the answer lacks, so it is
//   noted, and the session asks once more.
//
// quiet → behind by SUBSCRIBE; behind → pulling → live, or behind again; live → behind when the window or the buffer is
// full, and when the core has been away.
import type { OpenedSession, Queue, QueueRequest } from '../../contract/operations/devices.ts'
import type { Platform } from '../../contract/operations/pushes.ts'
import type { Connection } from './connection.ts'
import type { Push, PushPacket } from './push-packet.ts'
import type { DeviceEvent, Receipts } from './receipts.ts'

/** A push that was sent. It stays until its receipt is committed: only then the core knows. */
export interface Flight {
  readonly packetId: number
  readonly msgId: number
  readonly isBroadcast: boolean
  isAcknowledged: boolean
}

export interface SessionSurroundings {
  readonly receipts: Receipts
  /** Wants its queue pulled as soon as possible. */
  readonly pull: (session: Session) => void
  /** How many wake-ups have arrived at this gateway. */
  readonly wakeCount: () => number
  readonly bufferBytesMax: number
  readonly eventsMax: number
}

type State = 'quiet' | 'live' | 'behind' | 'pulling'

interface Outgoing {
  readonly packet: PushPacket
  readonly packetId: number
}

const packetIdMax = 65_535
const none: readonly Flight[] = []

export class Session {
  readonly name: string
  readonly deviceId: number
  readonly appId: number
  readonly platform: Platform
  readonly connection: Connection
  readonly #openedAt: number
  readonly #surroundings: SessionSurroundings
  readonly #window: number
  #state: State = 'quiet'
  /** None while nothing is on its way: most sessions are idle. */
  #flights: Flight[] | undefined
  #unacknowledged = 0
  #lastPacketId = 0
  #eventsWaiting = 0
  /** A message id: every broadcast up to it was sent or needs nothing more. */
  #seen: number
  /** The wake-ups counted when the last pull began, and when its answer came. */
  #pulledFrom = 0
  #pulledUntil = 0
  #hasMissedWake = false
  /** Pushes larger than the device wants its packets: as good as sent (MQTT 5 §3.1.2.11.4). */
  #tooLarge: Set<number> | undefined

  constructor(
    name: string,
    { deviceId, appId, platform, openedAt }: OpenedSession,
    connection: Connection,
    window: number,
    surroundings: SessionSurroundings,
  ) {
    this.name = name
    this.deviceId = deviceId
    this.appId = appId
    this.platform = platform
    this.connection = connection
    this.#openedAt = openedAt
    this.#seen = 0
    this.#window = window
    this.#surroundings = surroundings
  }

  get isSubscribed(): boolean {
    return this.#state !== 'quiet'
  }

  /** A message id: every broadcast up to it is acknowledged and committed, or was none of this session's. */
  get settled(): number {
    let settled = this.#seen
    for (const { isBroadcast, msgId } of this.#flights ?? none)
      if (isBroadcast && msgId <= settled) settled = msgId - 1
    return settled
  }

  subscribe(): void {
    if (this.#state !== 'quiet') return
    this.#fallBehind()
  }

  unsubscribe(): void {
    this.#state = 'quiet'
  }

  /** The core has been away: what it announced meanwhile was not heard. */
  recheck(): void {
    if (this.#state === 'pulling') this.#hasMissedWake = true
    else if (this.#state !== 'quiet') this.#fallBehind()
  }

  /** Pushes to everybody, oldest first, as they were announced. */
  offerBroadcasts(pushes: readonly Push[]): void {
    if (this.#state === 'pulling') this.#hasMissedWake = true
    if (this.#state !== 'live') return
    const fresh = pushes.filter(({ msgId }) => msgId > this.#seen)
    const last = fresh.at(-1)
    if (!last) return
    this.#send(fresh)
    if (this.#state === 'live') this.#seen = last.msgId
  }

  /** A push to this device among others. @param wake the number of the wake-up that announced it */
  offer(push: Push, wake: number): void {
    if (this.#state === 'pulling') this.#hasMissedWake = true
    // Announced before the last pull began, so the pull has brought it.
    if (this.#state !== 'live' || wake <= this.#pulledFrom) return
    // Announced while the core answered the pull: in the answer or not, only the queue tells.
    if (wake <= this.#pulledUntil) this.#fallBehind()
    else this.#send([push])
  }

  /** Begins a pull: what to ask the core for. */
  request(): QueueRequest | undefined {
    if (this.#state !== 'behind' || this.connection.isClosed) return undefined
    this.#state = 'pulling'
    this.#hasMissedWake = false
    this.#pulledFrom = this.#surroundings.wakeCount()
    const known = (this.#flights?.length ?? 0) + (this.#tooLarge?.size ?? 0)
    return {
      deviceId: this.deviceId,
      openedAt: this.#openedAt,
      settled: this.settled,
      limit: this.#window + known,
    }
  }

  /** The pull failed; it is to be tried again. */
  postpone(): void {
    if (this.#state === 'pulling') this.#state = 'behind'
  }

  /** Those of the queue that were not sent yet. Call it when the answer comes. */
  fresh({ msgIds }: Queue): number[] {
    this.#pulledUntil = this.#surroundings.wakeCount()
    return msgIds.filter(
      msgId => !this.#flights?.some(flight => flight.msgId === msgId) && !this.#tooLarge?.has(msgId),
    )
  }

  /** Ends a pull with the queue's answer and the pushes that `fresh` asked for. */
  take({ through, hasMore }: Queue, pushes: readonly Push[]): void {
    if (this.#state !== 'pulling') return
    const hasProgressed = pushes.length > 0 || through > this.#seen
    this.#state = 'live'
    this.#send(pushes)
    if (this.#state !== 'live') return
    this.#seen = Math.max(this.#seen, through)
    if (this.#hasMissedWake || (hasMore && hasProgressed)) this.#fallBehind()
  }

  /** PUBACK: the device has it. */
  acknowledge(packetId: number): void {
    const flight = this.#flights?.find(each => each.packetId === packetId && !each.isAcknowledged)
    // An id that is not on its way: sent before the device took a new session, or out of the blue.
    if (!flight) return
    flight.isAcknowledged = true
    this.#unacknowledged--
    this.#surroundings.receipts.add({ session: this, msgId: flight.msgId, flight })
  }

  /** The receipt is committed. */
  confirm(flight: Flight): void {
    const flights = this.#flights!
    if (flights.length === 1) this.#flights = undefined
    else flights.splice(flights.indexOf(flight), 1)
    if (this.#state === 'behind' && this.#unacknowledged <= this.#window / 2) this.#fallBehind()
  }

  /** The device has shown a push, or somebody has opened it; `packetId` is 0 for QoS 0. */
  addEvent(msgId: number, event: DeviceEvent, packetId: number): void {
    this.#eventsWaiting++
    if (this.#eventsWaiting >= this.#surroundings.eventsMax) this.connection.hold()
    this.#surroundings.receipts.add({ session: this, msgId, event, packetId })
  }

  confirmEvent(packetId: number): void {
    if (packetId > 0) this.connection.acknowledgeEvent(packetId)
    if (this.#eventsWaiting === this.#surroundings.eventsMax) this.connection.release()
    this.#eventsWaiting--
  }

  /** The buffer is empty again. */
  drained(): void {
    if (this.#state === 'behind') this.#fallBehind()
  }

  #fallBehind(): void {
    this.#state = 'behind'
    if (this.#hasRoom) this.#surroundings.pull(this)
  }

  get #hasRoom(): boolean {
    const { connection } = this
    return this.#unacknowledged < this.#window && connection.unsentBytes < this.#surroundings.bufferBytesMax
  }

  /** In one write. Falls behind with what finds no room. */
  #send(pushes: readonly Push[]): void {
    const outgoing: Outgoing[] = []
    let bytes = 0
    for (const push of pushes) {
      const packet = push.packetFor(this.platform, this.connection.version)
      if (!packet || this.#flights?.some(({ msgId }) => msgId === push.msgId)) continue
      if (packet.length > this.connection.packetBytesMax) {
        this.#tooLarge ??= new Set()
        this.#tooLarge.add(push.msgId)
        continue
      }
      if (!this.#hasRoom || bytes >= this.#surroundings.bufferBytesMax) {
        this.#state = 'behind'
        break
      }
      outgoing.push({ packet, packetId: this.#launch(push) })
      bytes += packet.length
    }
    if (outgoing.length > 0) this.connection.sendPushes(outgoing, bytes)
    // The network may have taken it all at once: then no drain will tell.
    if (this.#state === 'behind') this.#fallBehind()
  }

  #launch({ msgId, isBroadcast }: Push): number {
    this.#flights ??= []
    const packetId = this.#nextPacketId(this.#flights)
    this.#flights.push({ packetId, msgId, isBroadcast, isAcknowledged: false })
    this.#unacknowledged++
    return packetId
  }

  /** Ids of what is on its way are not given out again [MQTT-2.3.1-2]. */
  #nextPacketId(flights: readonly Flight[]): number {
    do this.#lastPacketId = (this.#lastPacketId % packetIdMax) + 1
    while (flights.some(({ packetId }) => packetId === this.#lastPacketId))
    return this.#lastPacketId
  }
}
