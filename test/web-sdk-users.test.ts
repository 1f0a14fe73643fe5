// Attributes, presence and quiet times through the vendor's Web SDK, as it is published, under Node.
import assert from 'node:assert/strict'
import { beforeEach, type TestContext, test } from 'node:test'
import { connectDevice, eventually } from './devices.ts'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient } from './web-sdk.ts'

const server = sharedApp()
let app: EasemobApp

beforeEach(async () => {
  app = await makeEasemobApp(server())
  await app.register('alice', 'bob')
})

async function loggedIn(t: TestContext, name: string): Promise<SdkClient> {
  const client = new SdkClient(t, { http: server().http, org: app.org, app: app.app })
  await client.open(name)
  return client
}

/** The SDK's own types lag behind what it answers. */
type Any = any

test('a user sets its attributes, and another reads them', async t => {
  const [alice, bob] = [await loggedIn(t, 'alice'), await loggedIn(t, 'bob')]
  const set: Any = await alice.connection.updateUserInfo({ nickname: 'Ålice & co', sign: 'a=b', gender: 1 })
  assert.deepEqual(set.data, { nickname: 'Ålice & co', sign: 'a=b', gender: '1' })
  await alice.connection.updateUserInfo('mail', 'alice@example.test')
  const { data }: Any = await bob.connection.fetchUserInfoById(
    ['alice', 'bob', 'nobody'],
    ['nickname', 'mail'],
  )
  assert.deepEqual(data, { alice: { nickname: 'Ålice & co', mail: 'alice@example.test' }, bob: {} })
  const all: Any = await bob.connection.fetchUserInfoById('alice')
  assert.equal(all.data.alice.sign, 'a=b')
})

test('a subscriber hears that a user comes, what it publishes, and that it leaves', async t => {
  const alice = await loggedIn(t, 'alice')
  const { data }: Any = await alice.connection.subscribePresence({ usernames: ['bob'], expiry: 3_600 })
  assert.equal(data.result[0].uid, 'bob')
  assert.deepEqual(data.result[0].status, {})
  const bob = await loggedIn(t, 'bob')
  const resource = (bob.connection as Any).clientResource
  const [[come]]: Any = await alice.heard('onPresenceStatusChange', 1)
  assert.deepEqual(
    [come.userId, come.ext, come.statusDetails],
    ['bob', '', [{ device: resource, status: 1 }]],
  )
  assert.ok(come.expire > Date.now() / 1_000)
  await bob.connection.publishPresence({ description: 'at lunch' })
  const told: Any = await alice.heard('onPresenceStatusChange', 2)
  assert.equal(told[1][0].ext, 'at lunch')
  const seen: Any = await alice.connection.getPresenceStatus({ usernames: ['bob'] })
  assert.deepEqual([seen.data.result[0].ext, seen.data.result[0].status], ['at lunch', { [resource]: '1' }])
  bob.connection.close()
  const left: Any = await alice.heard('onPresenceStatusChange', 3)
  assert.deepEqual(left[2][0].statusDetails, [{ device: resource, status: 0 }])
})

test('subscriptions are listed, and end when the user ends them', async t => {
  await app.register('carol')
  const alice = await loggedIn(t, 'alice')
  await alice.connection.subscribePresence({ usernames: ['bob', 'carol'], expiry: 3_600 })
  const list = async (): Promise<Any> =>
    (await alice.connection.getSubscribedPresenceList({ pageNum: 1, pageSize: 10 })).data!.result
  const { totalnum, sublist } = await list()
  assert.deepEqual([totalnum, sublist.map(({ uid }: Any) => uid)], ['2', ['bob', 'carol']])
  await alice.connection.unsubscribePresence({ usernames: ['bob'] })
  assert.deepEqual(
    (await list()).sublist.map(({ uid }: Any) => uid),
    ['carol'],
  )
  const [bob, carol] = [await loggedIn(t, 'bob'), await loggedIn(t, 'carol')]
  const [[told]]: Any = await alice.heard('onPresenceStatusChange', 1)
  assert.equal(told.userId, 'carol')
  await Promise.all([bob, carol].map(client => client.heard('onConnected')))
})

test('a user sets when it wants to be notified, of everything and of conversations', async t => {
  const { connection } = await loggedIn(t, 'alice')
  const all: Any = await connection.setSilentModeForAll({
    options: { paramType: 0, remindType: 'AT' as Any },
  })
  assert.deepEqual(all.data, { type: 'AT' })
  const startTime = { hours: 22, minutes: 30 }
  await connection.setSilentModeForAll({
    options: { paramType: 2, startTime, endTime: { hours: 8, minutes: 15 } },
  })
  assert.deepEqual((await connection.getSilentModeForAll()).data, {
    type: 'AT',
    ignoreInterval: '22:30-8:15',
  })

  const one = { conversationId: 'bob', type: 'singleChat' as Any }
  const quiet = { ...one, options: { paramType: 1, duration: 60_000 } }
  const { data }: Any = await connection.setSilentModeForConversation(quiet as Any)
  const left = data.ignoreDuration - Date.now()
  assert.ok(left > 50_000 && left <= 60_000, String(left))
  const none = { conversationId: '42', type: 'groupChat', options: { paramType: 0, remindType: 'NONE' } }
  await connection.setSilentModeForConversation(none as Any)
  const several: Any = await connection.getSilentModeForConversations({
    conversationList: [
      { id: 'bob', type: 'singleChat' },
      { id: '42', type: 'groupChat' },
      { id: '43', type: 'groupChat' },
    ] as Any,
  })
  assert.deepEqual(several.data, { user: { bob: data }, group: { 42: { type: 'NONE' }, 43: {} } })
  await connection.clearRemindTypeForConversation({ conversationId: '42', type: 'groupChat' as Any })
  const cleared = await connection.getSilentModeForConversation({
    conversationId: '42',
    type: 'groupChat' as Any,
  })
  assert.deepEqual(cleared.data, {})
})

test('other devices of a user are told what it sets on one of them', async t => {
  const one = await loggedIn(t, 'alice')
  const heard: Any[] = []
  const other = new SdkClient(t, { http: server().http, org: app.org, app: app.app }, {
    isFixedDeviceId: false,
  } as Any)
  const told = new Promise<void>(resolve =>
    other.connection.addEventHandler('settings', {
      onMultiDeviceEvent: (event: Any) => {
        heard.push(event)
        if (heard.length === 3) resolve()
      },
    }),
  )
  await other.open('alice')
  const resource = (one.connection as Any).clientResource
  assert.notEqual((other.connection as Any).clientResource, resource)
  await one.connection.setSilentModeForAll({ options: { paramType: 0, remindType: 'AT' as Any } })
  const group = { conversationId: '42', type: 'groupChat' as Any }
  const options = { paramType: 0, remindType: 'NONE' }
  await one.connection.setSilentModeForConversation({ ...group, options } as Any)
  await one.connection.clearRemindTypeForConversation(group)
  await told
  assert.deepEqual(heard, [
    { operation: 'setSilentModeForUser', resource, data: { type: 'AT', ignoreInterval: '' } },
    { operation: 'setSilentModeForConversation', resource, ...group, data: { type: 'NONE' } },
    { operation: 'removeSilentModeForConversation', resource, ...group, data: {} },
  ])
})

test('conversations with a setting of their own are paged through', async t => {
  const { connection } = await loggedIn(t, 'alice')
  for (const id of ['1', '2', '3']) {
    const options = { paramType: 0, remindType: 'NONE' }
    await connection.setSilentModeForConversation({ conversationId: id, type: 'groupChat', options } as Any)
  }
  const pages: Any = connection
  const first = await pages.getSilentModeRemindTypeConversations({ pageSize: 2 })
  const second = await pages.getSilentModeRemindTypeConversations({ pageSize: 2, cursor: first.data.cursor })
  const ids = [...first.data.conversations, ...second.data.conversations].map(
    ({ conversationId }) => conversationId,
  )
  assert.deepEqual(ids, ['1', '2', '3'])
  assert.equal(second.data.cursor, undefined)
})

test('a user sets the language of its notifications', async t => {
  const { connection } = await loggedIn(t, 'alice')
  assert.deepEqual((await connection.getPushPerformLanguage()).data, { language: '' })
  await connection.setPushPerformLanguage({ language: 'zh-Hans' })
  assert.deepEqual((await connection.getPushPerformLanguage()).data, { language: 'zh-Hans' })
})

test('a user binds its device and is pushed to when it has left', async t => {
  const device = await connectDevice(t, server(), app)
  const alice = await loggedIn(t, 'alice')
  const bound: Any = await alice.connection.uploadPushToken({
    deviceId: 'phone',
    deviceToken: device.rid,
    notifierName: 'posthouse',
  })
  assert.deepEqual(bound.data.pushInfo, [
    { device_Id: 'phone', device_token: device.rid, notifier_name: 'posthouse' },
  ])
  alice.connection.close()
  const status = async (): Promise<string> => ok(await app.call('GET', '/users/alice/status')).json.data.alice
  await eventually(status, value => value === 'offline')
  const push = device.next()
  const message = { from: 'bob', to: ['alice'], type: 'txt', body: { msg: 'x' } }
  ok(await app.call('POST', '/messages/users', message))
  assert.equal((await push).notification.extras.f, 'bob')
})
