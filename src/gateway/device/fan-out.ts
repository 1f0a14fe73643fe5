// From wake-ups to sockets: takes the wake-ups in order, several at a time, reads what they announce and offers it to
// the sessions concerned, in slices that let everything else in between.
import type { Wake } from '../../contract/operations/wakes.ts'
import type { Contents } from './contents.ts'
import type { Session } from './session.ts'
import type { SessionRegistry } from './session-registry.ts'

type PushWake = Extract<Wake, { kind: 'push' }>
type BroadcastWake = Extract<Wake, { kind: 'broadcast' }>

interface Numbered {
  readonly wake: PushWake | BroadcastWake
  readonly number: number
}

export interface FanOutLimits {
  readonly sliceSessions: number
  readonly contentsMax: number
}

/** Wake-ups handled together: what they announce to one session leaves in one write. */
const wakesMax = 64
/** More than this waiting are dropped, and every session asks for its queue instead. */
const waitingMax = 10_000

export class FanOut {
  readonly #sessions: SessionRegistry
  readonly #contents: Contents
  readonly #limits: FanOutLimits
  #waiting: Numbered[] = []
  #isRunning = false
  #count = 0

  constructor(sessions: SessionRegistry, contents: Contents, limits: FanOutLimits) {
    this.#sessions = sessions
    this.#contents = contents
    this.#limits = limits
  }

  /** How many wake-ups have come. */
  get count(): number {
    return this.#count
  }

  add(wake: PushWake | BroadcastWake): void {
    if (this.#waiting.length >= waitingMax) {
      this.forget()
      for (const session of this.#sessions.all()) session.recheck()
    }
    this.#waiting.push({ wake, number: ++this.#count })
    if (this.#isRunning) return
    this.#isRunning = true
    void this.#run()
  }

  /** What was announced by a core that is gone: sessions ask anew anyway. */
  forget(): void {
    this.#waiting = []
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) await this.#handle(this.#waiting.splice(0, wakesMax))
    this.#isRunning = false
  }

  async #handle(wakes: readonly Numbered[]): Promise<void> {
    const pushes = await this.#contents.get([...new Set(wakes.map(({ wake }) => wake.msgId))])
    const byId = new Map(pushes?.map(push => [push.msgId, push]))
    for (const run of runsOf(wakes)) {
      const { wake, number } = run[0]!
      const announced = run.map(each => byId.get(each.wake.msgId)).filter(push => push !== undefined)
      // What cannot be read now is still in the queues: whoever it is for asks for its queue.
      const offer = (session: Session) => {
        if (!pushes) session.recheck()
        else if (wake.kind === 'broadcast') session.offerBroadcasts(announced)
        else if (announced[0]) session.offer(announced[0], number)
      }
      await this.#offerTo(wake, offer)
    }
  }

  /** In slices, with a turn of the event loop for everything else between two. */
  async #offerTo(wake: PushWake | BroadcastWake, offer: (session: Session) => void): Promise<void> {
    const sessions =
      wake.kind === 'broadcast' ? this.#sessions.ofApp(wake.appId) : this.#ofDevices(wake.devices)
    let offered = 0
    for (const session of sessions) {
      offer(session)
      if (++offered % this.#limits.sliceSessions === 0) await turn()
    }
  }

  *#ofDevices(devices: readonly number[]): Generator<Session> {
    for (const deviceId of devices) {
      const session = this.#sessions.ofDevice(deviceId)
      if (session) yield session
    }
  }
}

/** Broadcasts of one app that follow each other go together; everything else goes alone. */
function runsOf(wakes: readonly Numbered[]): Numbered[][] {
  const runs: Numbered[][] = []
  for (const each of wakes) {
    const run = runs.at(-1)
    if (run && isSameApp(run[0]!, each)) run.push(each)
    else runs.push([each])
  }
  return runs
}

function isSameApp({ wake: a }: Numbered, { wake: b }: Numbered): boolean {
  return a.kind === 'broadcast' && b.kind === 'broadcast' && a.appId === b.appId
}

function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
