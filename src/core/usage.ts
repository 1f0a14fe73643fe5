// How an app's devices use it: each is counted once a period, in the transaction of what it did.
import { jpushLimits } from '../contract/limits.ts'
import type { Platform } from '../contract/operations/pushes.ts'
import type { PeriodUsage, UsageOperations } from '../contract/operations/usage.ts'
import { Refusal } from '../contract/refusal.ts'
import { type PeriodUnit, periodUnits, startOfPeriod } from '../lib/periods.ts'
import { listMembers } from '../store/app-groups.ts'
import type { Sql } from '../store/db.ts'
import { type DeviceRow, noteActive, noteOnline } from '../store/devices.ts'
import { addUsage, listUsage, type Usage } from '../store/usage.ts'
import { groupOf } from './app-groups.ts'
import type { Call } from './call.ts'
import { needVip } from './device-attributes.ts'
import { type Handlers, reads } from './handler.ts'
import type { World } from './world.ts'

const { usageDays, usageDaysOfGroup } = jpushLimits
const dayMs = 86_400_000

export const usageHandlers: Handlers<keyof UsageOperations> = {
  'usage.report': reads(async (call, { unit, from, until }, sql) => {
    needVip(call)
    checkAge(call, until, usageDays)
    return { periods: toPeriods(await listUsage(sql, call.app.appId, unit, from, until)) }
  }),

  'usage.report_of_group': reads(async (call, { unit, from, until }, sql) => {
    checkAge(call, until, usageDaysOfGroup)
    const rows: Row[] = []
    for (const appId of await listMembers(sql, groupOf(call).groupId))
      rows.push(...(await listUsage(sql, appId, unit, from, until)))
    return { periods: toPeriods(rows) }
  }),
}

type Row = Usage & { readonly period: number; readonly platform: Platform }

/** @param until of the first period asked for, exclusive */
function checkAge(call: Call, until: number, days: number): void {
  if (until <= call.now - days * dayMs) throw new Refusal('usage_too_old', { days: String(days) })
}

function toPeriods(rows: readonly Row[]): PeriodUsage[] {
  const periods = new Map<number, Map<Platform, Usage>>()
  for (const { period, platform, registered, online, active } of rows) {
    const platforms = periods.get(period) ?? new Map<Platform, Usage>()
    periods.set(period, platforms)
    const before = platforms.get(platform) ?? { registered: 0, online: 0, active: 0 }
    platforms.set(platform, {
      registered: before.registered + registered,
      online: before.online + online,
      active: before.active + active,
    })
  }
  return [...periods].map(([from, platforms]) => ({ from, platforms: Object.fromEntries(platforms) }))
}

export async function countRegistration(world: World, sql: Sql, device: DeviceRow): Promise<void> {
  for (const unit of periodUnits)
    await addUsage(sql, placeOf(world, device, unit, world.clock.now()), { registered: 1 })
}

/** A session has begun: the device is online, and somebody uses it. */
export async function countActivity(world: World, sql: Sql, device: DeviceRow, now: number): Promise<void> {
  for (const unit of periodUnits) {
    const place = placeOf(world, device, unit, now)
    const online = device.onlineNotedAt < place.period ? 1 : 0
    const active = device.activeNotedAt < place.period ? 1 : 0
    if (online + active > 0) await addUsage(sql, place, { online, active })
  }
  await noteActive(sql, device.deviceId, now)
}

/** A session goes on into another hour. */
export async function countOnline(world: World, sql: Sql, device: DeviceRow, now: number): Promise<void> {
  for (const unit of periodUnits) {
    const place = placeOf(world, device, unit, now)
    if (device.onlineNotedAt < place.period) await addUsage(sql, place, { online: 1 })
  }
  await noteOnline(sql, device.deviceId, now)
}

function placeOf(
  { config }: Pick<World, 'config'>,
  { appId, platform }: DeviceRow,
  unit: PeriodUnit,
  now: number,
) {
  return { appId, unit, period: startOfPeriod(unit, now, config.core.timeZoneMinutes), platform }
}
