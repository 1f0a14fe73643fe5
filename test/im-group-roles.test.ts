// What admins of groups and rooms do to those who are logged in: who may speak, who comes in, who is told.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { mucBodyCodec } from '../src/msync/codec.ts'
import { ok } from './easemob-caller.ts'
import { ImClient, ImRefusal } from './im-client.ts'
import { type MessagingApp, makeMessagingApp } from './messaging.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()
const kinds = ['group', 'room'] as const
type Kind = (typeof kinds)[number]

const muted = new ImRefusal(15, 'user is mute')
const silenced = new ImRefusal(1, 'not in group or chatroom white list')

/** Ann owns it; bob, cat and dan are in it; all are logged in. */
async function stage(t: TestContext, kind: Kind) {
  const app = await makeMessagingApp(server(), 'ann', 'bob', 'cat', 'dan')
  const members = ['bob', 'cat', 'dan']
  const made =
    kind === 'group'
      ? await app.call('POST', '/chatgroups', { groupname: 'g', public: true, owner: 'ann', members })
      : await app.call('POST', '/chatrooms', { name: 'r', owner: 'ann', members })
  const { groupid, id = groupid } = ok(made).json.data
  const [ann, bob, cat, dan] = await Promise.all(['ann', ...members].map(name => login(t, app, name)))
  const path = `/chat${kind}s/${id}`
  const call = async (method: string, below: string, body?: unknown) =>
    ok(await app.call(method, path + below, body)).json.data
  const say = (client: ImClient, what = 'x') =>
    client.text(id, what, { chatType: kind === 'group' ? 'groupchat' : 'chatroom' })
  return { app, id, ann: ann!, bob: bob!, cat: cat!, dan: dan!, call, say }
}

async function login(t: TestContext, app: MessagingApp, username: string): Promise<ImClient> {
  return ImClient.login(t, app, { username, token: await app.login(username) })
}

for (const kind of kinds) {
  test(`a muted member of a ${kind} cannot speak until the mute is lifted; others and REST can`, async t => {
    const { app, id, ann, bob, cat, call, say } = await stage(t, kind)
    await call('POST', '/mute', { usernames: ['bob'], mute_duration: 600_000 })
    await assert.rejects(say(bob), muted)
    await say(cat, 'from cat')
    const rest = { from: 'bob', to: [id], type: 'txt', body: { msg: 'through REST' } }
    ok(await app.call('POST', `/messages/chat${kind}s`, rest))
    assert.deepEqual(await ann.nextTexts(2), ['from cat', 'through REST'])
    await call('DELETE', '/mute/bob')
    await say(bob, 'again')
    assert.deepEqual(await ann.nextTexts(1), ['again'])
  })

  test(`in a ${kind} that is silent the owner, admins and the allowed speak, unless they are muted`, async t => {
    const { ann, bob, cat, dan, call, say } = await stage(t, kind)
    await call('POST', '/ban')
    await say(ann, 'owner')
    await assert.rejects(say(bob), silenced)
    await call('POST', '/white/users/bob')
    await say(bob, 'allowed')
    await call('POST', '/admin', { newadmin: 'cat' })
    await say(cat, 'admin')
    await call('POST', '/mute', { usernames: ['bob'], mute_duration: -1 })
    await assert.rejects(say(bob), muted)
    await call('POST', '/mute', { usernames: ['bob'], mute_duration: 0 })
    await call('DELETE', '/white/users/bob')
    await assert.rejects(say(bob), silenced)
    await call('DELETE', '/ban')
    await say(bob, 'all')
    assert.deepEqual(await dan.nextTexts(4), ['owner', 'allowed', 'admin', 'all'])
  })
}

test('a muted member may still say what it has read', async t => {
  const { ann, bob, call, id, say } = await stage(t, 'group')
  const { serverId } = await say(ann)
  await bob.nextMessage()
  await call('POST', '/mute', { usernames: ['bob'], mute_duration: -1 })
  await bob.signal(id, 'readAck', serverId, { chatType: 'groupchat' })
  assert.equal((await ann.signals.next()).body.type, 4)
})

test('whoever is blocked hears a room no more and cannot come back until it is unblocked', async t => {
  const { ann, bob, call, say, id } = await stage(t, 'room')
  await call('POST', '/blocks/users/bob')
  await say(ann, 'unheard')
  const barred = 'can not join this group, reason:user: bob is in the blacklist'
  await assert.rejects(bob.joinRoom(id), new ImRefusal(1, barred))
  await call('DELETE', '/blocks/users/bob')
  await bob.joinRoom(id)
  await say(ann, 'heard')
  assert.deepEqual(await bob.nextTexts(1), ['heard'])
})

test('who comes into a room is told whether it is muted, allowed, and whether all are silent', async t => {
  const { bob, call, id } = await stage(t, 'room')
  const info = async () => {
    const { metas } = await bob.joinRoom(id)
    const { bob: told } = JSON.parse(mucBodyCodec.decode(metas[0]!.payload).status!.chatroomInfo)
    return [told.is_all_mute, told.is_in_white_list, told.mute_duration]
  }
  assert.deepEqual(await info(), [false, false, -1])
  await call('POST', '/ban')
  await call('POST', '/white/users/bob')
  const [{ expire }] = await call('POST', '/mute', { usernames: ['bob'], mute_duration: 60_000 })
  assert.deepEqual(await info(), [true, true, expire])
})
