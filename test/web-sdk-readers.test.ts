// Receipts of a message in a group, with the vendor's Web SDK: who has read it, counted for its author.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient } from './web-sdk.ts'

const server = sharedApp()

test('who has read a message of a group is counted for its author, and listed for the members', async t => {
  const app = await makeEasemobApp(server())
  const names = ['ann', 'bob', 'cat', 'dan']
  await app.register(...names)
  const clients = names.map(() => new SdkClient(t, { http: server().http, org: app.org, app: app.app }))
  for (const [index, client] of clients.entries()) await client.open(names[index]!)
  const [ann, bob, cat, dan] = clients as [SdkClient, SdkClient, SdkClient, SdkClient]
  const group = { groupname: 'g', desc: 'd', public: true, owner: 'ann', members: ['bob', 'cat'] }
  const groupId = ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
  const other = ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
  const msgId = await ann.send({
    type: 'txt',
    chatType: 'groupChat',
    to: groupId,
    msg: 'read this',
    msgConfig: { allowGroupAck: true },
  })
  const read = (reader: SdkClient, ackContent: string) =>
    reader.send({
      type: 'read',
      chatType: 'groupChat',
      id: msgId,
      to: groupId,
      msgConfig: { allowGroupAck: true },
      ackContent,
    } as never)
  const list = async (reader: SdkClient, id = groupId) =>
    ((await reader.connection.getGroupMsgReadUser({ groupId: id, msgId })) as any).data
  assert.deepEqual((await list(ann)).userlist, [])
  await read(bob, 'seen')
  await read(bob, 'seen again')
  await read(cat, '')
  await read(ann, 'my own')
  const told = await ann.heard('onReadMessage', 3)
  assert.deepEqual(
    told
      .slice(0, 3)
      .map(({ mid, from, groupReadCount, ackContent }) => [mid, from, groupReadCount, ackContent]),
    [
      [msgId, 'bob', { [msgId]: 1 }, 'seen'],
      [msgId, 'bob', { [msgId]: 1 }, 'seen again'],
      [msgId, 'cat', { [msgId]: 2 }, ''],
    ],
  )
  for (const reader of [ann, bob]) {
    const { userlist, total, ackmid, is_last } = await list(reader)
    assert.deepEqual(
      { userlist, total, ackmid, is_last },
      { userlist: ['bob', 'cat'], total: 2, ackmid: msgId, is_last: true },
    )
  }
  await assert.rejects(list(dan))
  assert.equal((await list(ann, other)).total, 0)
  const page = async (key: string) =>
    ok(await app.call('GET', `/chatgroups/${groupId}/acks/${msgId}?limit=1&key=${key}`)).json.data
  const first = await page('')
  const second = await page(first.next_key)
  assert.deepEqual([first.userlist, first.is_last], [['bob'], false])
  assert.deepEqual([second.userlist, second.is_last, second.next_key], [['cat'], true, ''])
  ok(await app.call('DELETE', '/users/bob'))
  assert.deepEqual((await list(ann)).userlist, ['cat'])
})
