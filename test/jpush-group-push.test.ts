// Pushes to groups of apps (jpush.md §3.1.5).
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { connectDevice, register } from './devices.ts'
import { basic, send } from './http-client.ts'
import { jpushApp } from './jpush-client.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()
const hello = { platform: 'all', audience: 'all', notification: { alert: 'Hi' } }
let lastOrg = 0

/** An organisation with apps and a group of them all. */
async function makeGroup(count: number) {
  const org = `group${++lastOrg}`
  const names = Array.from({ length: count }, (_, index) => `app${index}`)
  const apps = []
  for (const app of names) apps.push(jpushApp(server(), await server().admin('POST', '/apps', { org, app })))
  const group = await server().admin('POST', '/app-groups', { org, name: 'all', apps: names })
  const headers = { Authorization: basic(`group-${group.group_key}`, group.group_master_secret) }
  return {
    org,
    names,
    apps,
    group,
    push: (push: object, path = '/v3/grouppush') => send(`${server().http}${path}`, { headers, body: push }),
  }
}

test('a push to a group is a push in each of its apps, with an id of its own', async t => {
  const { apps, push } = await makeGroup(2)
  const devices = [
    await connectDevice(t, server(), apps[0]!),
    await connectDevice(t, server(), apps[1]!),
  ] as const
  const received = Promise.all(devices.map(device => device.next()))
  const { status, json } = await push({ ...hello, options: { sendno: 77 } })
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(json).sort(), ['group_msgid', ...apps.map(app => app.app_key)].sort())
  assert.match(json.group_msgid, /^\d+$/)
  const ids = (await received).map(each => each.msg_id)
  assert.deepEqual(
    apps.map(app => json[app.app_key]),
    ids.map(msg_id => ({ sendno: '77', msg_id })),
  )
  assert.equal(new Set([json.group_msgid, ...ids]).size, 3)
  for (const [index, app] of apps.entries())
    assert.equal((await app.ok('GET', `/v3/received?msg_ids=${ids[index]}`)).length, 1)
})

test('an app that refuses the push says so, the others send it', async () => {
  const { org, names, apps, push } = await makeGroup(4)
  for (const app of apps.slice(1)) await register(server(), app)
  await server().admin('PATCH', `/apps/${org}/${names[1]}`, { blacklisted: true })
  await server().admin('PATCH', `/apps/${org}/${names[2]}`, { ip_allowlist: ['10.0.0.0/8'] })
  const { status, json } = await push(hello)
  assert.equal(status, 200)
  assert.deepEqual(
    apps.slice(0, 3).map(app => json[app.app_key]),
    [
      { error: { code: 1011, message: 'cannot find user by this audience' } },
      { error: { code: 2003, message: 'The appKey is in black list.' } },
      { error: { code: 2004, message: 'The IP address of the caller is not allowed' } },
    ],
  )
  assert.match(json[apps[3]!.app_key].msg_id, /^\d+$/)
})

test('a push to a group is checked as any push, and overrides none', async () => {
  const { apps, push } = await makeGroup(1)
  await register(server(), apps[0]!)
  for (const [body, code] of [
    [{ ...hello, audience: undefined }, 1002],
    [{ ...hello, platform: 'toaster' }, 1003],
    [{ ...hello, options: { override_msg_id: 1 } }, 1003],
    [{ ...hello, cid: 'mine' }, 1003],
  ] as const) {
    const { status, json } = await push(body)
    assert.deepEqual([status, json.error.code], [400, code], JSON.stringify(body))
  }
})

test('the same cid pushes once', async () => {
  const { apps, push } = await makeGroup(2)
  for (const app of apps) await register(server(), app)
  const body = { ...hello, cid: `${apps[0]!.app_key}-${randomUUID()}` }
  const [first, second] = await Promise.all([push(body), push(body)])
  assert.deepEqual(second.json, first.json)
  // The cid of one of its apps is another matter.
  const alone = await apps[0]!.ok('POST', '/v3/push', body)
  assert.notEqual(alone.msg_id, first.json[apps[0]!.app_key].msg_id)
})

test('a group’s secret pushes for the group and does nothing else, an app’s does not push for it', async () => {
  const { apps, group, push } = await makeGroup(1)
  const { status, json } = await push(hello, '/v3/push')
  assert.deepEqual([status, json.error.code], [401, 1004])
  const attempts = [
    basic(apps[0]!.app_key, apps[0]!.master_secret),
    basic(group.group_key, group.group_master_secret),
    basic(`group-${group.group_key}`, apps[0]!.master_secret),
    basic('group-', group.group_master_secret),
    basic(`group-${'0'.repeat(24)}`, group.group_master_secret),
  ]
  for (const Authorization of attempts) {
    const answer = await send(`${server().http}/v3/grouppush`, { headers: { Authorization }, body: hello })
    assert.deepEqual([answer.status, answer.json.error.code], [401, 1004], Authorization)
    assert.equal(answer.headers['x-rate-limit-limit'], undefined)
  }
})

test('a group has a window of its own', async () => {
  const { apps, push } = await makeGroup(1)
  const first = await push(hello)
  assert.deepEqual(
    [first.headers['x-rate-limit-limit'], first.headers['x-rate-limit-remaining']],
    ['600', '599'],
  )
  const own = await apps[0]!.call('POST', '/v3/push', hello)
  assert.equal(own.headers['x-rate-limit-remaining'], '599')
})

test('groups are made, changed and deleted by the operator; a deleted app is in none', async () => {
  const { org, names, apps, group, push } = await makeGroup(2)
  for (const app of apps) await register(server(), app)
  const listed = (await server().admin('GET', '/app-groups')).groups.find((each: any) => each.org === org)
  assert.deepEqual(listed, group)
  await server().admin('PUT', `/app-groups/${org}/all`, { apps: [names[1]] })
  assert.deepEqual(Object.keys((await push(hello)).json).length, 2)
  await server().admin('DELETE', `/apps/${org}/${names[1]}`)
  assert.deepEqual(Object.keys((await push(hello)).json), ['group_msgid'])
  await server().admin('DELETE', `/app-groups/${org}/all`)
  assert.equal((await push(hello)).status, 401)
  const refusals = [
    ['POST', '/app-groups', { org, name: 'all', apps: ['none'] }, 404],
    ['POST', '/app-groups', { org, name: 'a b', apps: [] }, 400],
    ['POST', '/app-groups', { org, name: 'all', apps: 'app0' }, 400],
    ['POST', '/app-groups', { org, name: 'all', apps: Array(101).fill('app0') }, 400],
    ['PUT', `/app-groups/${org}/all`, { apps: [] }, 404],
    ['DELETE', `/app-groups/${org}/all`, undefined, 404],
  ] as const
  for (const [method, path, body, status] of refusals)
    await assert.rejects(server().admin(method, path, body), new RegExp(`: ${status} `), path)
})
