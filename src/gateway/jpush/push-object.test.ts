import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../contract/refusal.ts'
import { parseJson } from '../http/json.ts'
import { readPush } from './push-object.ts'

const appKey = 'a1b2c3d4e5f60718293a4b5c'
const base = { platform: 'all', audience: 'all', notification: { alert: 'hi' } }

function read(push: object | string) {
  const text = typeof push === 'string' ? push : JSON.stringify(push)
  return readPush(parseJson(Buffer.from(text)) as Record<string, unknown>, appKey)
}

/** What a push is refused for: `id` or `id: parameter`. */
function refusalOf(push: object | string): string {
  try {
    read(push)
  } catch (error) {
    assert.ok(error instanceof Refusal)
    return [error.id, ...Object.values(error.params)].join(': ')
  }
  return 'accepted'
}

function notified(platform: string, members: object): string {
  return refusalOf({ ...base, notification: { [platform]: members } })
}

test('a missing member wins over a wrong value, that over an unknown member, that over the size', () => {
  const big = { alert: 'x'.repeat(5_000) }
  assert.equal(refusalOf({ ...base, notification: big }), 'push_too_big')
  assert.equal(refusalOf({ ...base, notification: big, zz: 1 }), 'unsupported_key: zz')
  assert.match(
    refusalOf({ ...base, notification: big, zz: 1, options: { time_to_live: -1 } }),
    /^parameter_invalid/,
  )
  assert.equal(
    refusalOf({ platform: 'all', notification: big, zz: 1, options: { time_to_live: -1 } }),
    'parameter_missing: audience',
  )
})

test('platform is "all", a list of names, one name, or the object PHP makes of a list with gaps', () => {
  const accepted = [
    'all',
    ['android'],
    'android',
    { 0: 'android', 2: 'ios' },
    ['ios', 'ios'],
    ['hmos', 'winphone'],
  ]
  for (const platform of accepted) assert.equal(refusalOf({ ...base, platform }), 'accepted')
  for (const platform of ['all_platform', [], {}, ['symbian'], ['android', 1], 7, true, [null], ['web']])
    assert.match(refusalOf({ ...base, platform }), /^parameter_invalid: platform must be/)
  for (const platform of [undefined, null])
    assert.equal(refusalOf({ ...base, platform }), 'parameter_missing: platform')
  assert.deepEqual(read({ ...base, platform: { 0: 'android', 2: 'ios' } }).request.platforms, [
    'android',
    'ios',
  ])
})

test('an audience is "all" or lists; an empty list asks for nothing, and one key must remain', () => {
  const { audience } = read({
    ...base,
    audience: { tag: ['a', 'b', 'a'], tag_and: ['c'], tag_not: [], alias: ['北京'], registration_id: null },
  }).request
  assert.deepEqual(audience, { tag: ['a', 'b'], tagAnd: ['c'], alias: ['北京'] })
  for (const audience of [{}, [], { tag: [] }, { tag: [], alias: null }, null])
    assert.equal(refusalOf({ ...base, audience }), 'parameter_missing: audience')
  for (const audience of ['everybody', 5, true, ['a']])
    assert.match(refusalOf({ ...base, audience }), /^parameter_invalid: audience must be/)
  assert.equal(refusalOf({ ...base, audience: { tags: ['a'] } }), 'unsupported_key: tags')
  assert.equal(
    refusalOf({ ...base, audience: JSON.parse('{"__proto__":["a"]}') }),
    'unsupported_key: __proto__',
  )
  assert.equal(refusalOf({ ...base, audience: { constructor: ['a'] } }), 'unsupported_key: constructor')
})

test('the entries of an audience are non-empty names of at most 40 bytes, and not too many', () => {
  const refused = (audience: object) => refusalOf({ ...base, audience })
  const many = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name}${index}`)
  for (const key of ['tag', 'tag_and', 'tag_not', 'alias']) {
    for (const entry of ['', ' ', 'a-b', 'x'.repeat(41), '北'.repeat(14), '😀', 'a\u0000', null, 1, ['a']])
      assert.equal(refused({ [key]: [entry] }), `parameter_invalid: Invalid ${key} value`, String(entry))
    for (const entry of ['x'.repeat(40), '北'.repeat(13), 'A_1@!#$&*+=.|￥¥'])
      assert.equal(refused({ [key]: [entry] }), 'accepted')
    assert.equal(refused({ [key]: 'a' }), 'parameter_invalid: Audience value must be JSON Array format!')
    assert.equal(
      refused({ [key]: { 0: 'a' } }),
      'parameter_invalid: Audience value must be JSON Array format!',
    )
  }
  assert.equal(refused({ tag: many(20, 't') }), 'accepted')
  assert.match(refused({ tag: many(21, 't') }), /more than 20 entries/)
  assert.match(refused({ alias: many(1_001, 'a') }), /more than 1000 entries/)
  assert.match(refused({ registration_id: many(1_001, 'r') }), /more than 1000 entries/)
  assert.equal(refused({ registration_id: ['no such!'] }), 'registration_id_invalid: no such!')
  assert.equal(refused({ registration_id: ['a', 'no such!'] }), 'registration_ids_invalid')
  assert.match(refused({ segment: ['s1'] }), /audience.segment names nothing/)
  assert.match(refused({ file: { file_id: 'x' } }), /audience.file goes with POST/)
})

test('there must be something to deliver; an empty message or notification counts as none', () => {
  const { notification: _, ...bare } = base
  const nothing = 'parameter_missing: notification or message'
  for (const contents of [
    {},
    { message: {} },
    { notification: {} },
    { notification: [], message: null },
    { notification: { alert: null } },
  ])
    assert.equal(refusalOf({ ...bare, ...contents }), nothing)
  assert.equal(refusalOf({ ...base, message: {} }), 'accepted')
  assert.equal(refusalOf({ ...bare, message: { title: 't' } }), 'parameter_missing: message.msg_content')
  assert.equal(
    refusalOf({ ...bare, message: { msg_content: 7 } }),
    'parameter_invalid: message.msg_content must be a string',
  )
  assert.equal(refusalOf({ ...bare, message: { msg_content: 'm', body: 1 } }), 'unsupported_key: body')
  assert.equal(refusalOf({ ...bare, message: 'm' }), 'parameter_invalid: message must be an object')
})

test('the alert is handed down to each platform; one without any is incomplete', () => {
  const { contents } = read({
    ...base,
    platform: ['android', 'ios'],
    notification: {
      alert: 'top',
      android: {},
      ios: { alert: { title: 'own' }, sound: null },
      hmos: { alert: 'h' },
    },
  }).request
  assert.deepEqual(contents.notification, {
    android: '{"alert":"top"}',
    ios: '{"alert":{"title":"own"}}',
  })
  assert.equal(
    notified('android', { title: 't' }),
    'parameter_invalid: notification.android.alert is missing',
  )
  assert.equal(notified('hmos', {}), 'parameter_missing: notification.hmos.alert')
  assert.equal(notified('hmos', { title: 't' }), 'parameter_invalid: notification.hmos.alert is missing')
  assert.equal(notified('android', { alert: '' }), 'accepted')
  assert.equal(notified('quickapp', { alert: 'a' }), 'parameter_missing: notification.quickapp.page')
  assert.equal(notified('blackberry', {}), 'unsupported_key: blackberry')
  assert.equal(
    notified('ios', 'hi' as unknown as object),
    'parameter_invalid: notification.ios must be an object',
  )
})

test('only platforms that get something are pushed to', () => {
  const { platforms } = read({ ...base, notification: { android: { alert: 'a' } } }).request
  assert.deepEqual(platforms, ['android'])
  const withMessage = read({
    ...base,
    notification: { android: { alert: 'a' } },
    message: { msg_content: 'm' },
  })
  assert.equal(withMessage.request.platforms.length, 6)
  assert.deepEqual(
    read({ ...base, platform: ['ios'], notification: { android: { alert: 'a' } } }).request.platforms,
    [],
  )
})

const outOfRange: readonly (readonly [platform: string, member: string, good: unknown[], bad: unknown[]])[] =
  [
    ['android', 'builder_id', [1], ['1', 1.5, {}]],
    ['android', 'priority', [-2, 0, 2], [-3, 3, '1', 0.5]],
    ['android', 'style', [0, 1, 2, 3], [-1, 4, '1']],
    ['android', 'alert_type', [-1, 7], [-2, 8, 'x']],
    ['android', 'badge_add_num', [1, 99], [0, 100]],
    ['android', 'badge_set_num', [0, 99], [-1, 100]],
    ['android', 'channel_id', ['c'.repeat(1_000)], ['c'.repeat(1_001), 1]],
    ['android', 'inbox', [{ 1: 'a' }, []], ['x', ['x'], 1]],
    ['android', 'extras', [{ a: [1, { b: null }] }, []], ['x', [1], 1, true]],
    ['android', 'intent', [{ url: 'intent:#Intent;end' }], ['intent', { url: 1 }]],
    ['android', 'sound', ['ring.mp3'], [1, {}]],
    ['android', 'display_foreground', ['0', '1'], [0, '2', true]],
    [
      'android',
      'show_begin_time',
      ['2026-01-05 08:30:00'],
      ['2026-01-05', '2026-02-30 08:30:00', '2026-01-05 24:00:00', 1],
    ],
    [
      'android',
      'custom_buttons',
      [[{ name: 'ok', action_type: 1 }], []],
      [{ a: 1 }, [{ name: 'x'.repeat(21) }], [{ action_type: 5 }]],
    ],
    ['ios', 'alert', ['a', {}, { title: 't' }], [1, [1], true]],
    ['ios', 'badge', [0, 99, '+1', '-1', '5', '', 'auto'], [-1, 100, 1.5, '+', '1+', '100', {}]],
    ['ios', 'sound', ['', 'default', { critical: 1, name: 'n', volume: 0.5 }], [1, { name: 1 }, true]],
    ['ios', 'content-available', [true, false, 1, 0], ['true', 2]],
    ['ios', 'mutable-content', [true, 1], ['1']],
    ['ios', 'interruption-level', ['active', 'time-sensitive'], ['urgent', 1]],
    ['hmos', 'push_type', [0, 10], [3, '0']],
    ['hmos', 'sound_duration', [1, 60], [0, 61]],
    ['hmos', 'test_message', [true], ['true', 1]],
    ['winphone', '_open_page', ['/p.xaml'], [1]],
  ]

test('each documented member takes its type and range, and null as absent', () => {
  for (const [platform, member, good, bad] of outOfRange) {
    const notified = (members: object) =>
      refusalOf({ ...base, notification: { alert: 'a', [platform]: members } })
    for (const value of [...good, null])
      assert.equal(notified({ [member]: value }), 'accepted', `${member} ${JSON.stringify(value)}`)
    for (const value of bad) {
      const refusal = notified({ [member]: value })
      assert.match(refusal, new RegExp(`^parameter_invalid: notification\\.${platform}\\.${member} must be`))
    }
  }
})

test('unknown members are refused except where vendors add them monthly; known typing errors are refused everywhere', () => {
  assert.equal(notified('android', { alert: 'a', build_id: 1 }), 'unsupported_key: build_id')
  assert.equal(notified('ios', { alert: 'a', content_available: true }), 'unsupported_key: content_available')
  assert.equal(
    notified('hmos', { alert: 'a', content_available: true }),
    'unsupported_key: content_available',
  )
  assert.equal(notified('hmos', { alert: 'a', future: 1 }), 'accepted')
  assert.equal(refusalOf({ ...base, notification: { alert: 'a', voip: { any: 1 } } }), 'accepted')
  assert.equal(
    refusalOf({ ...base, options: { my_key: 1, third_party_channel: { xiaomi: { x: 1 } } } }),
    'accepted',
  )
  assert.equal(
    refusalOf(`{"platform":"all","audience":"all","notification":{"alert":"a"},"__proto__":{}}`),
    'unsupported_key: __proto__',
  )
})

test('a refusal does not repeat more than a line of what was sent', () => {
  assert.equal(refusalOf({ ...base, ['k'.repeat(60_000)]: 1 }), `unsupported_key: ${'k'.repeat(64)}…`)
})

test('options are read as SDKs write them', () => {
  const options = (value: object) => refusalOf({ ...base, options: value })
  const sendno = (value: unknown) => read({ ...base, options: { sendno: value } }).request.sendno
  assert.deepEqual([100_234, '42', 0, 4_294_967_295].map(sendno), ['100234', '42', '0', '4294967295'])
  const long =
    '{"platform":"all","audience":"all","message":{"msg_content":"m"},"options":{"sendno":9223372036854775807}}'
  assert.equal(read(long).request.sendno, '9223372036854775807')
  for (const value of ['x', '', 1.5, {}, true, '9223372036854775808'])
    assert.match(options({ sendno: value }), /options\.sendno/, String(value))
  for (const value of [0, 864_000]) assert.equal(options({ time_to_live: value }), 'accepted')
  for (const value of [-1, 864_001, '60', 1.5])
    assert.match(options({ time_to_live: value }), /options\.time_to_live/)
  for (const value of [true, false, 'true', 'False'])
    assert.equal(options({ apns_production: value }), 'accepted')
  for (const value of ['yes', 1])
    assert.match(options({ apns_production: value }), /options\.apns_production/)
  for (const value of [1, '2252799813685777']) assert.equal(options({ override_msg_id: value }), 'accepted')
  for (const value of ['x', -1, 1.5, ''])
    assert.match(options({ override_msg_id: value }), /options\.override_msg_id/)
  assert.match(options({ apns_collapse_id: 'x'.repeat(65) }), /64 bytes/)
  assert.match(options({ big_push_duration: 1_401 }), /options\.big_push_duration/)
  assert.match(options({ third_party_channel: 'x' }), /options\.third_party_channel/)
  assert.match(refusalOf({ ...base, options: 'x' }), /^parameter_invalid: options must be an object/)
})

test('active_push goes neither with a message nor with a slow push', () => {
  const conflict = (push: object) => read({ ...base, ...push }).request.hasActivePushConflict
  assert.equal(conflict({ options: { active_push: true } }), false)
  assert.equal(conflict({ options: { active_push: true }, message: { msg_content: 'm' } }), true)
  assert.equal(conflict({ options: { active_push: true, big_push_duration: 10 } }), true)
  assert.equal(conflict({ options: { active_push: false, big_push_duration: 10 } }), false)
})

test('sizes are counted in UTF-8 bytes, after the alert has been handed down, on addressed platforms only', () => {
  const on = (platform: string[], notification: object, message?: object) =>
    refusalOf({ ...base, platform, notification, ...(message && { message }) })
  assert.equal(on(['android'], { android: { alert: 'x'.repeat(4_000) } }), 'accepted')
  assert.equal(on(['android'], { alert: 'x'.repeat(4_001) }), 'push_too_big')
  assert.equal(on(['android'], { alert: '汉'.repeat(1_333) }), 'accepted')
  assert.equal(on(['android'], { alert: '汉'.repeat(1_334) }), 'push_too_big')
  assert.equal(on(['android'], { alert: '😀'.repeat(1_000) }), 'accepted')
  assert.equal(
    on(['android'], { alert: 'x'.repeat(3_000) }, { msg_content: 'x'.repeat(1_001) }),
    'push_too_big',
  )
  const iosOf = (bytes: number) => ({ ios: { alert: 'x'.repeat(bytes - '{"alert":""}'.length) } })
  assert.equal(on(['ios'], iosOf(2_000)), 'accepted')
  assert.equal(on(['ios'], iosOf(2_001)), 'push_too_big')
  assert.equal(on(['ios'], iosOf(2_000), { msg_content: 'x'.repeat(4_000) }), 'accepted')
  assert.equal(on(['ios'], iosOf(2_000), { msg_content: 'x'.repeat(4_001) }), 'push_too_big')
  assert.equal(on(['winphone'], { alert: 'x'.repeat(1_001) }), 'push_too_big')
  assert.equal(on(['android'], { ...iosOf(2_001), alert: 'short' }), 'accepted')
})

test('a cid is the caller’s app key and a uuid', () => {
  const cid = `${appKey}-5b1f0a52-7c36-4c0e-9a55-1f5f2d0c9e11`
  assert.equal(read({ ...base, cid }).cid, cid)
  for (const bad of [
    '',
    'x',
    cid.replace('a1', 'b1'),
    `${cid}0`,
    cid.slice(0, -1),
    `${appKey}-../../etc`,
    7,
    {},
  ])
    assert.equal(refusalOf({ ...base, cid: bad }), 'cid_invalid')
  assert.equal(read({ ...base, cid: null }).cid, undefined)
})

test('a live activity stands alone, for ios', () => {
  const { notification: _, ...bare } = base
  const live = (ios: object, rest = {}) => refusalOf({ ...bare, live_activity: { ios }, ...rest })
  assert.equal(live({ event: 'update', 'content-state': {} }), 'accepted')
  assert.equal(live({ event: 'start' }), 'parameter_missing: live_activity.ios.attributes-type')
  assert.equal(live({}), 'parameter_missing: live_activity.ios.event')
  assert.match(live({ event: 'pause' }), /live_activity\.ios\.event must be/)
  assert.match(live({ event: 'end' }, { message: { msg_content: 'm' } }), /goes neither with/)
  assert.equal(live({ event: 'end', attributes: { a: 'x'.repeat(3_584) } }), 'push_too_big')
  assert.deepEqual(read({ ...bare, live_activity: { ios: { event: 'end' } } }).request.platforms, ['ios'])
})

test('numbers of any length reach the device as they were sent', () => {
  const push =
    '{"platform":"all","audience":"all","notification":{"android":{"alert":"a","extras":{"n":12345678901234567890}}}}'
  assert.equal(
    read(push).request.contents.notification.android,
    '{"alert":"a","extras":{"n":12345678901234567890}}',
  )
})

const full = {
  cid: `${appKey}-5b1f0a52-7c36-4c0e-9a55-1f5f2d0c9e11`,
  platform: ['android', 'ios', 'hmos', 'quickapp', 'winphone'],
  audience: { tag: ['a'], tag_and: ['b'], tag_not: ['c'], alias: ['d'], registration_id: ['e'] },
  notification: {
    alert: 'a',
    android: {
      title: 't',
      extras: { n: 1 },
      inbox: {},
      intent: { url: 'u' },
      custom_buttons: [{ name: 'n' }],
    },
    ios: { alert: { title: 't' }, sound: { critical: 1 }, badge: 1, extras: {} },
    hmos: { push_type: 0, hm_payload: {} },
    quickapp: { page: 'p' },
    winphone: { _open_page: 'o' },
    voip: { key: 1 },
  },
  message: { msg_content: 'm', extras: { n: [1] } },
  sms_message: { delay_time: 0, temp_id: 1, temp_para: {} },
  options: { sendno: 1, time_to_live: 60, override_msg_id: 1, third_party_channel: {}, target_event: ['e'] },
  callback: { url: 'u', type: 1 },
  inapp_message: { inapp_message: true },
  notification_3rd: {},
}

/** Every way from the root of `value` to a member or entry. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...path, name]))
  return path.length === 0 ? inner : [path, ...inner]
}

function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>
  copy[name] = replaced(copy[name], rest, by)
  return copy
}

test('whatever stands at any place of a push, it is accepted or refused', () => {
  assert.equal(refusalOf(full), 'accepted')
  fc.assert(
    fc.property(fc.constantFrom(...pathsOf(full)), fc.jsonValue(), (path, value) => {
      refusalOf(replaced(full, path, value) as object)
    }),
    { numRuns: 2_000 },
  )
})
