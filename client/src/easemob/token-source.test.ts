import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FakeClock } from '../../test/fake-clock.ts'
import { runs } from '../../test/runs.ts'
import { TokenSource } from './token-source.ts'

const lifeSeconds = 1_000
const step = fc.oneof(
  fc.record({ do: fc.constant('call' as const) }),
  fc.record({ do: fc.constant('revoke' as const) }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.nat({ max: 2_000_000 }) }),
  fc.record({ do: fc.constant('settle' as const) }),
)

test('in whatever order calls begin and are refused, and tokens end: one request for each token, for all', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(step, { maxLength: 80 }),
      fc.array(fc.boolean(), { maxLength: 10 }),
      async (scheduler, steps, failures) => {
        const clock = new FakeClock()
        let fetches = 0
        let under = 0
        /** Why another had to be fetched: each is a reason for one. */
        let reasons = 1
        const good = new Map<string, number>()
        const fetch = async () => {
          assert.equal(++under, 1, 'one fetch at a time')
          const nth = ++fetches
          await scheduler.schedule(Promise.resolve(), 'fetch')
          under--
          if (failures[nth - 1]) {
            reasons++
            throw new Error('no token')
          }
          good.set(`Bearer ${nth}`, clock.now() + lifeSeconds * 1_000)
          return { access_token: String(nth), expires_in: lifeSeconds }
        }
        const source = new TokenSource(fetch, clock)
        const isGood = (header: string) => (good.get(header) ?? 0) > clock.now()
        const call = async () => {
          for (let attempt = 1; attempt <= 2; attempt++) {
            const header = await source.header()
            await scheduler.schedule(Promise.resolve(), 'call')
            if (isGood(header)) return
            assert.equal(source.refuse(header), true)
          }
        }
        const calls: Promise<void>[] = []
        for (const one of steps) {
          if (one.do === 'call') calls.push(call().catch(error => assert.equal(error.message, 'no token')))
          else if (one.do === 'settle') await scheduler.waitIdle()
          else if (one.do === 'revoke') {
            reasons += good.size
            good.clear()
          } else {
            reasons += 2
            clock.time += one.ms
          }
        }
        await scheduler.waitFor(Promise.all(calls))
        assert.ok(fetches <= reasons, `${fetches} for ${reasons} reasons`)
      },
    ),
    runs(150),
  )
})

test('a hundred calls that find their token refused make one request for another', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 100 }), async (scheduler, count) => {
      let fetches = 0
      const source = new TokenSource(async () => {
        const access_token = String(++fetches)
        await scheduler.schedule(Promise.resolve(), 'fetch')
        return { access_token, expires_in: 0 }
      }, new FakeClock())
      const call = async () => {
        const header = await source.header()
        await scheduler.schedule(Promise.resolve(), 'call')
        if (header !== 'Bearer 1') return
        source.refuse(header)
        assert.equal(await source.header(), 'Bearer 2')
      }
      await scheduler.waitFor(Promise.all(Array.from({ length: count }, call)))
      assert.equal(fetches, 2)
    }),
    runs(20),
  )
})
