// The gateway's end when the core runs in a worker thread of the same process. It starts the thread, starts it again
// when it dies, and can stop, freeze or drain it: the real causes of 502, 504 and 503.
import { Worker } from 'node:worker_threads'
import type { Wake } from '../contract/operations/wakes.ts'
import type { Command, OperationName } from '../contract/operations.ts'
import { Refusal } from '../contract/refusal.ts'
import type { CoreState, Link, Reply } from './link.ts'
import { PendingCalls, type PendingLimits } from './pending-calls.ts'
import {
  type CommandFrame,
  type FromCore,
  fromReplyFrame,
  type ReplyFrame,
  type ToCore,
} from './thread-frames.ts'

export interface ThreadLinkOptions extends PendingLimits {
  /** The module that serves the core in the new thread. */
  readonly entry: URL
  readonly workerData: unknown
  /** Wait before a dead core is started again; doubles with each failure up to `restartMsMax`. */
  readonly restartMs: number
  readonly restartMsMax: number
  /** Commands that cross together at most. */
  readonly batchMax: number
  /** Longest a stopping core may take to finish what it holds. */
  readonly stopMsMax: number
  readonly onError: (error: Error) => void
}

/**
 * `running`, `frozen` and `draining` are states of a core that is there; one that dies in any of them is started again
 * and runs. `stopped` is left only by `control`.
 */
export class ThreadLink implements Link {
  readonly #options: ThreadLinkOptions
  readonly #pending: PendingCalls
  readonly #wakeListeners: ((wake: Wake) => void)[] = []
  readonly #startListeners: (() => void)[] = []
  #worker: Worker | undefined
  #isReady = false
  #outgoing: CommandFrame[] = []
  #state: CoreState = 'stopped'
  #frozen: Int32Array | undefined
  #restartMs: number
  #restartTimer: NodeJS.Timeout | undefined
  #starting = Promise.withResolvers<void>()
  #lastError: Error | undefined
  #controls: Promise<void> = Promise.resolve()

  constructor(options: ThreadLinkOptions) {
    this.#options = options
    this.#pending = new PendingCalls(options)
    this.#restartMs = options.restartMs
  }

  /** @throws Error what kept the core from starting; it is not tried again */
  async start(): Promise<void> {
    this.#state = 'running'
    try {
      await this.#spawn()
    } catch (error) {
      this.#state = 'stopped'
      clearTimeout(this.#restartTimer)
      throw error
    }
  }

  get state(): CoreState {
    return this.#state
  }

  /** False while the core is away, whatever the reason. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** Calls that wait for the core. */
  get inFlight(): number {
    return this.#pending.size
  }

  call<Name extends OperationName>(command: Command<Name>): Promise<Reply<Name>> {
    if (!this.#isReady) return Promise.resolve({ refusal: new Refusal('core_gone'), facts: {} })
    const call = this.#pending.open()
    if (call instanceof Refusal) return Promise.resolve({ refusal: call, facts: {} })
    this.#outgoing.push({ id: call.id, sentAt: Date.now(), command })
    // What arrives in this turn of the event loop crosses together; of a long turn the first part goes ahead, so that
    // the core commits it while the rest is being read.
    if (this.#outgoing.length >= this.#options.batchMax) this.#flush()
    else if (this.#outgoing.length === 1) setImmediate(() => this.#flush())
    return call.reply as Promise<Reply<Name>>
  }

  onWake(listener: (wake: Wake) => void): void {
    this.#wakeListeners.push(listener)
  }

  onCoreStart(listener: () => void): void {
    this.#startListeners.push(listener)
  }

  /**
   * Brings the core into `state`; resolves when it is there. Changes asked for at once are made one after the other.
   * @throws Refusal `core_state_invalid` when the core is not there to be frozen or drained, or cannot start
   */
  control(state: CoreState): Promise<void> {
    const change = this.#controls.then(() => this.#change(state))
    this.#controls = change.catch(() => {})
    return change
  }

  async #change(state: CoreState): Promise<void> {
    if (state === this.#state) return
    if (state === 'stopped') return this.#stop()
    if (this.#state === 'stopped') await this.start().catch(refuseState)
    if (!this.#isReady) refuseState()
    this.#thaw()
    if (this.#state === 'draining') this.#post({ drain: false })
    this.#state = state
    if (state === 'draining') this.#post({ drain: true })
    if (state === 'frozen') this.#freeze()
  }

  /** Lets the core finish what it has, then ends the thread. */
  async close(): Promise<void> {
    const worker = this.#worker
    if (worker && this.#isReady) {
      this.#thaw()
      this.#state = 'stopped'
      this.#flush()
      const gone = new Promise<void>(resolve => worker.once('exit', () => resolve()))
      this.#post({ stop: true })
      const timer = setTimeout(() => void worker.terminate(), this.#options.stopMsMax)
      await gone
      clearTimeout(timer)
    } else await this.#stop()
    this.#pending.close()
  }

  #spawn(): Promise<void> {
    const worker = new Worker(this.#options.entry, { workerData: this.#options.workerData })
    this.#worker = worker
    this.#lastError = undefined
    this.#starting = Promise.withResolvers()
    worker.on('message', (message: FromCore) => this.#receive(message))
    worker.on('error', error => {
      this.#lastError = error as Error
      this.#options.onError(this.#lastError)
    })
    worker.on('exit', code => this.#ended(worker, code))
    return this.#starting.promise
  }

  #receive(message: FromCore): void {
    if ('ready' in message) return this.#ready()
    for (const frame of JSON.parse(message.replies) as ReplyFrame[])
      this.#pending.settle(frame.id, fromReplyFrame(frame))
    for (const wake of message.wakes) for (const listener of this.#wakeListeners) listener(wake)
  }

  #ready(): void {
    this.#isReady = true
    this.#restartMs = this.#options.restartMs
    this.#starting.resolve()
    for (const listener of this.#startListeners) listener()
  }

  #ended(worker: Worker, code: number): void {
    if (worker !== this.#worker) return
    this.#worker = undefined
    this.#isReady = false
    this.#outgoing = []
    this.#frozen = undefined
    this.#pending.refuseAll('core_gone')
    this.#starting.reject(this.#lastError ?? new Error(`the core ended with code ${code}`))
    if (this.#state === 'stopped') return
    this.#state = 'running'
    this.#restartTimer = setTimeout(() => this.#restart(), this.#restartMs)
    this.#restartMs = Math.min(this.#restartMs * 2, this.#options.restartMsMax)
  }

  #restart(): void {
    // A failure has been reported by then, and has set the timer for the next attempt.
    this.#spawn().catch(() => {})
  }

  async #stop(): Promise<void> {
    this.#thaw()
    this.#state = 'stopped'
    this.#isReady = false
    clearTimeout(this.#restartTimer)
    await this.#worker?.terminate()
  }

  #freeze(): void {
    const cell = new SharedArrayBuffer(4)
    this.#frozen = new Int32Array(cell)
    this.#post({ freeze: cell })
  }

  #thaw(): void {
    if (!this.#frozen) return
    Atomics.store(this.#frozen, 0, 1)
    Atomics.notify(this.#frozen, 0)
    this.#frozen = undefined
  }

  #flush(): void {
    if (this.#outgoing.length === 0) return
    this.#post({ commands: JSON.stringify(this.#outgoing) })
    this.#outgoing = []
  }

  #post(message: ToCore): void {
    this.#worker?.postMessage(message)
  }
}

function refuseState(): never {
  throw new Refusal('core_state_invalid')
}
