// Texts of notifications that an app has prepared, for messages that name one.
import type { Sql } from './db.ts'

export interface TemplateRow {
  readonly appId: number
  readonly name: string
  readonly title: string
  readonly content: string
  readonly createdAt: number
  readonly updatedAt: number
}

export function findTemplate(sql: Sql, appId: number, name: string): Promise<TemplateRow | undefined> {
  return sql.one<TemplateRow>(
    `SELECT app_id AS "appId", name, title, content, created_at AS "createdAt", updated_at AS "updatedAt"
     FROM push_templates WHERE app_id = $1 AND name = $2`,
    appId,
    name,
  )
}

export async function countTemplates(sql: Sql, appId: number): Promise<number> {
  const row = await sql.one<{ count: number }>(
    'SELECT COUNT(*) AS count FROM push_templates WHERE app_id = $1',
    appId,
  )
  return row!.count
}

export async function putTemplate(sql: Sql, row: TemplateRow): Promise<void> {
  await sql.run(
    `INSERT INTO push_templates (app_id, name, title, content, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (app_id, name) DO UPDATE SET title = excluded.title, content = excluded.content,
       updated_at = excluded.updated_at`,
    row.appId,
    row.name,
    row.title,
    row.content,
    row.createdAt,
    row.updatedAt,
  )
}

export async function deleteTemplate(sql: Sql, appId: number, name: string): Promise<void> {
  await sql.run('DELETE FROM push_templates WHERE app_id = $1 AND name = $2', appId, name)
}

/** Of a deleted app. @returns how many */
export function deleteTemplatesOfApp(sql: Sql, appId: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM push_templates WHERE app_id = $1 AND name IN
       (SELECT name FROM push_templates WHERE app_id = $1 LIMIT $2)`,
    appId,
    limit,
  )
}
