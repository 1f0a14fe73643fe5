import type { Sql } from './db.ts'

export interface AppRow {
  readonly appId: number
  readonly org: string
  readonly app: string
  readonly uuid: string
  readonly clientSecret: string
  readonly appKey: string
  readonly masterSecret: string
  /** JSON. */
  readonly settings: string
  readonly createdAt: number
  /** As a developer account calls it, and the package it gave; null for an app that none has named. */
  readonly title: string | null
  readonly androidPackage: string | null
}

const columns = `app_id AS "appId", org, app, uuid, client_secret AS "clientSecret", app_key AS "appKey",
  master_secret AS "masterSecret", settings, created_at AS "createdAt", title,
  android_package AS "androidPackage"`

/** All of them, oldest first: the core keeps the apps in memory. */
export function listApps(sql: Sql): Promise<AppRow[]> {
  return sql.all<AppRow>(`SELECT ${columns} FROM apps ORDER BY app_id`)
}

/** @returns false when there is an app of this name, also one made in the same commit */
export async function insertApp(sql: Sql, row: AppRow): Promise<boolean> {
  const inserted = await sql.run(
    `INSERT INTO apps (app_id, org, app, uuid, client_secret, app_key, master_secret, settings, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (org, app) DO NOTHING`,
    row.appId,
    row.org,
    row.app,
    row.uuid,
    row.clientSecret,
    row.appKey,
    row.masterSecret,
    row.settings,
    row.createdAt,
  )
  return inserted > 0
}

export function findAppRow(sql: Sql, org: string, app: string): Promise<AppRow | undefined> {
  return sql.one<AppRow>(`SELECT ${columns} FROM apps WHERE org = $1 AND app = $2`, org, app)
}

export function findAppByTitle(sql: Sql, org: string, title: string): Promise<AppRow | undefined> {
  return sql.one<AppRow>(`SELECT ${columns} FROM apps WHERE org = $1 AND title = $2`, org, title)
}

export async function countApps(sql: Sql, org: string): Promise<number> {
  const row = await sql.one<{ count: number }>('SELECT COUNT(*) AS count FROM apps WHERE org = $1', org)
  return row!.count
}

export async function nameApp(sql: Sql, appId: number, title: string, androidPackage: string): Promise<void> {
  await sql.run(
    'UPDATE apps SET title = $1, android_package = $2 WHERE app_id = $3',
    title,
    androidPackage,
    appId,
  )
}

/** @returns whether there is such an app */
export async function updateAppSettings(sql: Sql, appId: number, settings: string): Promise<boolean> {
  return (await sql.run('UPDATE apps SET settings = $1 WHERE app_id = $2', settings, appId)) > 0
}

/** Takes the app away at once; what it has is left to deletions.ts. @returns whether there is such an app */
export async function deleteApp(sql: Sql, appId: number): Promise<boolean> {
  if ((await sql.run('DELETE FROM apps WHERE app_id = $1', appId)) === 0) return false
  await sql.run('INSERT INTO deleted_apps (app_id) VALUES ($1)', appId)
  return true
}
