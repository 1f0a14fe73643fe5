// Reactions to messages over REST: shapes, pages, who may, what goes with what.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from './devices.ts'
import { type Caller, type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp, startApp } from './start-app.ts'
import { countRows } from './table-rows.ts'

const server = sharedApp()

interface Stage extends EasemobApp {
  /** Of alice, with bob in it; carol is not. */
  readonly group: string
  react(user: string, msgId: string, message?: string): ReturnType<Caller>
  unreact(user: string, msgId: string, message?: string): ReturnType<Caller>
  /** What a user sees on messages. */
  seen(user: string, msgIds: string, group?: string): Promise<any>
}

async function stage(at = server(), settings?: object): Promise<Stage> {
  const app = await makeEasemobApp(at, settings)
  const { call } = app
  await app.register('alice', 'bob', 'carol')
  const made = await call('POST', '/chatgroups', {
    groupname: 'g',
    public: true,
    owner: 'alice',
    members: ['bob'],
  })
  return {
    ...app,
    group: ok(made).json.data.groupid,
    react: (user, msgId, message = '+1') => call('POST', `/reaction/user/${user}`, { msgId, message }),
    unreact: (user, msgId, message = '+1') =>
      call('DELETE', `/reaction/user/${user}?msgId=${msgId}&message=${encodeURIComponent(message)}`),
    seen: async (user, msgIds, group) => {
      const kind = group === undefined ? 'msgType=chat' : `msgType=groupchat&groupId=${group}`
      return ok(await call('GET', `/reaction/user/${user}?msgIdList=${msgIds}&${kind}`)).json.data
    },
  }
}

async function say({ call }: EasemobApp, to: string, kind = 'users'): Promise<string> {
  const message = { from: 'alice', to: [to], type: 'txt', body: { msg: 'hi' } }
  return ok(await call('POST', `/messages/${kind}`, message)).json.data[to]
}

async function errorOf(answer: ReturnType<Caller>): Promise<[number, string]> {
  const { status, json } = await answer
  return [status, json.error_description]
}

test('a reaction is answered with what it is on', async () => {
  const app = await stage()
  const msgId = await say(app, 'bob')
  const { json } = ok(await app.react('bob', msgId))
  assert.deepEqual(Object.keys(json), ['requestStatusCode', 'timestamp', 'data'])
  assert.equal(json.requestStatusCode, 'ok')
  const { id, createdAt, updatedAt, ...data } = json.data
  assert.match(id, /^\d+$/)
  assert.match(createdAt, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  assert.equal(updatedAt, createdAt)
  assert.deepEqual(data, { msgId, msgType: 'chat', groupId: null, reaction: '+1' })
})

test('reactions of a message are counted, the three earliest users named, each sees its own', async () => {
  const app = await stage()
  await app.register('dave', 'erin')
  ok(await app.call('POST', `/chatgroups/${app.group}/users`, { usernames: ['carol', 'dave', 'erin'] }))
  const msgId = await say(app, app.group, 'chatgroups')
  for (const user of ['erin', 'bob', 'alice', 'carol']) ok(await app.react(user, msgId))
  ok(await app.react('bob', msgId, '😀 ok?&'))
  const bare = await say(app, app.group, 'chatgroups')
  const [message, ...others] = await app.seen('bob', `${msgId},${bare},1`, app.group)
  assert.deepEqual(others, [])
  assert.equal(message.msgId, msgId)
  const shown = message.reactionList.map(({ reactionId: _, ...reaction }: any) => reaction)
  assert.deepEqual(shown, [
    { reaction: '+1', count: 4, state: true, userList: ['erin', 'bob', 'alice'] },
    { reaction: '😀 ok?&', count: 1, state: true, userList: ['bob'] },
  ])
  const [ofDave] = await app.seen('dave', msgId, app.group)
  assert.deepEqual(
    ofDave.reactionList.map(({ state }: any) => state),
    [false, false],
  )
})

test('the users of a reaction are read page by page, the earliest first', async () => {
  const app = await stage()
  ok(await app.call('POST', `/chatgroups/${app.group}/users/carol`))
  const msgId = await say(app, app.group, 'chatgroups')
  for (const user of ['carol', 'alice', 'bob']) ok(await app.react(user, msgId))
  const page = async (more: string) =>
    ok(await app.call('GET', `/reaction/user/alice/detail?msgId=${msgId}&message=%2B1&${more}`)).json.data
  const first = await page('limit=2')
  assert.deepEqual(
    [first.reaction, first.count, first.state, first.userList],
    ['+1', 3, true, ['carol', 'alice']],
  )
  const second = await page(`limit=2&cursor=${first.cursor}`)
  assert.deepEqual([second.userList, second.cursor], [['bob'], ''])
  const none = ok(await app.call('GET', `/reaction/user/alice/detail?msgId=${msgId}&message=x`)).json.data
  assert.deepEqual([none.count, none.state, none.userList], [0, false, []])
})

test('a user takes away what it has put there, the last one with the reaction', async () => {
  const app = await stage()
  const msgId = await say(app, 'bob')
  ok(await app.react('bob', msgId))
  ok(await app.react('alice', msgId))
  assert.deepEqual(ok(await app.unreact('bob', msgId)).json.requestStatusCode, 'ok')
  const [{ reactionList }] = await app.seen('bob', msgId)
  assert.deepEqual(
    [reactionList[0].count, reactionList[0].state, reactionList[0].userList],
    [1, false, ['alice']],
  )
  assert.deepEqual(await errorOf(app.unreact('bob', msgId)), [400, 'the user operation is illegal!'])
  ok(await app.unreact('alice', msgId))
  assert.deepEqual(await app.seen('alice', msgId), [])
})

test('only those in the conversation react, and each once with one reaction', async () => {
  const app = await stage()
  const [toBob, toGroup] = [await say(app, 'bob'), await say(app, app.group, 'chatgroups')]
  assert.deepEqual(await errorOf(app.react('carol', toBob)), [400, 'the user operation is illegal!'])
  assert.deepEqual(await errorOf(app.react('carol', toGroup)), [400, 'The user not in this group!'])
  ok(await app.react('bob', toBob))
  assert.deepEqual(await errorOf(app.react('bob', toBob)), [
    400,
    'the user is already operation this message',
  ])
  assert.deepEqual(await app.seen('carol', toBob), [])
  const listed = app.call(
    'GET',
    `/reaction/user/carol?msgIdList=${toGroup}&msgType=groupchat&groupId=${app.group}`,
  )
  assert.deepEqual(await errorOf(listed), [400, 'The user not in this group!'])
  // What is shown of a group is of its messages alone.
  assert.deepEqual(await app.seen('bob', toBob, app.group), [])
})

test('a user acts with its own token in its own name only', async () => {
  const app = await stage()
  const msgId = await say(app, 'bob')
  const bob = app.as(await app.login('bob'))
  ok(await bob('POST', '/reaction/user/bob', { msgId, message: '+1' }))
  assert.equal((await bob('POST', '/reaction/user/alice', { msgId, message: '+1' })).status, 401)
  assert.equal((await bob('DELETE', `/reaction/user/alice?msgId=${msgId}&message=%2B1`)).status, 401)
})

test('who has been blocked does not reach the other with a reaction', async () => {
  const app = await stage()
  const msgId = await say(app, 'bob')
  ok(await app.call('POST', '/users/alice/blocks/users', { usernames: ['bob'] }))
  assert.deepEqual(await errorOf(app.react('bob', msgId)), [400, 'the user operation is illegal!'])
  ok(await app.react('alice', msgId))
})

test('a message has twenty reactions at most, and any number of users behind each', async () => {
  const app = await stage()
  const msgId = await say(app, 'bob')
  for (let count = 0; count < 20; count++) ok(await app.react('bob', msgId, `r${count}`))
  assert.deepEqual(await errorOf(app.react('bob', msgId, 'r20')), [
    400,
    'The quantity has exceeded the limit!',
  ])
  ok(await app.react('alice', msgId, 'r19'))
})

test('no reaction to a room’s message, nor to one for some members only', async () => {
  const app = await stage()
  const room = ok(await app.call('POST', '/chatrooms', { name: 'r', owner: 'alice' })).json.data.id
  const toRoom = await say(app, room, 'chatrooms')
  const unknown = [400, 'the message does not exist']
  assert.deepEqual(await errorOf(app.react('alice', toRoom)), unknown)
  const directed = { from: 'alice', to: [app.group], type: 'txt', body: { msg: 'psst' }, users: ['bob'] }
  const sent = ok(await app.call('POST', '/messages/chatgroups/users', directed)).json.data[app.group]
  assert.deepEqual(await errorOf(app.react('bob', sent)), unknown)
  assert.deepEqual(await errorOf(app.react('bob', 'x')), unknown)
})

test('what does not say what to react to, or how, is refused', async () => {
  const app = await stage()
  const msgId = await say(app, 'bob')
  const status = async (answer: ReturnType<Caller>) => (await answer).status
  assert.equal(await status(app.react('bob', msgId, '')), 400)
  assert.equal(await status(app.react('bob', msgId, 'x'.repeat(129))), 400)
  assert.equal(await status(app.call('POST', '/reaction/user/bob', { message: 'x' })), 400)
  assert.equal(await status(app.call('GET', `/reaction/user/bob?msgIdList=${msgId}`)), 400)
  const many = Array.from({ length: 21 }, () => msgId).join(',')
  assert.equal(await status(app.call('GET', `/reaction/user/bob?msgIdList=${many}&msgType=chat`)), 400)
  ok(await app.react('bob', msgId, '😀'.repeat(128)))
})

test('reactions go with a message that is recalled', async () => {
  const app = await stage()
  const msgId = await say(app, 'bob')
  ok(await app.react('bob', msgId))
  ok(await app.call('POST', '/messages/msg_recall', { msg_id: msgId, to: 'bob', chat_type: 'chat' }))
  assert.deepEqual(await app.seen('bob', msgId), [])
  assert.deepEqual(await errorOf(app.react('bob', msgId)), [400, 'the message does not exist'])
})

test('a message imported under the id of one that was recalled has none of its reactions', async () => {
  const app = await stage()
  const message = { from: 'alice', target: 'bob', type: 'txt', body: { msg: 'hi' } }
  const wanted = { ...message, msg_timestamp: Date.now() - 60_000 }
  const bring = async () => ok(await app.call('POST', '/messages/users/import', wanted)).json.data.msg_id
  const msgId = await bring()
  ok(await app.react('bob', msgId))
  ok(await app.call('POST', '/messages/msg_recall', { msg_id: msgId, to: 'bob', chat_type: 'chat' }))
  assert.equal(await bring(), msgId)
  assert.deepEqual(await app.seen('bob', msgId), [])
})

test('a deleted user is behind no reaction any more', async t => {
  const own = await startApp(t)
  const app = await stage(own)
  const msgId = await say(app, 'bob')
  ok(await app.react('bob', msgId))
  ok(await app.react('alice', msgId))
  ok(await app.react('bob', msgId, 'only bob'))
  ok(await app.call('DELETE', '/users/bob'))
  const isAlone = ([{ reactionList }]: any) => reactionList.length === 1
  const [{ reactionList }] = await eventually(() => app.seen('alice', msgId), isAlone)
  const [{ reaction, count, userList }] = reactionList
  assert.deepEqual([reaction, count, userList], ['+1', 1, ['alice']])
})

test('of a deleted app no reaction is left', async t => {
  const own = await startApp(t)
  const app = await stage(own)
  const msgId = await say(app, 'bob')
  for (const user of ['alice', 'bob']) ok(await app.react(user, msgId))
  assert.equal(countRows(own.dataDir).reaction_users, 2)
  await own.admin('DELETE', `/apps/${app.org}/${app.app}`)
  await eventually(
    async () => countRows(own.dataDir),
    ({ reactions, reaction_users }) => reactions === undefined && reaction_users === undefined,
  )
})
