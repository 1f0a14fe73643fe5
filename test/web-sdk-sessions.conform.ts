// Coming and going with the vendor's Web SDK, wherever it runs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appWith, type ChatClient, clientOf, device, loggedIn, type World } from './chat-client.ts'
import { ok } from './easemob-caller.ts'

export function sessionsConform(world: World): void {
  test('a user registers, logs in with its password, and is shown as online', async t => {
    const app = await appWith(world)
    const client = await clientOf(t, world, app)
    await client.connection.registerUser({ username: 'alice', password: 'pw' })
    await client.open('alice')
    await client.heard('onConnected')
    assert.deepEqual(ok(await app.call('GET', '/users/alice/status')).json.data, { alice: 'online' })
  })

  test('a user logs in with a token', async t => {
    const app = await appWith(world, 'alice')
    const client = await clientOf(t, world, app)
    await client.connection.open({ user: 'alice', accessToken: await app.login('alice') })
    await client.heard('onConnected')
  })

  test('a wrong password, a wrong token and an unknown user are refused in words the SDK knows', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const token = await app.login('alice')
    const logIn = async (user: string, accessToken: string) =>
      (await clientOf(t, world, app)).connection.open({ user, accessToken })
    await assert.rejects((await clientOf(t, world, app)).open('alice', 'wrong'), { type: 1 })
    const invalid = { type: 28, message: 'INVALID_TOKEN' }
    await assert.rejects(logIn('bob', token), invalid)
    await assert.rejects(logIn('alice', `${token}x`), invalid)
    // USER_NOT_FOUND
    await assert.rejects(logIn('nobody', token), { type: 204 })
  })

  test('each device of a user gets each message once, and copies of what the others send', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [bob] = await loggedIn(t, world, app, 'bob')
    const [phone, laptop] = [
      await device(t, world, app, 'alice', 'phone'),
      await device(t, world, app, 'alice', 'laptop'),
    ]
    const toAlice = await bob.text('alice', 'to both')
    const fromPhone = await phone.text('bob', 'from the phone')
    const idsOf = (client: ChatClient) => client.told('onTextMessage').map(({ id }) => id)
    await laptop.heard('onTextMessage', 2)
    await bob.heard('onTextMessage', 1)
    await phone.heard('onTextMessage', 1)
    assert.deepEqual(idsOf(laptop), [toAlice, fromPhone])
    assert.deepEqual(idsOf(phone), [toAlice])
    assert.deepEqual(idsOf(bob), [fromPhone])
  })

  test('a device that logs in a second time ends its first session, which is told so and does not come back', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const first = await device(t, world, app, 'alice', 'tab')
    const second = await device(t, world, app, 'alice', 'tab')
    await first.heard('onDisconnected')
    assert.equal(first.told('onError').at(-1)?.type, 206)
    const [bob] = await loggedIn(t, world, app, 'bob')
    await bob.text('alice', 'which of you?')
    await second.heard('onTextMessage')
    assert.deepEqual([first.told('onTextMessage'), first.told('onConnected').length], [[], 1])
  })

  test('the app server sends a user away; the SDK says why and does not come back', async t => {
    const app = await appWith(world, 'alice')
    const [alice] = await loggedIn(t, world, app, 'alice')
    ok(await app.call('GET', '/users/alice/disconnect'))
    await alice.heard('onDisconnected')
    assert.equal(alice.told('onError').at(-1)?.type, 217)
    assert.deepEqual(ok(await app.call('GET', '/users/alice/status')).json.data, { alice: 'offline' })
  })

  test('a new password and the end of the account send the user away, each with its reason', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
    ok(await app.call('PUT', '/users/alice/password', { newpassword: 'new' }))
    await alice.heard('onDisconnected')
    assert.equal(alice.told('onError').at(-1)?.type, 216)
    ok(await app.call('DELETE', '/users/bob'))
    await bob.heard('onDisconnected')
    assert.equal(bob.told('onError').at(-1)?.type, 207)
  })
}
