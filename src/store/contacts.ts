// Who has whom among the contacts, and who has been invited. A contact is symmetric: two rows, one in each list, that
// come and go together.
import type { Sql } from './db.ts'

export interface ContactRow {
  readonly contactUid: number
  readonly username: string
  /** What the owner of the list calls the contact; '' = nothing. */
  readonly remark: string
  readonly addedAt: number
}

/** Where a list, newest first, goes on: after the one added at this moment under this uid. */
export interface ListPlace {
  readonly at: number
  readonly uid: number
}

export async function isContact(sql: Sql, uid: number, contactUid: number): Promise<boolean> {
  const row = await sql.one('SELECT uid FROM contacts WHERE uid = $1 AND contact_uid = $2', uid, contactUid)
  return row !== undefined
}

export async function countContacts(sql: Sql, uid: number): Promise<number> {
  const row = await sql.one<{ count: number }>('SELECT COUNT(*) AS count FROM contacts WHERE uid = $1', uid)
  return row!.count
}

export function listContacts(sql: Sql, uid: number, after: ListPlace, limit: number): Promise<ContactRow[]> {
  return sql.all<ContactRow>(
    `SELECT c.contact_uid AS "contactUid", u.username, c.remark, c.added_at AS "addedAt"
     FROM contacts c JOIN users u ON u.uid = c.contact_uid
     WHERE c.uid = $1 AND (c.added_at, c.contact_uid) < ($2, $3)
     ORDER BY c.added_at DESC, c.contact_uid DESC LIMIT $4`,
    uid,
    after.at,
    after.uid,
    limit,
  )
}

/** Two users who are none yet become contacts. */
export async function insertContacts(sql: Sql, one: number, other: number, addedAt: number): Promise<void> {
  for (const [uid, contactUid] of [
    [one, other],
    [other, one],
  ] as const)
    await sql.run(
      `INSERT INTO contacts (uid, contact_uid, remark, added_at) VALUES ($1, $2, '', $3)`,
      uid,
      contactUid,
      addedAt,
    )
}

/** @returns whether they were contacts */
export async function deleteContacts(sql: Sql, one: number, other: number): Promise<boolean> {
  const removed = await sql.run(
    'DELETE FROM contacts WHERE (uid = $1 AND contact_uid = $2) OR (uid = $2 AND contact_uid = $1)',
    one,
    other,
  )
  return removed > 0
}

/** @returns whether the two are contacts */
export async function setRemark(sql: Sql, uid: number, contactUid: number, remark: string): Promise<boolean> {
  const changed = await sql.run(
    'UPDATE contacts SET remark = $1 WHERE uid = $2 AND contact_uid = $3',
    remark,
    uid,
    contactUid,
  )
  return changed > 0
}

/** Keeps the newest `max` invitations that one user has, and as many that one has sent. */
export async function putInvitation(
  sql: Sql,
  uid: number,
  inviterUid: number,
  invitedAt: number,
  max: number,
): Promise<void> {
  await deleteInvitation(sql, uid, inviterUid)
  await sql.run(
    'INSERT INTO contact_invitations (uid, inviter_uid, invited_at) VALUES ($1, $2, $3)',
    uid,
    inviterUid,
    invitedAt,
  )
  await sql.run(
    `DELETE FROM contact_invitations WHERE uid = $1 AND inviter_uid IN
       (SELECT inviter_uid FROM contact_invitations WHERE uid = $1
        ORDER BY invited_at DESC, inviter_uid DESC LIMIT 1 OFFSET $2)`,
    uid,
    max,
  )
  await sql.run(
    `DELETE FROM contact_invitations WHERE inviter_uid = $1 AND uid IN
       (SELECT uid FROM contact_invitations WHERE inviter_uid = $1
        ORDER BY invited_at DESC, uid DESC LIMIT 1 OFFSET $2)`,
    inviterUid,
    max,
  )
}

export async function isInvited(sql: Sql, uid: number, inviterUid: number): Promise<boolean> {
  const row = await sql.one(
    'SELECT uid FROM contact_invitations WHERE uid = $1 AND inviter_uid = $2',
    uid,
    inviterUid,
  )
  return row !== undefined
}

export async function deleteInvitation(sql: Sql, uid: number, inviterUid: number): Promise<void> {
  await sql.run('DELETE FROM contact_invitations WHERE uid = $1 AND inviter_uid = $2', uid, inviterUid)
}

/** Takes a user out of every list, and drops the invitations that it has or has sent. */
export async function forgetContacts(sql: Sql, uid: number): Promise<number> {
  const inOthers = await sql.run(
    `DELETE FROM contacts WHERE contact_uid = $1
       AND uid IN (SELECT contact_uid FROM contacts WHERE uid = $1)`,
    uid,
  )
  const own = await sql.run('DELETE FROM contacts WHERE uid = $1', uid)
  const received = await sql.run('DELETE FROM contact_invitations WHERE uid = $1', uid)
  const sent = await sql.run('DELETE FROM contact_invitations WHERE inviter_uid = $1', uid)
  return inOthers + own + received + sent
}
