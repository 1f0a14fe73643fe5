// From wake-ups to sockets: takes the wake-ups in order, several at a time, reads what they announce and offers it to
// the sessions concerned, in slices that let everything else in between.
import type { Wake } from '../../contract/operations/wakes.ts'
import type { Contents } from './contents.ts'
import type { Push } from './push-packet.ts'
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
      const first = run[0]!
      const announced = run.map(({ wake }) => byId.get(wake.msgId)).filter(push => push !== undefined)
      // What cannot be read now is still in the queues: whoever has missed it asks for its queue.
      const isMissing = announced.length < run.length
      if (first.wake.kind === 'broadcast')
        await this.#offerToApp(first.wake.appId, announced, isMissing && pushes === undefined)
      else await this.#offerToDevices(first.wake.devices, announced[0], first.number)
    }
  }

  async #offerToApp(appId: number, pushes: readonly Push[], isUnreadable: boolean): Promise<void> {
    let offered = 0
    for (const session of this.#sessions.ofApp(appId)) {
      if (isUnreadable) session.recheck()
      else session.offerBroadcasts(pushes)
      if (++offered % this.#limits.sliceSessions === 0) await turn()
    }
  }

  async #offerToDevices(devices: readonly number[], push: Push | undefined, number: number): Promise<void> {
    let offered = 0
    for (const deviceId of devices) {
      const session = this.#sessions.ofDevice(deviceId)
      if (push) session?.offer(push, number)
      else session?.recheck()
      if (++offered % this.#limits.sliceSessions === 0) await turn()
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
