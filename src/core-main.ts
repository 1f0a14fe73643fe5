// The core role when it runs in a worker thread: opens a core and serves the link with it. app.ts starts it.
import { parentPort, workerData } from 'node:worker_threads'
import type { Config } from './config.ts'
import type { Wake } from './contract/operations/wakes.ts'
import { systemClock } from './lib/clock.ts'
import { serveThread } from './link/thread-core.ts'
import { openCore } from './open-core.ts'

let wake: (wake: Wake) => void = () => {}
const { core, jobs, close } = await openCore(workerData as Config, systemClock, message => wake(message))
const end = serveThread(parentPort!, (command, sentAt) => core.serve(command, sentAt), close)
wake = end.wake
jobs.start()
