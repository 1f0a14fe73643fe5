// Developer accounts of organisations.
import type { Sql } from './db.ts'

export interface DeveloperRow {
  readonly developerId: number
  readonly org: string
  readonly name: string
  readonly developerKey: string
  readonly secretDigest: string
  /** 0 or 1, as below. */
  readonly mayAdminister: number
  readonly mayUseFiles: number
}

const columns = `developer_id AS "developerId", org, name, developer_key AS "developerKey",
  secret_digest AS "secretDigest", may_administer AS "mayAdminister", may_use_files AS "mayUseFiles"`

export async function insertDeveloper(sql: Sql, row: DeveloperRow): Promise<void> {
  await sql.run(
    `INSERT INTO developers (developer_id, org, name, developer_key, secret_digest, may_administer, may_use_files)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    row.developerId,
    row.org,
    row.name,
    row.developerKey,
    row.secretDigest,
    row.mayAdminister,
    row.mayUseFiles,
  )
}

export function listDevelopers(sql: Sql): Promise<DeveloperRow[]> {
  return sql.all<DeveloperRow>(`SELECT ${columns} FROM developers ORDER BY developer_id`)
}

export function findDeveloper(sql: Sql, org: string, name: string): Promise<DeveloperRow | undefined> {
  return sql.one<DeveloperRow>(`SELECT ${columns} FROM developers WHERE org = $1 AND name = $2`, org, name)
}

export function findDeveloperByKey(sql: Sql, developerKey: string): Promise<DeveloperRow | undefined> {
  return sql.one<DeveloperRow>(`SELECT ${columns} FROM developers WHERE developer_key = $1`, developerKey)
}

export function findDeveloperById(sql: Sql, developerId: number): Promise<DeveloperRow | undefined> {
  return sql.one<DeveloperRow>(`SELECT ${columns} FROM developers WHERE developer_id = $1`, developerId)
}

export async function updateDeveloper(
  sql: Sql,
  row: Pick<DeveloperRow, 'developerId' | 'secretDigest' | 'mayAdminister' | 'mayUseFiles'>,
): Promise<void> {
  await sql.run(
    `UPDATE developers SET secret_digest = $1, may_administer = $2, may_use_files = $3 WHERE developer_id = $4`,
    row.secretDigest,
    row.mayAdminister,
    row.mayUseFiles,
    row.developerId,
  )
}

export async function deleteDeveloper(sql: Sql, developerId: number): Promise<void> {
  await sql.run('DELETE FROM developers WHERE developer_id = $1', developerId)
}
