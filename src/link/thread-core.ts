// The core's end of the thread link: takes batches of commands, answers in batches, passes wake-ups on.
import type { MessagePort } from 'node:worker_threads'
import { retryAfter } from '../contract/limits.ts'
import type { Wake } from '../contract/operations/wakes.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Serve } from './link.ts'
import {
  type CommandFrame,
  type FromCore,
  type ReplyFrame,
  type ToCore,
  toReplyFrame,
} from './thread-frames.ts'

export interface CoreEnd {
  readonly wake: (wake: Wake) => void
}

export function serveThread(port: MessagePort, serve: Serve, stop: () => Promise<void>): CoreEnd {
  let replies: ReplyFrame[] = []
  let wakes: Wake[] = []
  let isDraining = false

  const flush = () => {
    if (replies.length + wakes.length === 0) return
    post({ replies: JSON.stringify(replies), wakes })
    replies = []
    wakes = []
  }
  const schedule = () => {
    if (replies.length + wakes.length === 1) setImmediate(flush)
  }
  const close = () => {
    flush()
    port.close()
  }
  const post = (message: FromCore) => port.postMessage(message)

  const answer = async ({ id, sentAt, command }: CommandFrame) => {
    const isRefused = isDraining && command.caller.as !== 'door'
    const reply = isRefused
      ? { refusal: new Refusal('core_draining', {}, { retryAfterMs: retryAfter.drainMs }), facts: {} }
      : await serve(command, sentAt)
    replies.push(toReplyFrame(id, reply))
    schedule()
  }

  port.on('message', (message: ToCore) => {
    if ('commands' in message)
      for (const frame of JSON.parse(message.commands) as CommandFrame[]) void answer(frame)
    else if ('drain' in message) isDraining = message.drain
    else if ('freeze' in message) Atomics.wait(new Int32Array(message.freeze), 0, 0)
    // The last replies are still on their way through promises.
    else void stop().then(() => setImmediate(close))
  })
  post({ ready: true })

  return {
    wake: wake => {
      wakes.push(wake)
      schedule()
    },
  }
}
