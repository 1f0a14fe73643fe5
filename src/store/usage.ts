// How many devices registered, were online and were active, by hour, day and month.
import type { Platform } from '../contract/operations/pushes.ts'
import type { PeriodUnit } from '../lib/periods.ts'
import type { Sql } from './db.ts'

export interface Usage {
  readonly registered: number
  readonly online: number
  readonly active: number
}

export interface UsagePlace {
  readonly appId: number
  readonly unit: PeriodUnit
  /** Epoch ms: when the period began. */
  readonly period: number
  readonly platform: Platform
}

export async function addUsage(
  sql: Sql,
  { appId, unit, period, platform }: UsagePlace,
  { registered = 0, online = 0, active = 0 }: Partial<Usage>,
): Promise<void> {
  await sql.run(
    `INSERT INTO usage_counts (app_id, unit, period, platform, registered, online, active)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (app_id, unit, period, platform) DO UPDATE SET
       registered = usage_counts.registered + excluded.registered,
       online = usage_counts.online + excluded.online, active = usage_counts.active + excluded.active`,
    appId,
    unit,
    period,
    platform,
    registered,
    online,
    active,
  )
}

/** In the order of time. @param from epoch ms @param until exclusive */
export function listUsage(
  sql: Sql,
  appId: number,
  unit: PeriodUnit,
  from: number,
  until: number,
): Promise<(Usage & { readonly period: number; readonly platform: Platform })[]> {
  return sql.all(
    `SELECT period, platform, registered, online, active FROM usage_counts
     WHERE app_id = $1 AND unit = $2 AND period >= $3 AND period < $4 ORDER BY period, platform`,
    appId,
    unit,
    from,
    until,
  )
}

/** Periods that began before the moment. @returns how many rows */
export function purgeUsage(sql: Sql, before: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM usage_counts WHERE (app_id, unit, period, platform) IN
       (SELECT app_id, unit, period, platform FROM usage_counts WHERE period < $1 LIMIT $2)`,
    before,
    limit,
  )
}

export function deleteUsageOfApp(sql: Sql, appId: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM usage_counts WHERE app_id = $1 AND (unit, period, platform) IN
       (SELECT unit, period, platform FROM usage_counts WHERE app_id = $1 LIMIT $2)`,
    appId,
    limit,
  )
}
