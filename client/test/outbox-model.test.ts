// The outbox whole, over a real store, in random interleavings of all that can happen to it.
import { test } from 'node:test'
import fc from 'fast-check'
import { type Fate, fates } from './keyed-server.ts'
import { World } from './outbox-world.ts'
import { runs } from './runs.ts'

const nth = fc.nat({ max: 1 })
const fate = fc.constantFrom<Fate>('ok', 'ok', ...fates)
const hourMs = 3_600_000

const content = fc.record({
  kind: fc.constantFrom('push', 'message'),
  conversation: fc.constantFrom('', 'a'),
  lifeMs: fc.constantFrom(20_000, 400 * hourMs),
})
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ send: content, nth }) },
  { weight: 4, arbitrary: fc.record({ pick: fc.nat({ max: 20 }), fate }) },
  { weight: 5, arbitrary: fc.record({ run: fc.array(fate, { minLength: 1, maxLength: 20 }) }) },
  { weight: 1, arbitrary: fc.record({ crash: nth, isWritten: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      passMs: fc.constantFrom(1_000, 3_000, 7_000, 70_000, hourMs, 12 * hourMs, 24 * hourMs),
      fate,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      nth,
      which: fc.nat({ max: 9 }),
      how: fc.constantFrom('resend', 'cancel', 'edit'),
      mayDuplicate: fc.boolean(),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const rules = fc.record({ isPosthouse: fc.boolean(), mayDuplicate: fc.constantFrom(false, false, true) })

async function take(world: World, one: Step): Promise<void> {
  if ('send' in one) world.send(one.nth, one.send)
  else if ('pick' in one) await world.step(one.pick, one.fate)
  else if ('run' in one) {
    let at = 0
    await world.run(() => one.run[at++ % one.run.length]!, 30)
  } else if ('crash' in one) await world.crash(one.crash, one.isWritten)
  else if ('passMs' in one) await world.pass(one.passMs, one.fate)
  else world.byHand(one)
  await world.settle()
}

test('whatever happens in whatever order, the outbox loses nothing and sends nothing twice by itself', async () => {
  const steps = fc.array(step, { maxLength: 40, size: 'max' })
  await fc.assert(
    fc.asyncProperty(rules, steps, async (given, list) => {
      const world = new World(given)
      try {
        await world.settle()
        for (const one of list) await take(world, one)
        await world.finish()
      } finally {
        await world.end()
      }
    }),
    runs(30),
  )
})
