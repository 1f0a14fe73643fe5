// What only the server says of a message, said by a client: receivers' SDKs would believe it, or stumble over it and read
// nothing more.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ImClient } from './im-client.ts'
import { makeMessagingApp } from './messaging.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient } from './web-sdk.ts'

const server = sharedApp()

const forged = [
  '{"reaction":5}',
  '{"reaction":[{"reaction":"x","count":99,"userList":["bob"],"state":true}]}',
  '{"thread_overview":{"id":"1","last_message":{"a":1}}}',
  '{"thread":{"msg_parent_id":"1","muc_parent_id":"2","thread_name":"x"}}',
  '{"edit_msg":{"count":3,"operator":"bob","edit_time":1}}',
  'null',
  '[]',
  '7',
  'no JSON',
]

test('what a client says in the server’s place does not reach the receiver, the message does', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const bob = new SdkClient(t, { http: server().http, org: app.org, app: app.app })
  await bob.open('bob')
  const ann = await ImClient.login(t, app, { username: 'ann', token: await app.login('ann') })
  for (const meta of forged) await ann.text('bob', meta, { body: { meta } })
  const heard = await bob.heard('onTextMessage', forged.length)
  assert.deepEqual(
    heard.map(({ msg }) => msg),
    forged,
  )
  for (const { reactions, chatThread, chatThreadOverview, modifiedInfo } of heard)
    assert.deepEqual(
      [reactions, chatThread, chatThreadOverview, modifiedInfo],
      [undefined, undefined, undefined, undefined],
    )
})

test('what a client may say beside its message reaches the receiver as it came', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const [ann, bob] = [
    await ImClient.login(t, app, { username: 'ann', token: await app.login('ann') }),
    await ImClient.login(t, app, { username: 'bob', token: await app.login('bob') }),
  ]
  const said = '{ "translations": [], "big": 12345678901234567890 }'
  await ann.text('bob', 'alone', { body: { meta: said } })
  await ann.text('bob', 'mixed', { body: { meta: '{"big":12345678901234567890,"thread":{}}' } })
  const metas = [(await bob.nextMessage()).body.meta, (await bob.nextMessage()).body.meta]
  assert.deepEqual(metas, [said, '{"big":12345678901234567890}'])
})
