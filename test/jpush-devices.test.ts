import assert from 'node:assert/strict'
import { test } from 'node:test'
import { age, register } from './devices.ts'
import { type JpushApp, makeJpushApp } from './jpush-client.ts'
import { sharedApp } from './start-app.ts'

const app = sharedApp()

async function appWithDevice(): Promise<{ jpush: JpushApp; rid: string }> {
  const jpush = await makeJpushApp(app())
  return { jpush, rid: await register(app(), jpush) }
}

test('a device has tags, an alias and a mobile number: set, kept, cleared', async () => {
  const { jpush, rid } = await appWithDevice()
  const device = () => jpush.ok('GET', `/v3/devices/${rid}`)
  const change = (body: object) => jpush.ok('POST', `/v3/devices/${rid}`, body)
  assert.deepEqual(await device(), { tags: [], alias: '', mobile: '' })
  assert.deepEqual(
    await change({ tags: { add: ['vip', '北京'] }, alias: 'user_42', mobile: '13800000001' }),
    {},
  )
  assert.deepEqual(await device(), { tags: ['vip', '北京'], alias: 'user_42', mobile: '13800000001' })
  for (const nothing of [{}, [], { tags: {}, alias: null }, { tags: [] }, { tags: { remove: ['none'] } }])
    await change(nothing)
  assert.deepEqual(await device(), { tags: ['vip', '北京'], alias: 'user_42', mobile: '13800000001' })
  await change({ tags: { remove: ['vip'], add: ['a'] }, alias: '' })
  assert.deepEqual(await device(), { tags: ['a', '北京'], alias: '', mobile: '13800000001' })
  await change({ tags: '', mobile: '' })
  assert.deepEqual(await device(), { tags: [], alias: '', mobile: '' })
})

test('a tag in both lists is added', async () => {
  const { jpush, rid } = await appWithDevice()
  await jpush.ok('POST', `/v3/devices/${rid}`, { tags: { add: ['a', 'b'], remove: ['a', 'b'] } })
  assert.deepEqual((await jpush.ok('GET', `/v3/devices/${rid}`)).tags, ['a', 'b'])
})

test('a change that is refused in part changes nothing', async () => {
  const { jpush, rid } = await appWithDevice()
  for (let bound = 0; bound < 10; bound++) await register(app(), jpush, { alias: 'full' })
  const { json } = await jpush.call('POST', `/v3/devices/${rid}`, { tags: { add: ['a'] }, alias: 'full' })
  assert.equal(json.error.code, 7015)
  assert.deepEqual(await jpush.ok('GET', `/v3/devices/${rid}`), { tags: [], alias: '', mobile: '' })
})

test('changes with values that cannot be are refused', async () => {
  const { jpush, rid } = await appWithDevice()
  const tags = (count: number, chars: number) =>
    Array.from({ length: count }, (_, index) => String(index).padStart(chars, 't'))
  for (const body of [
    { tags: 'all' },
    { tags: ['a'] },
    { tags: { add: 'a' } },
    { tags: { add: ['a-b'] } },
    { tags: { add: [''] } },
    { tags: { add: tags(101, 3) } },
    { tags: { remove: tags(26, 40) } },
    { alias: 'a b' },
    { alias: 7 },
    { alias: '北'.repeat(14) },
    { mobile: 13_800_000_001 },
  ]) {
    const { status, json } = await jpush.call('POST', `/v3/devices/${rid}`, body)
    assert.deepEqual([status, json.error.code], [400, 7002], JSON.stringify(body))
  }
})

test('a device carries a thousand tags and no more', async () => {
  const { jpush, rid } = await appWithDevice()
  const tags = Array.from({ length: 1_001 }, (_, index) => `t${index}`)
  for (let from = 0; from < 1_000; from += 100)
    await jpush.ok('POST', `/v3/devices/${rid}`, { tags: { add: tags.slice(from, from + 100) } })
  const more = { tags: { add: ['t1000'] } }
  assert.equal((await jpush.call('POST', `/v3/devices/${rid}`, more)).json.error.code, 7002)
  const byTag = { registration_ids: { add: [rid] } }
  assert.equal((await jpush.call('POST', '/v3/tags/t1000', byTag)).json.error.code, 7002)
  await jpush.ok('POST', `/v3/devices/${rid}`, { tags: { add: ['t1000'], remove: ['t0'] } })
  assert.equal((await jpush.ok('GET', '/v3/tags')).tags.length, 100)
})

test('another app’s device does not exist', async () => {
  const { jpush } = await appWithDevice()
  const { rid: foreign } = await appWithDevice()
  assert.equal((await jpush.call('GET', `/v3/devices/${foreign}`)).json.error.code, 7002)
  assert.equal((await jpush.call('POST', `/v3/devices/${foreign}`, { alias: 'x' })).json.error.code, 7002)
  const unbind = { registration_ids: { remove: [foreign] } }
  assert.deepEqual((await jpush.call('POST', '/v3/aliases/ann', unbind)).json.error.illegal_rids, [foreign])
})

test('a tag is given to and taken from devices, all of them or none', async () => {
  const { jpush, rid } = await appWithDevice()
  const other = await register(app(), jpush, { tags: ['vip'] })
  const has = async (device: string) =>
    (await jpush.ok('GET', `/v3/tags/vip/registration_ids/${device}`)).result
  await jpush.ok('POST', '/v3/tags/vip', { registration_ids: { add: [rid, rid], remove: [other] } })
  assert.deepEqual([await has(rid), await has(other)], [true, false])
  const refused = { registration_ids: { add: [other, 'unknown'], remove: [rid] } }
  assert.deepEqual((await jpush.call('POST', '/v3/tags/vip', refused)).json.error.illegal_rids, ['unknown'])
  assert.deepEqual([await has(rid), await has(other)], [true, false])
  assert.equal((await jpush.ok('GET', `/v3/tags/unknown/registration_ids/${rid}`)).result, false)
  for (const body of [
    {},
    { registration_ids: {} },
    { registration_ids: { add: [], remove: [] } },
    { registration_ids: [rid] },
    { registration_ids: { add: rid } },
  ])
    assert.equal((await jpush.call('POST', '/v3/tags/vip', body)).json.error.code, 7002, JSON.stringify(body))
})

test('a tag exists while a device carries it, and is deleted platform by platform', async () => {
  const { jpush } = await appWithDevice()
  await register(app(), jpush, { platform: 'android', tags: ['北京', 'a'] })
  await register(app(), jpush, { platform: 'ios', tags: ['北京'] })
  assert.deepEqual(await jpush.ok('GET', '/v3/tags/'), { tags: ['a', '北京'] })
  assert.deepEqual(await jpush.ok('DELETE', '/v3/tags/a?platform=ios'), {})
  assert.deepEqual(
    await jpush.ok('DELETE', `/v3/tags/${encodeURIComponent('北京')}?platform=android,+winphone,`),
    {},
  )
  assert.deepEqual((await jpush.ok('GET', '/v3/tags')).tags, ['a', '北京'])
  await jpush.ok('DELETE', `/v3/tags/${encodeURIComponent('北京')}/?platform=`)
  await jpush.ok('DELETE', '/v3/tags/unknown')
  assert.deepEqual((await jpush.ok('GET', '/v3/tags')).tags, ['a'])
  for (const platform of ['symbian', 'web', 'android,symbian'])
    assert.equal((await jpush.call('DELETE', `/v3/tags/a?platform=${platform}`)).json.error.code, 7002)
})

test('an alias tells its devices in both formats, and lets go of some or all', async () => {
  const { jpush } = await appWithDevice()
  const android = await register(app(), jpush, { alias: 'ann' })
  const ios = await register(app(), jpush, { platform: 'ios', alias: 'ann' })
  const bob = await register(app(), jpush, { alias: 'bob' })
  const ids = async (path: string) => (await jpush.ok('GET', path)).registration_ids
  assert.deepEqual(await ids('/v3/aliases/ann'), [android, ios])
  assert.deepEqual(await ids('/v3/aliases/ann/?platform=ios,hmos'), [ios])
  assert.deepEqual(await ids('/v3/aliases/nobody'), [])
  const dateNow = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  const dates = [dateNow()]
  const { data } = await jpush.ok('GET', '/v3/aliases/ann?platform=ios&new_format=true')
  dates.push(dateNow())
  assert.ok(dates.includes(data[0].last_online_date))
  assert.deepEqual(data, [
    { registration_id: ios, platform: 'ios', last_online_date: data[0].last_online_date },
  ])
  assert.equal((await jpush.ok('GET', '/v3/aliases/ann&new_format=true')).data.length, 2)
  assert.deepEqual(
    await jpush.ok('POST', '/v3/aliases/ann', { registration_ids: { remove: [ios, bob] } }),
    {},
  )
  assert.deepEqual(await ids('/v3/aliases/ann'), [android])
  assert.deepEqual(await ids('/v3/aliases/bob'), [bob])
  await jpush.ok('DELETE', '/v3/aliases/ann?platform=ios')
  assert.deepEqual(await ids('/v3/aliases/ann'), [android])
  await jpush.ok('DELETE', '/v3/aliases/ann')
  assert.deepEqual(await ids('/v3/aliases/ann'), [])
  for (const body of [{}, { registration_ids: {} }, { registration_ids: { remove: [] } }])
    assert.equal((await jpush.call('POST', '/v3/aliases/ann', body)).json.error.code, 7002)
})

test('devices were seen just now, within two days, before that, or never', async () => {
  const { jpush, rid: now } = await appWithDevice()
  const [hourAgo, weekAgo] = [await register(app(), jpush), await register(app(), jpush)]
  age(app(), 'devices', hourAgo, 3_600_000)
  age(app(), 'devices', weekAgo, 7 * 86_400_000)
  const ask = { registration_ids: [now, hourAgo, weekAgo, 'unknown', '__proto__'] }
  const { text, json } = await jpush.call('POST', '/v3/devices/status/', ask)
  assert.deepEqual(json[now], { online: true })
  assert.equal(json[hourAgo].online, false)
  assert.match(json[hourAgo].last_online_time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  assert.deepEqual(json[weekAgo], { online: false })
  assert.equal(json.unknown, null)
  assert.match(text, /"__proto__":null/)
  const many = Array.from({ length: 1_001 }, (_, index) => `r${index}`)
  for (const registration_ids of [undefined, [], 'x', [1], many])
    assert.equal((await jpush.call('POST', '/v3/devices/status', { registration_ids })).json.error.code, 7002)
})

test('the Beijing names of these calls answer the same, and reserved words win over ids', async () => {
  const { jpush, rid } = await appWithDevice()
  await jpush.ok('POST', `/v3/device/${rid}`, { alias: 'ann', tags: { add: ['vip'] } })
  assert.equal((await jpush.ok('GET', `/v3/device/${rid}`)).alias, 'ann')
  assert.deepEqual((await jpush.ok('GET', '/v3/device/aliases/ann')).registration_ids, [rid])
  assert.equal((await jpush.ok('GET', `/v3/device/tags/vip/registration_ids/${rid}`)).result, true)
  assert.deepEqual(await jpush.ok('GET', '/v3/report/received?msg_ids=1'), [])
  assert.deepEqual(await jpush.ok('GET', '/v3/report/received/detail?msg_ids=1'), [])
  const status = { msg_id: 1, registration_ids: [rid] }
  assert.deepEqual(await jpush.ok('POST', '/v3/report/status/message', status), { [rid]: { status: 3 } })
  assert.equal((await jpush.call('GET', '/v3/device/aliases')).status, 404)
  for (const path of ['/v3/devices/status', '/v3/device/status'])
    assert.equal((await jpush.call('GET', path)).headers.allow, 'POST')
})
