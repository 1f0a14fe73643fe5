// Composition root of the core role when it runs in a worker thread: opens the store, builds the world, serves the
// link. app.ts starts it.
import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { pino } from 'pino'
import type { Config } from './config.ts'
import type { Wake } from './contract/operations/wakes.ts'
import { Apps } from './core/apps.ts'
import { Core } from './core/core.ts'
import { OnlineDevices } from './core/online.ts'
import { Passwords } from './core/passwords.ts'
import { Quotas } from './core/quotas.ts'
import { Tokens } from './core/tokens.ts'
import { UserIds } from './core/user-ids.ts'
import type { World } from './core/world.ts'
import { dissolve } from './jobs/dissolve.ts'
import { ExpireMessages } from './jobs/expire-messages.ts'
import { fanOut } from './jobs/fan-out.ts'
import { Purge } from './jobs/purge.ts'
import { JobRunner } from './jobs/runner.ts'
import { systemClock } from './lib/clock.ts'
import { MessageIds } from './lib/message-id.ts'
import { serveThread } from './link/thread-core.ts'
import { databaseFile } from './store/database-files.ts'
import { greatestMessageId } from './store/messages.ts'
import { keepSecret } from './store/secrets.ts'
import { SqliteDb } from './store/sqlite.ts'

const config = workerData as Config
const db = SqliteDb.open({
  file: databaseFile(config.dataDir),
  bytesMax: config.store.databaseBytesMax,
  groupMax: config.store.groupMax,
})
const tokenSecret = await db.write(sql =>
  keepSecret(sql, 'tokens', () => randomBytes(32).toString('base64url')),
)
const apps = new Apps()
await apps.load(db)

let wake: (wake: Wake) => void = () => {}
const ids = new MessageIds(systemClock, await db.read(sql => greatestMessageId(sql)))
const world: World = {
  db,
  clock: systemClock,
  ids,
  config,
  log: pino({ level: config.logLevel, name: 'core' }),
  apps,
  tokens: new Tokens(Buffer.from(tokenSecret, 'base64url'), systemClock),
  passwords: new Passwords(config.core, systemClock),
  quotas: new Quotas(systemClock),
  userIds: new UserIds(),
  online: new OnlineDevices(ids.last),
  nudge: name => jobs.nudge(name),
  wake: message => wake(message),
}
const jobs = new JobRunner(world, [fanOut, new Purge(), dissolve, new ExpireMessages()])
const core = new Core(world)
const end = serveThread(
  parentPort!,
  (command, sentAt) => core.serve(command, sentAt),
  async () => {
    await jobs.stop()
    await db.close()
  },
)
wake = end.wake
jobs.start()
