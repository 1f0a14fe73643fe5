import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FakeClock } from '../../test/fake-clock.ts'
import { runs } from '../../test/runs.ts'
import { PosthouseError } from '../error.ts'
import { type Cid, CidPool, cidPoolDefaults } from './cid-pool.ts'

const hourMs = 3_600_000
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('take' as const), count: fc.integer({ min: 1, max: 300 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('takeReady' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat({ max: 15 * hourMs }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
)

test('in whatever order cids are taken, fetched and grow old: none is given twice, none that is too old', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(step, { maxLength: 60 }),
      fc.array(fc.boolean(), { maxLength: 30 }),
      async (scheduler, steps, failures) => {
        const clock = new FakeClock()
        const fetchedAt = new Map<string, number>()
        let fetches = 0
        let under = 0
        let isOver = false
        const fetch = async (count: number): Promise<readonly string[]> => {
          assert.equal(++under, 1, 'one fetch at a time')
          assert.ok(count >= 1 && count <= 1_000)
          const at = clock.now()
          const fails = failures[fetches++] === true && !isOver
          await scheduler.schedule(Promise.resolve(), 'fetch')
          under--
          if (fails) throw refused
          const cids = Array.from({ length: count }, (_, nth) => `${fetches}-${nth}`)
          for (const cid of cids) fetchedAt.set(cid, at)
          return cids
        }
        const pool = new CidPool(fetch, cidPoolDefaults, clock)
        const given = new Set<string>()
        const got = (cids: readonly Cid[]) => {
          for (const one of cids) {
            assert.ok(!given.has(one.cid), `${one.cid} is given twice`)
            given.add(one.cid)
            assert.equal(one.fetchedAt, fetchedAt.get(one.cid))
          }
        }
        const taking: Promise<void>[] = []
        for (const one of steps) {
          if (one.do === 'pass') clock.time += one.ms
          else if (one.do === 'settle') await scheduler.waitIdle()
          else if (one.do === 'takeReady') {
            const cid = pool.takeReady()
            if (cid) {
              got([cid])
              assert.ok(clock.now() - cid.fetchedAt < cidPoolDefaults.ageMsMax)
            }
          } else
            taking.push(
              pool.take(one.count).then(
                cids => {
                  assert.equal(cids.length, one.count)
                  got(cids)
                },
                error => assert.equal(error.outcome, 'not_sent'),
              ),
            )
        }
        await scheduler.waitFor(Promise.all(taking))
        isOver = true
        await scheduler.waitIdle()
        // What a take that failed had in its hands is there for the next.
        await scheduler.waitFor(pool.take().then(got))
      },
    ),
    runs(150),
  )
})

const refused = new PosthouseError({
  id: 'connection_not_connected',
  dialect: 'jpush',
  operation: 'GET /v3/push/cid',
  class: 'network',
  outcome: 'unknown',
  advice: 'after',
  params: {},
  text: '',
  attempts: [],
})

test('the next are fetched before the last is gone, and all that are twenty hours old are let go', async () => {
  const clock = new FakeClock()
  let fetches = 0
  const fetch = async (count: number) => {
    fetches++
    return Array.from({ length: count }, (_, nth) => `${fetches}-${nth}`)
  }
  const pool = new CidPool(fetch, cidPoolDefaults, clock)
  await pool.take(79)
  assert.equal(fetches, 1)
  await pool.take()
  assert.equal(fetches, 2)
  clock.time += cidPoolDefaults.ageMsMax
  assert.equal(pool.takeReady(), undefined)
  const [cid] = await pool.take()
  assert.equal(cid!.fetchedAt, clock.now())
})
