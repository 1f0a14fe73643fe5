// Whatever happens in whatever order: everybody hears of everything, of its end too, and of nothing twice within four hours.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Alert, type AlertSink, openAlerts, SinkError } from '../src/alerts.ts'
import type { CallEvent } from '../src/index.ts'
import { PosthouseError } from '../src/index.ts'
import { ManualClock } from './manual-clock.ts'

const minute = 60_000
const repeatMs = 4 * 60 * minute

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('meet' as const), operation: fc.constantFrom('a', 'b', 'c') }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pass' as const), minutes: fc.integer({ min: 0, max: 12 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('break' as const),
      how: fc.constantFrom('own', 'own for good', 'other'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('mend' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
)

function refused(operation: string): CallEvent {
  const place = { dialect: 'jpush', operation } as const
  const fields = {
    ...place,
    id: 'x',
    class: 'auth',
    outcome: 'rejected',
    advice: 'never',
    params: {},
    text: '',
  } as const
  const error = new PosthouseError({ ...fields, attempts: [] })
  const call = {
    is: 'call',
    host: 'h',
    attempts: 1,
    ms: 1,
    isUsers: false,
    class: 'write',
    retryQuota: 1,
  } as const
  return { ...place, ...call, outcome: 'rejected', id: 'x', error }
}

interface Told {
  readonly at: number
  readonly sink: string
  readonly alert: Alert
}

test('whatever happens, every trouble and its end is told, and none twice within four hours', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 40 }),
      fc.boolean(),
      async (steps, isOnDisk) => {
        const folder = mkdtempSync(join(tmpdir(), 'posthouse-alerts-'))
        const clock = new ManualClock()
        const told: Told[] = []
        const met: { readonly operation: string; readonly at: number }[] = []
        let broken = new Set<string>()
        const makeSink = (name: string, check: () => void): AlertSink => ({
          name,
          send({ alerts: all }) {
            check()
            told.push(...all.map(alert => ({ at: clock.now(), sink: name, alert })))
          },
        })
        const own = makeSink('own', () => {
          if (broken.has('own for good')) throw new SinkError('no', { isFinal: true })
          if (broken.has('own')) throw new SinkError('not now')
        })
        const other = makeSink('other', () => {
          if (broken.has('other')) throw new SinkError('not now')
        })
        const silent = { info() {}, warn() {}, error() {} }
        const options = { sinks: [own, other], fallback: makeSink('spare', () => {}), clock, logger: silent }
        const open = () => openAlerts({ ...options, ...(isOnDisk && { path: join(folder, 'alerts.db') }) })
        let alerts = await open()
        const pass = async (minutes: number) => {
          for (let left = minutes * 6; left > 0; left--) {
            clock.advance(10_000)
            for (let turn = 0; turn < 6; turn++) await new Promise(resolve => setImmediate(resolve))
          }
        }
        for (const one of steps) {
          if (one.do === 'meet') {
            met.push({ operation: one.operation, at: clock.now() })
            alerts.observe(refused(one.operation))
          } else if (one.do === 'pass') await pass(one.minutes)
          else if (one.do === 'break') broken.add(one.how)
          else if (one.do === 'mend') broken = new Set()
          else if (isOnDisk) {
            await alerts.close()
            alerts = await open()
          }
        }
        broken = new Set()
        await pass(25)
        assert.deepEqual([alerts.firing, alerts.figures.undelivered], [[], { own: 0, other: 0, spare: 0 }])
        // What the first sink refuses for good goes to the fallback.
        const ears = [['own', 'spare'], ['other']].map(names =>
          told.filter(({ sink }) => names.includes(sink)),
        )
        for (const { operation, at } of met)
          for (const heard of ears) {
            const of = heard.filter(({ alert }) => alert.operation === operation)
            const isCovered = of.some(({ alert }) => alert.startedAt <= at && at <= alert.lastAt)
            assert.ok(isCovered, `${operation} at ${at} was not heard of`)
            assert.equal(of.at(-1)?.alert.state, 'resolved')
          }
        for (const heard of ears)
          for (const [index, { at, alert }] of heard.entries()) {
            const next = heard.slice(index + 1).find(one => one.alert.key === alert.key)
            const isAgain = alert.state === 'firing' && next?.alert.state === 'firing'
            assert.ok(!isAgain || next.at - at >= repeatMs, `${alert.operation} was told twice`)
          }
        await alerts.close()
        rmSync(folder, { recursive: true })
      },
    ),
    { numRuns: 60, plugins: [fc.interruptAfterTimeLimit(60_000)] },
  )
})
