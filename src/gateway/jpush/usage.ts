// How devices use an app, hour by hour, day by day, month by month (jpush.md §3.2.6, §3.2.7).
import { jpushLimits } from '../../contract/limits.ts'
import type { PeriodUsage } from '../../contract/operations/usage.ts'
import { Refusal } from '../../contract/refusal.ts'
import {
  formatPeriod,
  nextPeriod,
  type PeriodUnit,
  parsePeriod,
  periodUnits,
  startOfPeriod,
} from '../../lib/periods.ts'
import type { JpushCall, JpushRoute } from './route.ts'

const { usagePeriodsMax, usagePeriodsOfGroupMax } = jpushLimits
const raises = ['report_parameter_invalid', 'usage_unit_mismatch', 'usage_too_old'] as const
const summary =
  'Devices that registered, were online and active: time_unit (HOUR, DAY, MONTH), start, duration'

export const usageRoutes: readonly JpushRoute[] = [
  {
    method: 'GET',
    path: '/v3/users',
    summary,
    family: 'report',
    quota: 'report',
    raises: [...raises, 'not_vip'],
    handle: async call => {
      const wanted = readWanted(call, usagePeriodsMax)
      const { periods } = await call.run('usage.report', wanted)
      return show(call, wanted, periods)
    },
  },
  {
    method: 'GET',
    path: '/v3/group/users',
    summary: `${summary}, over all apps of a group`,
    family: 'report',
    quota: 'report',
    secretOf: 'app_group',
    raises,
    handle: async call => {
      const wanted = readWanted(call, usagePeriodsOfGroupMax)
      const { periods } = await call.run('usage.report_of_group', wanted)
      return show(call, wanted, periods)
    },
  },
]

interface Wanted {
  readonly unit: PeriodUnit
  readonly start: string
  readonly duration: number
  readonly from: number
  readonly until: number
}

function readWanted(call: JpushCall, most: Readonly<Record<PeriodUnit, number>>): Wanted {
  const unit = periodUnits.find(name => name === call.query('time_unit')?.toUpperCase())
  if (!unit) return invalid('time_unit must be HOUR, DAY or MONTH')
  const start = call.query('start') ?? ''
  const from = parsePeriod(unit, start, call.timeZoneMinutes)
  if (from === undefined) throw new Refusal('usage_unit_mismatch')
  const text = call.query('duration') ?? ''
  const duration = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (duration < 1 || duration > most[unit]) invalid(`duration must be from 1 to ${most[unit]} for ${unit}`)
  return { unit, start, duration, from, until: endOf(call, unit, from, duration) }
}

/** Hours are those of one day: they end at midnight (jpush.md §3.2.6). */
function endOf(call: JpushCall, unit: PeriodUnit, from: number, duration: number): number {
  const zone = call.timeZoneMinutes
  let until = from
  for (let count = 0; count < duration; count++) until = nextPeriod(unit, until, zone)
  if (unit !== 'HOUR') return until
  return Math.min(until, nextPeriod('DAY', startOfPeriod('DAY', from, zone), zone))
}

const named = ['android', 'ios', 'quickapp', 'hmos'] as const

function show(
  { timeZoneMinutes }: JpushCall,
  { unit, start, duration, from, until }: Wanted,
  periods: readonly PeriodUsage[],
): object {
  const items: object[] = []
  const byStart = new Map(periods.map(({ from: at, platforms }) => [at, platforms]))
  for (let at = from; at < until; at = nextPeriod(unit, at, timeZoneMinutes)) {
    const platforms = byStart.get(at) ?? {}
    const counts = named.flatMap(platform => {
      const { registered = 0, online = 0, active = 0 } = platforms[platform] ?? {}
      const shown = Object.entries({ new: registered, online, active }).filter(([, count]) => count > 0)
      return shown.length > 0 ? [[platform, Object.fromEntries(shown)] as const] : []
    })
    items.push({ time: formatPeriod(unit, at, timeZoneMinutes), ...Object.fromEntries(counts) })
  }
  return { time_unit: unit, start, duration, items }
}

function invalid(reason: string): never {
  throw new Refusal('report_parameter_invalid', { reason })
}
