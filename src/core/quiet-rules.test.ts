import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Listener, type Quiet, readInterval, type Wishes, wantsToHear } from './quiet-rules.ts'

const open: Quiet = { remind: 'DEFAULT', quietInterval: '', quietUntil: 0 }
const plain: Wishes = { isSilent: false, isForced: false, mentioned: new Set() }
const bob: Listener = { username: 'bob', settings: {}, everything: open, conversation: open }
const zoneMinutes = 480

/** This time of day where the server's clock is. */
const at = (hour: number, minute = 0) => ({
  now: Date.UTC(2026, 5, 1, hour - 8, minute),
  zoneMinutes,
})
const hears = (listener: Partial<Listener>, wishes: Partial<Wishes> = {}, moment = at(12)) =>
  wantsToHear({ ...bob, ...listener }, { ...plain, ...wishes }, '7', moment)

test('quiet hours go past midnight, by the clock of the server’s zone, and begin and end on the hour', () => {
  const settings = {
    notification_no_disturbing: true,
    notification_no_disturbing_start: 22,
    notification_no_disturbing_end: 8,
  }
  const heard = [at(21, 59), at(22), at(23), at(24), at(7, 59), at(8)].map(moment =>
    hears({ settings }, {}, moment),
  )
  assert.deepEqual(heard, [true, false, false, false, false, true])
})

test('an interval counts in minutes; the same twice is all day, midnight twice is never', () => {
  const heard = (quietInterval: string, hour: number, minute: number) =>
    hears({ everything: { ...open, quietInterval } }, {}, at(hour, minute))
  assert.deepEqual(
    [heard('8:05-9:0', 8, 4), heard('8:05-9:0', 8, 5), heard('8:05-9:0', 8, 59), heard('8:05-9:0', 9, 0)],
    [true, false, false, true],
  )
  assert.deepEqual([heard('5:0-5:0', 12, 0), heard('00:00-00:00', 12, 0)], [false, true])
  assert.deepEqual([heard('0:0-24:0', 0, 0), heard('0:0-24:0', 23, 59)], [false, false])
})

test('what is quiet for a time is heard again from the moment at which it ends', () => {
  const { now } = at(12)
  const heard = [now, now + 1].map(quietUntil => hears({ conversation: { ...open, quietUntil } }))
  assert.deepEqual(heard, [true, false])
})

test('the setting of the conversation outranks the one for everything, and DEFAULT is none', () => {
  const none = { ...open, remind: 'NONE' } as const
  const all = { ...open, remind: 'ALL' } as const
  assert.equal(hears({ everything: none, conversation: all }), true)
  assert.equal(hears({ everything: all, conversation: none }), false)
  assert.equal(hears({ everything: none }), false)
})

test('a silent message is heard by nobody, a forced one by everybody', () => {
  assert.equal(hears({}, { isSilent: true, isForced: true }), false)
  const deaf = { ...open, remind: 'NONE', quietUntil: Number.MAX_SAFE_INTEGER } as const
  assert.equal(hears({ everything: deaf, conversation: deaf }, { isForced: true }), true)
})

test('an interval is read, or is none, whatever the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,2}:\d{1,2}-\d{1,2}:\d{1,2}$/)), text => {
      const interval = readInterval(text)
      for (const time of interval ?? []) assert.ok(time >= 0 && time <= 86_400_000)
    }),
  )
})
