// What users write to each other with the vendor's Web SDK, wherever it runs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appWith, clientOf, loggedIn, type World } from './chat-client.ts'
import { ok } from './easemob-caller.ts'

export function messagesConform(world: World): void {
  test('two users write to each other, and each message has one id for both', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
    const first = await alice.text('bob', 'hello')
    const [heard] = await bob.heard('onTextMessage')
    assert.deepEqual(
      { id: heard.id, from: heard.from, to: heard.to, msg: heard.msg, chatType: heard.chatType },
      { id: first, from: 'alice', to: 'bob', msg: 'hello', chatType: 'singleChat' },
    )
    const second = await bob.text('alice', 'hello yourself')
    const [answer] = await alice.heard('onTextMessage')
    assert.deepEqual({ id: answer.id, msg: answer.msg }, { id: second, msg: 'hello yourself' })
  })

  test('500 messages that were sent through REST while a user was away arrive at login, in order', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const sent: string[] = []
    for (let at = 0; at < 500; at += 1) {
      const body = { from: 'alice', to: ['bob'], type: 'txt', body: { msg: `message ${at}` } }
      sent.push(ok(await app.call('POST', '/messages/users', body)).json.data.bob)
    }
    const [bob] = await loggedIn(t, world, app, 'bob')
    const heard = await bob.heard('onTextMessage', 500)
    assert.deepEqual(
      heard.map(({ id, msg }) => [id, msg]),
      sent.map((id, at) => [id, `message ${at}`]),
    )
    await bob.heard('onOfflineMessageSyncFinish')
    assert.deepEqual(ok(await app.call('GET', '/users/bob/offline_msg_count')).json.data, { bob: 0 })
  })

  test('members of a group hear what one of them writes, and nobody else does', async t => {
    const app = await appWith(world, 'alice', 'bob', 'carol', 'dave')
    const group = { groupname: 'g', desc: 'd', public: true, owner: 'alice', members: ['bob', 'carol'] }
    const groupId = ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
    const [alice, bob, carol, dave] = await loggedIn(t, world, app, 'alice', 'bob', 'carol', 'dave')
    const id = await alice.text(groupId, 'to all', 'groupChat')
    for (const member of [bob, carol]) {
      const [heard] = await member.heard('onTextMessage')
      assert.deepEqual([heard.id, heard.to, heard.msg, heard.chatType], [id, groupId, 'to all', 'groupChat'])
    }
    const answer = await bob.text(groupId, 'to all as well', 'groupChat')
    const [heard] = await alice.heard('onTextMessage')
    assert.deepEqual([heard.id, heard.from, heard.to], [answer, 'bob', groupId])
    await assert.rejects(dave.text(groupId, 'let me in', 'groupChat'), { type: 602 })
    await dave.text('bob', 'after')
    await bob.heard('onTextMessage', 2)
    assert.equal(dave.told('onTextMessage').length, 0)
  })

  test('in a room everybody hears everybody, until they leave', async t => {
    const app = await appWith(world, 'alice', 'bob', 'carol')
    const room = { name: 'r', description: 'd', maxusers: 100, owner: 'alice' }
    const roomId = ok(await app.call('POST', '/chatrooms', room)).json.data.id
    const [alice, bob, carol] = await loggedIn(t, world, app, 'alice', 'bob', 'carol')
    await bob.connection.joinChatRoom({ roomId })
    const id = await bob.text(roomId, 'in here', 'chatRoom')
    const [heard] = await alice.heard('onTextMessage')
    assert.deepEqual([heard.id, heard.chatType], [id, 'chatRoom'])
    const answer = await alice.text(roomId, 'welcome', 'chatRoom')
    const [welcome] = await bob.heard('onTextMessage')
    assert.deepEqual([welcome.id, welcome.from], [answer, 'alice'])
    await assert.rejects(carol.text(roomId, 'from outside', 'chatRoom'), { type: 602 })
    await bob.connection.leaveChatRoom({ roomId })
    await alice.text(roomId, 'gone?', 'chatRoom')
    await alice.text('bob', 'after')
    await bob.heard('onTextMessage', 2)
    assert.deepEqual(
      bob.told('onTextMessage').map(({ msg }) => msg),
      ['welcome', 'after'],
    )
  })

  test('a receiver’s device says that it has a message, and that it was read', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [alice] = await loggedIn(t, world, app, 'alice')
    const bob = await clientOf(t, world, app, { delivery: true })
    await bob.open('bob')
    const id = await alice.text('bob', 'read me')
    const [message] = await bob.heard('onTextMessage')
    const [delivered] = await alice.heard('onDeliveredMessage')
    assert.equal(delivered.mid, id)
    await bob.send({ type: 'read', chatType: 'singleChat', to: 'alice', id: message.id })
    const [read] = await alice.heard('onReadMessage')
    assert.equal(read.mid, id)
  })
}
