// Who shields itself from a group with the vendor's Web SDK hears nothing that is said in it meanwhile, online or not.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { connectDevice } from './devices.ts'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient } from './web-sdk.ts'

const server = sharedApp()

/** As the SDK has it, but not its types. */
type Shielding = Record<
  'blockGroupMessage' | 'unblockGroupMessage',
  (group: { groupId: string }) => Promise<{ data: object }>
>

async function open(t: TestContext, app: EasemobApp, name: string) {
  const client = new SdkClient(t, { http: server().http, org: app.org, app: app.app })
  await client.open(name)
  return { client, shielding: client.connection as unknown as Shielding }
}

async function stage(t: TestContext) {
  const app = await makeEasemobApp(server())
  await app.register('ann', 'bob', 'cat')
  const group = { groupname: 'g', public: true, owner: 'ann', members: ['bob', 'cat'] }
  const groupId: string = ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
  return { app, groupId, ann: await open(t, app, 'ann'), bob: await open(t, app, 'bob') }
}

const texts = ({ client }: { client: SdkClient }) => client.told('onTextMessage').map(({ msg }) => msg)

test('a member that shields itself hears nothing of the group until it wants to again', async t => {
  const { app, groupId, ann, bob } = await stage(t)
  const cat = await open(t, app, 'cat')
  const say = (text: string) => ann.client.text(groupId, text, 'groupChat')
  await say('one')
  await bob.client.heard('onTextMessage')
  const shielded = await bob.shielding.blockGroupMessage({ groupId })
  assert.deepEqual(shielded.data, { result: true })
  await say('two')
  const message = {
    target_type: 'chatgroups',
    target: [groupId],
    from: 'ann',
    msg: { type: 'txt', msg: 'rest' },
  }
  ok(await app.call('POST', '/messages', message))
  await ann.client.send({
    type: 'txt',
    msg: 'chosen',
    to: groupId,
    chatType: 'groupChat',
    receiverList: ['bob'],
  })
  await bob.shielding.unblockGroupMessage({ groupId })
  await say('three')
  await bob.client.heard('onTextMessage', 2)
  assert.deepEqual(texts(bob), ['one', 'three'])
  await cat.client.heard('onTextMessage', 4)
  assert.deepEqual(texts(cat), ['one', 'two', 'rest', 'three'])
})

test('a member that shields itself may still speak, is told what befalls the group, and hears its users', async t => {
  const { app, groupId, ann, bob } = await stage(t)
  await bob.client.heard('onGroupEvent')
  await bob.shielding.blockGroupMessage({ groupId })
  await bob.client.text(groupId, 'from bob', 'groupChat')
  await ann.client.heard('onTextMessage')
  ok(await app.call('PUT', `/chatgroups/${groupId}`, { groupname: 'new' }))
  assert.equal((await bob.client.heard('onGroupEvent', 2))[1].operation, 'updateInfo')
  await ann.client.text('bob', 'hello')
  await bob.client.heard('onTextMessage')
  assert.deepEqual(texts(bob), ['hello'])
})

test('the details of a group tell a member whether it has shielded itself', async t => {
  const { app, groupId, ann, bob } = await stage(t)
  await bob.shielding.blockGroupMessage({ groupId })
  const shieldOf = async ({ client }: { client: SdkClient }) =>
    (await client.connection.getGroupInfo({ groupId })).data![0]!.shieldgroup
  assert.equal(await shieldOf(bob), true)
  assert.equal(await shieldOf(ann), false)
  await bob.shielding.unblockGroupMessage({ groupId })
  assert.equal(await shieldOf(bob), false)
  assert.equal('shieldgroup' in ok(await app.call('GET', `/chatgroups/${groupId}`)).json.data[0], false)
})

test('what was said to a shielded member while it was away does not wait for it', async t => {
  const { app, groupId, ann } = await stage(t)
  const cat = app.as(await app.login('cat'))
  ok(await cat('POST', `/chatgroups/${groupId}/shield`))
  await ann.client.text(groupId, 'unheard', 'groupChat')
  const count = ok(await app.call('GET', '/users/cat/offline_msg_count')).json.data
  ok(await cat('DELETE', `/chatgroups/${groupId}/shield`))
  await ann.client.text(groupId, 'heard', 'groupChat')
  const { client } = await open(t, app, 'cat')
  await client.heard('onTextMessage')
  assert.deepEqual(texts({ client }), ['heard'])
  assert.deepEqual(count, { cat: 0 })
})

test('no device of a shielded member that is away shows what was said', async t => {
  const { app, groupId, ann } = await stage(t)
  const device = await connectDevice(t, server(), app, { platform: 'android' })
  const binding = { device_id: 'phone', device_token: device.rid, notifier_name: 'posthouse' }
  ok(await app.call('PUT', '/users/cat/push/binding', binding))
  ok(await app.call('PUT', '/users/cat', { notification_display_style: 1 }))
  const cat = app.as(await app.login('cat'))
  ok(await cat('POST', `/chatgroups/${groupId}/shield`))
  const push: any = device.next()
  await ann.client.text(groupId, 'unheard', 'groupChat')
  ok(await cat('DELETE', `/chatgroups/${groupId}/shield`))
  await ann.client.text(groupId, 'heard', 'groupChat')
  const { alert, extras } = (await push).notification
  assert.match(alert, /heard$/)
  assert.doesNotMatch(alert, /unheard/)
  assert.equal(extras.badge, 1)
})

test('a shield goes with the membership', async t => {
  const { app, groupId, ann, bob } = await stage(t)
  await bob.shielding.blockGroupMessage({ groupId })
  await bob.client.connection.leaveGroup({ groupId })
  ok(await app.call('POST', `/chatgroups/${groupId}/users/bob`))
  await ann.client.text(groupId, 'heard', 'groupChat')
  await bob.client.heard('onTextMessage')
  assert.deepEqual(texts(bob), ['heard'])
})

test('only members shield themselves, each with its own token', async () => {
  const app = await makeEasemobApp(server())
  await app.register('ann', 'dan')
  const group = { groupname: 'g', public: true, owner: 'ann' }
  const path = `/chatgroups/${ok(await app.call('POST', '/chatgroups', group)).json.data.groupid}/shield`
  const [ann, dan] = [app.as(await app.login('ann')), app.as(await app.login('dan'))]
  for (const method of ['POST', 'DELETE']) {
    assert.equal((await dan(method, path)).status, 401)
    assert.equal((await app.call(method, path)).status, 401)
    assert.equal((await ann(method, '/chatgroups/999/shield')).status, 404)
    assert.deepEqual(ok(await ann(method, path)).json.data, { result: true })
  }
})
