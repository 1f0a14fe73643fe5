// What a call says of itself, against what has become of it: many calls at once, at a server that fails in every way.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FakeClock } from '../test/fake-clock.ts'
import { type Fate, fates, KeyedServer } from '../test/keyed-server.ts'
import { runs } from '../test/runs.ts'
import { EasemobClient, sendMessage } from './easemob.ts'
import { PosthouseError } from './index.ts'
import { JpushClient, sendPush } from './jpush.ts'
import type { CallerOptions } from './options.ts'

const fate = fc.constantFrom(...fates)
const isRepeated = { push: true, posthouse: true, retry: false, park: false } as const

type Kind = keyof typeof isRepeated

const scene = fc.record({
  kind: fc.constantFrom<Kind>('push', 'posthouse', 'retry', 'park'),
  /** What becomes of each request of each call. */
  sends: fc.array(fc.array(fate, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 }),
  /** And of those for cids and tokens. */
  support: fc.array(fc.constantFrom<Fate>('ok', 'ok', 'refused', 'gateway', 'unauthorized'), {
    maxLength: 6,
  }),
  callsMin: fc.integer({ min: 1, max: 20 }),
  capacity: fc.constantFrom(20, 500),
  dice: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
})

test('what a call says of its outcome is so, whatever the server does and whatever other calls meet', async () => {
  await fc.assert(
    fc.asyncProperty(scene, async ({ kind, sends, support, callsMin, capacity, dice }) => {
      const clock = new FakeClock()
      const left = new Map(sends.map((list, nth) => [`text ${nth}`, [...list]]))
      const others = [...support]
      const server = new KeyedServer({
        fateOf: (of, text) => (of === 'send' ? left.get(text)!.shift() : others.shift()) ?? 'ok',
        now: () => clock.now(),
        isPosthouse: kind === 'posthouse',
        // A call that waits finds it expired.
        tokenSeconds: 1,
      })
      const options = {
        baseUrl: 'http://127.0.0.1',
        fetch: server.fetch,
        clock,
        random: () => dice,
        breaker: { callsMin },
        quota: { capacity },
      } satisfies CallerOptions
      const call = callOf(kind, options)
      await Promise.all(
        sends.map(async (_, nth) => {
          const text = `text ${nth}`
          const startedAt = clock.now()
          const failure = await call(text).then(
            () => undefined,
            error => error as PosthouseError,
          )
          const executed = server.executions.get(text) ?? 0
          if (isRepeated[kind] || kind === 'park') assert.ok(executed <= 1, `executed ${executed} times`)
          if (!failure) return assert.ok(executed > 0, 'it was accepted')
          assert.ok(failure instanceof PosthouseError, String(failure))
          if (failure.outcome !== 'unknown') assert.equal(executed, 0, failure.message)
          if (failure.outcome === 'unknown') assert.ok((server.requests.get(text) ?? 0) > 0)
          // Three that count, two more that never left, one more for a new token.
          assert.ok((server.requests.get(text) ?? 0) <= 6)
          // Those of others make the time pass as well.
          if (sends.length === 1) assert.ok(clock.now() - startedAt <= 30_000)
        }),
      )
      // Whatever way they went: no place of a probe is kept, and the server is well.
      clock.time += 150_000
      left.set('again', [])
      others.length = 0
      for (let nth = 0; nth < 3; nth++) await call('again')
    }),
    runs(200),
  )
})

function callOf(kind: Kind, options: CallerOptions): (text: string) => Promise<unknown> {
  if (kind === 'push') {
    const client = new JpushClient({ ...options, appKey: 'k', masterSecret: 's' })
    return text =>
      sendPush(client, { push: { platform: 'all', audience: 'all', notification: { alert: text } } })
  }
  const app = {
    org: 'acme',
    app: 'chat',
    clientId: 'c',
    clientSecret: 's',
    isPosthouse: kind === 'posthouse',
  }
  const client = new EasemobClient({ ...options, ...app, onUnknown: kind === 'park' ? 'park' : 'retry' })
  return text => sendMessage(client, { to: { users: ['bob'] }, type: 'txt', body: { msg: text } })
}
