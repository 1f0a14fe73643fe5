// A process that puts one send into an outbox and dies at a step of it. What it has been told is kept goes to its output.
import { writeSync } from 'node:fs'
import { EasemobClient, type EasemobOptions } from '../src/easemob.ts'
import { JpushClient, type JpushOptions } from '../src/jpush.ts'
import { Outbox, type Send } from '../src/outbox.ts'

export type Step = 'before write' | 'after write' | 'before call' | 'after commit' | 'before mark'

export interface Task {
  readonly path: string
  readonly jpush: JpushOptions
  readonly easemob: EasemobOptions
  readonly send: Send
  /** Marks the request of this send. */
  readonly text: string
  readonly step: Step
  readonly leaseMs: number
}

const task: Task = JSON.parse(process.argv[2]!)
const { path, send, text, step, leaseMs } = task
let isAnswered = false

function die(at: Step): void {
  if (at === step) process.kill(process.pid, 'SIGKILL')
}

const hooks = {
  fetch: (async (url, init) => {
    const isOurs = String(init?.body).includes(text)
    if (isOurs) die('before call')
    const response = await fetch(url, init)
    // Its head is here: the server has committed it.
    if (isOurs) die('after commit')
    isAnswered ||= isOurs
    return response
  }) as typeof fetch,
  onAttempt: () => {
    if (isAnswered) die('before mark')
  },
}

// It dies before that, or something is wrong.
setTimeout(() => process.exit(1), 30_000)

const outbox = new Outbox({
  path,
  jpush: new JpushClient({ ...task.jpush, ...hooks }),
  easemob: new EasemobClient({ ...task.easemob, ...hooks }),
  leaseMs,
  // Others' sends are under way beside it, and die with it.
  atOnceMax: 2,
})
const kept = outbox.send(send)
die('before write')
await kept
writeSync(1, 'kept')
die('after write')
