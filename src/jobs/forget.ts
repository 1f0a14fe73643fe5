// Removes what deleted apps and users have left behind. To every caller they are gone at once; their rows follow in
// slices, so that no deletion takes as long as there is much to delete. A crash in between repeats nothing: what is
// still to go is what is still there.
import type { World } from '../core/world.ts'
import type { Sql } from '../store/db.ts'
import {
  findDeletedApp,
  forgetDeletedApp,
  type RemovedDevice,
  type RemovedSession,
  removeDevices,
  removeRest,
  removeTraces,
  removeUsers,
} from '../store/deletions.ts'
import { keepGreatestMessageId } from '../store/messages.ts'
import type { Job } from './runner.ts'

const rowsPerSlice = 500

interface Slice {
  readonly isLast: boolean
  readonly devices: readonly RemovedDevice[]
  /** Of users. */
  readonly sessions: readonly RemovedSession[]
}

export const forget = {
  name: 'forget',
  everyMs: 60_000,
  async run(world: Pick<World, 'db' | 'ids' | 'online' | 'onlineUsers' | 'wake' | 'nudge'>) {
    const { isLast, devices, sessions } = await world.db.write(sql => removeSlice(sql, world.ids.last))
    for (const { deviceId, session } of devices) {
      world.online.end(deviceId)
      if (session !== null) world.wake({ kind: 'end_session', deviceId, session, because: 'removed' })
    }
    for (const { uid, deviceId, session } of sessions) {
      world.onlineUsers.end(uid, deviceId, session)
      world.wake({ kind: 'end_user_sessions', uid, deviceId, session, because: 'removed' })
    }
    // They remove the members of the groups that were dissolved here, and the contents of files.
    if (isLast) for (const job of ['dissolve', 'remove_contents'] as const) world.nudge(job)
    return !isLast
  },
} satisfies Job

/** An app's devices and users come first, since some are still connected. */
async function removeSlice(sql: Sql, lastMessageId: number): Promise<Slice> {
  const none = { devices: [], sessions: [] }
  const traces = await removeTraces(sql, rowsPerSlice)
  if (traces >= rowsPerSlice) return { isLast: false, ...none }
  const appId = await findDeletedApp(sql)
  if (appId === undefined) return { isLast: true, ...none }
  await keepGreatestMessageId(sql, lastMessageId)
  let left = rowsPerSlice - traces
  const { count, devices } = await removeDevices(sql, appId, left)
  left -= count
  if (left <= 0) return { isLast: false, devices, sessions: [] }
  const users = await removeUsers(sql, appId, left)
  left -= users.count
  if (left > 0 && (await removeRest(sql, appId, left)) < left) await forgetDeletedApp(sql, appId)
  return { isLast: false, devices, sessions: users.sessions }
}
