// How far a message has come with those it is for, as their queues say.
import type { Sql } from './db.ts'

/** One device of a receiver; a receiver without any has one row all the same. */
export interface ReceivingDevice {
  readonly uid: number
  readonly username: string
  /** 0 = the user has no device. */
  readonly deviceId: number
  readonly resource: string | null
  readonly isOnline: number
  /** The device has confirmed the message, or what came after it in the queue. */
  readonly hasAcknowledged: number
  /** The message is in the user's queue: not all of its devices have confirmed it. */
  readonly isWaiting: number
  /** Epoch ms; null = nobody has said so. */
  readonly readAt: number | null
}

/** @param after the user (a uid) and device of the row before */
export interface DevicePage {
  readonly after: { readonly uid: number; readonly deviceId: number }
  readonly limit: number
}

/** $1 = the queue, $2 = the message. */
const columns = `u.uid, u.username, COALESCE(d.device_id, 0) AS "deviceId", d.resource,
  CASE WHEN d.session IS NULL THEN 0 ELSE 1 END AS "isOnline",
  CASE WHEN c.acknowledged >= $2 THEN 1 ELSE 0 END AS "hasAcknowledged",
  CASE WHEN EXISTS (SELECT 1 FROM inbox i WHERE i.uid = u.uid AND i.queue = $1 AND i.entry_id = $2)
    THEN 1 ELSE 0 END AS "isWaiting",
  r.read_at AS "readAt"`

const joins = `LEFT JOIN user_devices d ON d.uid = u.uid
  LEFT JOIN inbox_cursors c ON c.uid = u.uid AND c.queue = $1 AND c.device_id = d.device_id
  LEFT JOIN message_readers r ON r.msg_id = $2 AND r.uid = u.uid`

/** The devices of one user. */
export function listReceivingDevices(
  sql: Sql,
  uid: number,
  queue: string,
  msgId: number,
): Promise<ReceivingDevice[]> {
  return sql.all<ReceivingDevice>(
    `SELECT ${columns} FROM users u ${joins} WHERE u.uid = $3 ORDER BY d.device_id`,
    queue,
    msgId,
    uid,
  )
}

/** Of those who are members of a group, and were at this time (epoch ms), but one (a uid). */
export function listReceivingDevicesOfGroup(
  sql: Sql,
  groupId: number,
  queue: string,
  msgId: number,
  { joinedBy, except, after, limit }: DevicePage & { readonly joinedBy: number; readonly except: number },
): Promise<ReceivingDevice[]> {
  return sql.all<ReceivingDevice>(
    `SELECT ${columns} FROM group_members m JOIN users u ON u.uid = m.uid ${joins}
     WHERE m.group_id = $3 AND m.uid >= $4 AND (m.uid > $4 OR COALESCE(d.device_id, 0) > $5)
       AND m.uid <> $6 AND m.joined_at <= $7 AND m.is_shielded = 0
     ORDER BY m.uid, d.device_id LIMIT $8`,
    queue,
    msgId,
    groupId,
    after.uid,
    after.deviceId,
    except,
    joinedBy,
    limit,
  )
}
