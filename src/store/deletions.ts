// What deleted apps and users leave behind. Nobody can ask for it any more, since ids of apps and users are never given
// out twice; it is removed piece by piece. Each piece says how many rows went: fewer than `limit` = none is left.
import { leaveAppGroups } from './app-groups.ts'
import { deleteCallbacksOfApp } from './callbacks.ts'
import { forgetContacts } from './contacts.ts'
import type { Sql } from './db.ts'
import { deleteDevice } from './devices.ts'
import { deleteDispatches } from './dispatches.ts'
import { removeFilesOfApp } from './files.ts'
import { releaseRoomAttributes } from './group-attributes.ts'
import { forgetGroupRequests } from './group-requests.ts'
import { dissolveGroupsOfApp } from './groups.ts'
import { deleteImagesOfApp } from './images.ts'
import { expireInbox } from './inbox.ts'
import { forgetReader } from './message-readers.ts'
import { deletePush } from './purge.ts'
import { deletePushFilesOfApp } from './push-files.ts'
import { deleteTemplatesOfApp } from './push-templates.ts'
import { forgetReactions } from './reactions.ts'
import { deleteSchedulesOfApp } from './schedules.ts'
import { removeSuperAdmin } from './super-admins.ts'
import { deleteUsageOfApp } from './usage.ts'
import { forgetAttributeBytes } from './user-attributes.ts'
import { forgetBlocks, removeFromBlocks } from './user-blocks.ts'
import { deleteUserDevice, listUserDevices } from './user-devices.ts'
import { forgetMutes } from './user-mutes.ts'
import { forgetUserSettings } from './user-settings.ts'
import { deleteUser } from './users.ts'

/**
 * For a user who is deleted: what waits for it, and who has blocked it, is left to `removeTraces`.
 * @returns whether there is any of it
 */
export async function leaveTraces(sql: Sql, uid: number): Promise<boolean> {
  const left = await sql.run(
    `INSERT INTO deleted_users (uid) SELECT CAST($1 AS BIGINT)
     WHERE EXISTS (SELECT 1 FROM inbox WHERE uid = $1)
        OR EXISTS (SELECT 1 FROM user_blocks WHERE blocked_uid = $1)
        OR EXISTS (SELECT 1 FROM room_attributes WHERE uid = $1)
        OR EXISTS (SELECT 1 FROM reaction_users WHERE uid = $1)
        OR EXISTS (SELECT 1 FROM message_readers WHERE uid = $1)
        OR EXISTS (SELECT 1 FROM group_requests WHERE uid = $1 OR inviter_uid = $1)`,
    uid,
  )
  return left > 0
}

/** Removes what deleted users have left, and forgets those of whom nothing is left. */
export async function removeTraces(sql: Sql, limit: number): Promise<number> {
  let removed = 0
  while (removed < limit) {
    const user = await sql.one<{ uid: number }>('SELECT uid FROM deleted_users ORDER BY uid LIMIT 1')
    if (!user) break
    removed += await expireInbox(sql, user.uid, Number.MAX_SAFE_INTEGER, limit - removed)
    for (const remove of [
      removeFromBlocks,
      releaseRoomAttributes,
      forgetGroupRequests,
      forgetReactions,
      forgetReader,
    ])
      if (removed < limit) removed += await remove(sql, user.uid, limit - removed)
    if (removed < limit) removed += await sql.run('DELETE FROM deleted_users WHERE uid = $1', user.uid)
  }
  return removed
}

/** The deleted app of which something may be left, the oldest first. */
export async function findDeletedApp(sql: Sql): Promise<number | undefined> {
  const row = await sql.one<{ appId: number }>(
    'SELECT app_id AS "appId" FROM deleted_apps ORDER BY app_id LIMIT 1',
  )
  return row?.appId
}

export interface RemovedDevice {
  readonly deviceId: number
  /** As `DeviceRow`. */
  readonly session: string | null
}

/** Devices of an app with their tags and queues. */
export async function removeDevices(
  sql: Sql,
  appId: number,
  limit: number,
): Promise<{ readonly count: number; readonly devices: readonly RemovedDevice[] }> {
  const listed = await sql.all<RemovedDevice>(
    'SELECT device_id AS "deviceId", session FROM devices WHERE app_id = $1 LIMIT $2',
    appId,
    limit,
  )
  const devices: RemovedDevice[] = []
  let count = 0
  for (const device of listed) {
    count += await removeTargets(sql, device.deviceId, limit - count)
    if (count >= limit) break
    count += await deleteDevice(sql, device.deviceId)
    devices.push(device)
    if (count >= limit) break
  }
  return { count, devices }
}

function removeTargets(sql: Sql, deviceId: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM push_targets WHERE device_id = $1 AND msg_id IN
       (SELECT msg_id FROM push_targets WHERE device_id = $1 ORDER BY msg_id LIMIT $2)`,
    deviceId,
    limit,
  )
}

/** What a user has of its own, and not without end. */
const belongings = [forgetContacts, forgetBlocks, forgetMutes, removeSuperAdmin, forgetUserSettings]

/**
 * A user with its devices and lists; what may be much is left as traces. Its groups are not its own.
 * @returns how many rows went, and whether any are left
 */
export async function removeUser(
  sql: Sql,
  uid: number,
): Promise<{ readonly count: number; readonly leavesTraces: boolean }> {
  let count = 1
  for (const { deviceId } of await listUserDevices(sql, uid))
    count += await deleteUserDevice(sql, uid, deviceId)
  for (const forget of belongings) count += await forget(sql, uid)
  await deleteUser(sql, uid)
  return { count, leavesTraces: await leaveTraces(sql, uid) }
}

/** A live session that is over. */
export interface RemovedSession {
  readonly uid: number
  readonly deviceId: number
  readonly session: string
}

/** Users of an app with their devices and lists; what may be much is left to the way of deleted users. */
export async function removeUsers(
  sql: Sql,
  appId: number,
  limit: number,
): Promise<{ readonly count: number; readonly sessions: readonly RemovedSession[] }> {
  const users = await sql.all<{ uid: number }>(
    'SELECT uid FROM users WHERE app_id = $1 ORDER BY uid LIMIT $2',
    appId,
    limit,
  )
  const sessions: RemovedSession[] = []
  let count = 0
  for (const { uid } of users) {
    for (const { deviceId, session } of await listUserDevices(sql, uid))
      if (session !== null) sessions.push({ uid, deviceId, session })
    count += (await removeUser(sql, uid)).count
    if (count >= limit) break
  }
  return { count, sessions }
}

/**
 * Everything an app has but its devices and users. Of its groups only the rows themselves go: members are left to the
 * way of dissolved groups.
 */
export async function removeRest(sql: Sql, appId: number, limit: number): Promise<number> {
  let removed = 0
  for (const remove of [
    dissolveGroupsOfApp,
    removeFilesOfApp,
    removeMessages,
    removeNotices,
    deleteCallbacksOfApp,
    deleteTemplatesOfApp,
    removeResults,
    deleteSchedulesOfApp,
    deletePushFilesOfApp,
    deleteImagesOfApp,
    leaveAppGroups,
    deleteUsageOfApp,
    removePushes,
  ]) {
    removed += await remove(sql, appId, limit - removed)
    if (removed >= limit) break
  }
  return removed
}

function removeMessages(sql: Sql, appId: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM messages WHERE msg_id IN
       (SELECT msg_id FROM messages WHERE app_id = $1 ORDER BY msg_id LIMIT $2)`,
    appId,
    limit,
  )
}

function removeNotices(sql: Sql, appId: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM notices WHERE notice_id IN
       (SELECT notice_id FROM notices WHERE app_id = $1 ORDER BY notice_id LIMIT $2)`,
    appId,
    limit,
  )
}

function removeResults(sql: Sql, appId: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM idempotency WHERE app_id = $1 AND (scope, idempotency_key) IN
       (SELECT scope, idempotency_key FROM idempotency WHERE app_id = $1 LIMIT $2)`,
    appId,
    limit,
  )
}

async function removePushes(sql: Sql, appId: number, limit: number): Promise<number> {
  const pushes = await sql.all<{ msgId: number }>(
    'SELECT msg_id AS "msgId" FROM pushes WHERE app_id = $1 ORDER BY msg_id LIMIT $2',
    appId,
    limit,
  )
  let removed = 0
  for (const { msgId } of pushes) {
    removed += await deleteDispatches(sql, msgId, limit - removed)
    if (removed >= limit) break
    removed += await deletePush(sql, msgId)
    if (removed >= limit) break
  }
  return removed
}

/** Once nothing else of it is left. */
export async function forgetDeletedApp(sql: Sql, appId: number): Promise<void> {
  await sql.run('DELETE FROM group_counts WHERE app_id = $1', appId)
  await forgetAttributeBytes(sql, appId)
  await sql.run('DELETE FROM device_counts WHERE app_id = $1', appId)
  await sql.run('DELETE FROM deleted_apps WHERE app_id = $1', appId)
}
