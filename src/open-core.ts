// Puts a core together: the store, the world its rules live in, the jobs that run without being asked.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Config } from './config.ts'
import type { Wake } from './contract/operations/wakes.ts'
import { Apps } from './core/apps.ts'
import { BoundApps } from './core/bound-apps.ts'
import { CallbackGate } from './core/callback-gate.ts'
import { ChannelAccounts } from './core/channel-accounts.ts'
import { ChannelGate } from './core/channel-gate.ts'
import { Core } from './core/core.ts'
import { KeptConversations } from './core/kept-conversations.ts'
import { OnlineDevices } from './core/online.ts'
import { OnlineUsers } from './core/online-users.ts'
import { Passwords } from './core/passwords.ts'
import { Quotas } from './core/quotas.ts'
import { Seal, sealKeyBytes } from './core/seal.ts'
import { TagBitmaps } from './core/tag-bitmaps.ts'
import { Tokens } from './core/tokens.ts'
import { UserIds } from './core/user-ids.ts'
import { Activity, type World } from './core/world.ts'
import { CountOnline } from './jobs/count-online.ts'
import { Dispatch } from './jobs/dispatch.ts'
import { dissolve } from './jobs/dissolve.ts'
import { EndLostSessions } from './jobs/end-lost-sessions.ts'
import { ExpireMessages } from './jobs/expire-messages.ts'
import { fanOut } from './jobs/fan-out.ts'
import { fillTagBitmaps } from './jobs/fill-tag-bitmaps.ts'
import { forget } from './jobs/forget.ts'
import { ForgetUserDevices } from './jobs/forget-user-devices.ts'
import { Purge } from './jobs/purge.ts'
import { removeContents } from './jobs/remove-contents.ts'
import { forgetSchedules, runSchedules } from './jobs/run-schedules.ts'
import { JobRunner } from './jobs/runner.ts'
import { SendCallbacks } from './jobs/send-callbacks.ts'
import { SweepContents } from './jobs/sweep-contents.ts'
import type { Clock } from './lib/clock.ts'
import { MessageIds } from './lib/message-id.ts'
import { databaseFile } from './store/database-files.ts'
import { greatestMessageId } from './store/messages.ts'
import { keepSecret } from './store/secrets.ts'
import { SqliteDb } from './store/sqlite.ts'

/** What vendors have not answered by then is met as after a crash: repeated where that is harmless. */
const closeMsMax = 2_000

export interface OpenCore {
  readonly core: Core
  /** Not started: what is due is done once they are. */
  readonly jobs: JobRunner
  /** Finishes what is under way and closes the store. */
  close(): Promise<void>
}

/**
 * @param wake where wake-ups for gateways go
 * @throws Error in words for the operator when the store cannot be opened
 */
export async function openCore(config: Config, clock: Clock, wake: (wake: Wake) => void): Promise<OpenCore> {
  const db = SqliteDb.open({
    file: databaseFile(config.dataDir),
    bytesMax: config.store.databaseBytesMax,
    groupMax: config.store.groupMax,
  })
  const tokenSecret = await db.write(sql =>
    keepSecret(sql, 'tokens', () => randomBytes(32).toString('base64url')),
  )
  const apps = new Apps()
  await apps.load(db, config)
  const { caFile, timeoutMs, gate } = config.core.dispatch
  const channels = new ChannelAccounts(new Seal(keepSealKey(config.dataDir)), new ChannelGate(clock, gate), {
    now: () => clock.now(),
    ca: caFile ? [readFileSync(caFile, 'utf8')] : [],
    timeoutMs,
  })
  await channels.load(db)
  const ids = new MessageIds(clock, await db.read(sql => greatestMessageId(sql)))
  const world: World = {
    db,
    clock,
    ids,
    config,
    log: pino({ level: config.logLevel, name: 'core' }),
    activity: new Activity(),
    apps,
    tokens: new Tokens(Buffer.from(tokenSecret, 'base64url'), clock),
    passwords: new Passwords(config.core, clock),
    quotas: new Quotas(clock),
    userIds: new UserIds(),
    boundApps: new BoundApps(),
    keptConversations: new KeptConversations(),
    callbackGate: new CallbackGate(clock, config.core.callbacks),
    channels,
    tagBitmaps: new TagBitmaps(config.core.delivery.tagBitmapBytesMax),
    random: Math.random,
    online: new OnlineDevices(ids.last, clock.now()),
    onlineUsers: new OnlineUsers(),
    nudge: name => jobs.nudge(name),
    wake,
  }
  const dispatch = new Dispatch()
  const jobs = new JobRunner(world, [
    fanOut,
    new EndLostSessions(),
    new Purge(),
    dissolve,
    forget,
    new ExpireMessages(),
    new ForgetUserDevices(),
    new SendCallbacks(),
    removeContents,
    new SweepContents(),
    runSchedules,
    new CountOnline(),
    dispatch,
    forgetSchedules,
    fillTagBitmaps,
  ])
  return {
    core: new Core(world),
    jobs,
    close: async () => {
      await jobs.stop()
      await channels.close(closeMsMax)
      await dispatch.stop()
      await db.close()
    },
  }
}

/** The key that vendors' credentials are sealed with lies beside the database, not in it. */
function keepSealKey(dataDir: string): Buffer {
  const file = join(dataDir, 'credentials.key')
  if (!existsSync(file)) writeFileSync(file, randomBytes(sealKeyBytes), { mode: 0o600, flag: 'wx' })
  const key = readFileSync(file)
  if (key.length !== sealKeyBytes) throw new Error(`${file} is no key: it must hold ${sealKeyBytes} bytes`)
  return key
}
