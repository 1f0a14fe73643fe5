// The rows of instant-messaging clients: at login, and for what they send.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ok } from '../easemob-caller.ts'
import type { ImClient } from '../im-client.ts'
import { nextMetaId } from '../im-outgoing.ts'
import type { MessagingApp } from '../messaging.ts'
import type { TestApp } from '../start-app.ts'
import type { MsyncProof, MsyncStage } from './msync-proof.ts'

const wrong = 'Sorry, token or password does not match login info'
const inGroup = { chatType: 'groupchat' } as const

/** Ann, logged in on a server of these settings. */
async function annOn(stage: MsyncStage, env: Record<string, string>) {
  const server = await stage.start({ POSTHOUSE_IM_SEND_MS: '100', ...env })
  const app = await stage.makeApp(['ann'], server)
  const ann = await stage.login(app, 'ann')
  await ann.settle()
  return { server, app, ann }
}

const setCore = ({ admin }: TestApp, state: string) => admin('PUT', '/core', { state })

/** A message sent while the core is in this state. */
const inState =
  (state: string, env: Record<string, string> = {}) =>
  async (stage: MsyncStage): Promise<unknown> => {
    const { server, ann } = await annOn(stage, env)
    await setCore(server, state)
    return ann.text('ann', 'x')
  }

async function late(stage: MsyncStage): Promise<unknown> {
  const { server, ann } = await annOn(stage, { POSTHOUSE_CORE_DEADLINE_MS: '50' })
  await setCore(server, 'frozen')
  const sent = ann.text('ann', 'x')
  const sentAt = performance.now()
  while (performance.now() - sentAt < 200) await server.admin('GET', '/core')
  await setCore(server, 'running')
  return sent
}

async function swamped(stage: MsyncStage): Promise<unknown> {
  const { server, app, ann } = await annOn(stage, { POSTHOUSE_IN_FLIGHT_MAX: '1' })
  await setCore(server, 'frozen')
  const first = app.call('GET', '/users')
  await server.admin('GET', '/core')
  try {
    return await ann.text('ann', 'x')
  } finally {
    await setCore(server, 'running')
    await first
  }
}

async function full(stage: MsyncStage): Promise<unknown> {
  const { ann } = await annOn(stage, { POSTHOUSE_DATABASE_BYTES_MAX: '1572864' })
  for (let count = 0; count < 1_000; count++) await ann.text('ann', 'x'.repeat(10_000))
  return undefined
}

/** A message once the database was changed behind the server's back. */
const after =
  (sql: string) =>
  async (stage: MsyncStage): Promise<unknown> => {
    const { server, ann } = await annOn(stage, {})
    const database = new DatabaseSync(join(server.dataDir, 'posthouse.db'), { timeout: 5_000 })
    database.exec(sql)
    database.close()
    return ann.text('ann', 'x')
  }

const login =
  (credentials: object, username = 'ann', settings?: object) =>
  async (stage: MsyncStage): Promise<unknown> => {
    const app = await stage.makeApp(['ann'])
    if (settings) await app.change(settings)
    return stage.loginWith(app, { username, ...credentials })
  }

/** Something that Ann does in an app with these users. */
const ann =
  (act: (client: ImClient, app: MessagingApp) => Promise<unknown>, ...others: string[]) =>
  async (stage: MsyncStage): Promise<unknown> => {
    const app = await stage.makeApp(['ann', ...others])
    return act(await stage.login(app, 'ann'), app)
  }

const asText = { contents: [{ type: 0, text: 'y' }] }

/** A text that was sent so long ago (ms). @returns its id */
async function importText(
  { call }: MessagingApp,
  from: string,
  target: string,
  ageMs: number,
): Promise<string> {
  const message = { from, target, type: 'txt', body: { msg: 'x' }, msg_timestamp: Date.now() - ageMs }
  return ok(await call('POST', '/messages/users/import', message)).json.data.msg_id
}

async function makeGroup({ call }: MessagingApp, owner: string, ...members: string[]): Promise<string> {
  const group = { groupname: 'g', desc: 'd', public: true, maxusers: 50, owner, members }
  return ok(await call('POST', '/chatgroups', group)).json.data.groupid
}

async function makeRoom({ call }: MessagingApp, owner: string, maxusers = 50): Promise<string> {
  const room = { name: 'r', description: 'd', maxusers, owner }
  return ok(await call('POST', '/chatrooms', room)).json.data.id
}

export const proofs: readonly MsyncProof[] = [
  {
    failure: 'core_gone',
    title: 'a message that finds no core within its time answers 1',
    provoke: inState('stopped'),
    code: 1,
    reason: 'Sorry, the server is busy, try again later',
  },
  {
    failure: 'core_silent',
    title: 'a message that the core does not answer in time answers 1',
    provoke: inState('frozen', { POSTHOUSE_GATEWAY_DEADLINE_MS: '200' }),
    code: 1,
    reason: 'Sorry, the server does not answer, try again later',
  },
  {
    failure: 'core_deadline_passed',
    title: 'a message that a core comes to past its own deadline answers 1',
    provoke: late,
    code: 1,
    reason: 'Sorry, the server was not in time, try again later',
  },
  {
    failure: 'core_overloaded',
    title: 'a message beside more calls than the core may have in hand answers 1',
    provoke: swamped,
    code: 1,
    reason: 'Sorry, the server has too much to do, try again later',
  },
  {
    failure: 'store_unavailable',
    title: 'a message to a full database answers 1',
    provoke: full,
    code: 1,
    reason: 'Sorry, the server cannot store anything at the moment',
  },
  {
    failure: 'internal',
    title: 'a message to a broken database answers 1',
    provoke: after('DROP TABLE sent_messages'),
    code: 1,
    reason: 'Sorry, an internal error has occurred',
  },
  {
    failure: 'user_session_gone',
    title: 'a message from a device that was forgotten answers 2',
    provoke: after('DELETE FROM user_devices'),
    code: 2,
    reason: 'Sorry, the session has ended',
  },
  {
    failure: 'app_unknown',
    title: 'a login to an app that does not exist answers 4',
    provoke: async stage =>
      stage.loginWith({ ...(await stage.makeApp([])), app: 'nope' }, { username: 'ann', password: 'pw' }),
    code: 4,
    reason: 'Sorry, app not found',
  },
  {
    failure: 'app_blacklisted',
    title: 'a login to an app that is barred answers 12',
    provoke: login({ password: 'pw' }, 'ann', { blacklisted: true }),
    code: 12,
    reason: 'Sorry, the app is barred',
  },
  {
    failure: 'login_invalid',
    title: 'a login without credentials answers 4',
    provoke: login({}),
    code: 4,
    reason: 'Sorry, the login brings no token',
  },
  {
    failure: 'token_corrupt',
    title: 'a login with something that is no token answers 1',
    provoke: login({ token: 'nonsense' }),
    code: 1,
    reason: wrong,
  },
  {
    failure: 'token_unknown',
    title: 'a login with the token of another user answers 1',
    provoke: async stage => {
      const app = await stage.makeApp(['ann', 'bob'])
      return stage.loginWith(app, { username: 'ann', token: await app.login('bob') })
    },
    code: 1,
    reason: wrong,
  },
  {
    failure: 'token_expired',
    title: 'a login with a token that has ended answers 1',
    provoke: async stage => {
      const app = await stage.makeApp(['ann'])
      const grant = { grant_type: 'password', username: 'ann', password: 'pw', ttl: 1 }
      const { access_token: token } = ok(await app.open('POST', '/token', grant)).json
      // The session that the token opens lasts as long as the token.
      await (await stage.loginWith(app, { username: 'ann', token })).closed
      return stage.loginWith(app, { username: 'ann', token })
    },
    code: 1,
    reason: 'Sorry, token expired',
  },
  {
    failure: 'grant_user_unknown',
    title: 'a login of nobody answers 1',
    provoke: login({ password: 'pw' }, 'nobody'),
    code: 1,
    reason: 'Sorry, user not found',
  },
  {
    failure: 'grant_password_wrong',
    title: 'a login with a wrong password answers 1',
    provoke: login({ password: 'wrong' }),
    code: 1,
    reason: wrong,
  },
  {
    failure: 'user_not_activated',
    title: 'a login of a deactivated user answers 12',
    provoke: async stage => {
      const app = await stage.makeApp(['ann'])
      ok(await app.call('POST', '/users/ann/deactivate'))
      return stage.loginWith(app, { username: 'ann', password: 'pw' })
    },
    code: 12,
    reason: 'Sorry, the user is barred',
  },
  {
    failure: 'user_devices_too_many',
    title: 'a login on one device more than may be answers 13',
    provoke: async stage => {
      const server = await stage.start({ POSTHOUSE_IM_SESSIONS_PER_USER_MAX: '2' })
      const app = await stage.makeApp(['ann'], server)
      for (const resource of ['one', 'two']) await stage.login(app, 'ann', resource)
      return stage.login(app, 'ann', 'three')
    },
    code: 13,
    reason: 'Sorry, too many devices',
  },
  {
    failure: 'client_message_invalid',
    title: 'a message without a content answers 4',
    provoke: ann(client => client.sendBody('ann', { type: 1 })),
    code: 4,
    reason: 'Sorry, the message has no content',
  },
  {
    failure: 'client_operation_unknown',
    title: 'an operation on contacts answers 9',
    provoke: ann(client => client.sendMeta({ id: nextMetaId(), ns: 3 })),
    code: 9,
    reason: 'Sorry, the operation is not known',
  },
  {
    failure: 'receivers_too_many',
    title: 'a message to 21 members of a group answers 1',
    provoke: ann(async (client, app) => {
      const only = Array.from({ length: 21 }, (_, index) => `user${index}`)
      return client.text(await makeGroup(app, 'ann'), 'x', { ...inGroup, only })
    }),
    code: 1,
    reason: 'limit directed users',
  },
  {
    failure: 'message_too_large',
    title: 'a message that is too long answers 7',
    provoke: ann(client => client.text('ann', 'x'.repeat(41_000))),
    code: 7,
    reason: 'Sorry, data is too large',
  },
  {
    failure: 'receiver_unknown',
    title: 'a message to nobody answers 1',
    provoke: ann(client => client.text('nobody', 'x')),
    code: 1,
    reason: "username nobody doesn't exist!",
  },
  {
    failure: 'target_group_unknown',
    title: 'a message to a group that does not exist answers 1',
    provoke: ann(client => client.text('12345', 'x', inGroup)),
    code: 1,
    reason: 'group not found',
  },
  {
    failure: 'sender_no_member',
    title: 'a message to a group one is not in answers 1',
    provoke: ann(async (client, app) => client.text(await makeGroup(app, 'bob'), 'x', inGroup), 'bob'),
    code: 1,
    reason: 'not in group or chatroom',
  },
  {
    failure: 'sender_blocked',
    title: 'a message to a user who has blocked the sender answers 1',
    provoke: ann(async (client, app) => {
      ok(await app.call('POST', '/users/bob/blocks/users', { usernames: ['ann'] }))
      return client.text('bob', 'x')
    }, 'bob'),
    code: 1,
    reason: 'blocked',
  },
  {
    failure: 'sender_muted',
    title: 'a message of a user whom the app has muted answers 7',
    provoke: ann(async (client, app) => {
      ok(await app.call('POST', '/mutes', { username: 'ann', chat: -1 }))
      return client.text('bob', 'x')
    }, 'bob'),
    code: 7,
    reason: 'user is mute',
  },
  {
    failure: 'sender_no_contact',
    title: 'where only contacts may write to each other a message to another user answers 1',
    provoke: ann(async (client, app) => {
      await app.change({ messages_need_contact: true })
      return client.text('bob', 'x')
    }, 'bob'),
    code: 1,
    reason: 'nonroster',
  },
  {
    failure: 'member_muted',
    title: 'a message of a member who is muted in the group answers 15',
    provoke: ann(async (client, app) => {
      const group = await makeGroup(app, 'bob', 'ann')
      ok(await app.call('POST', `/chatgroups/${group}/mute`, { usernames: ['ann'], mute_duration: -1 }))
      return client.text(group, 'x', inGroup)
    }, 'bob'),
    code: 15,
    reason: 'user is mute',
  },
  {
    failure: 'group_muted',
    title: 'a message of a plain member of a silent group answers 1',
    provoke: ann(async (client, app) => {
      const group = await makeGroup(app, 'bob', 'ann')
      ok(await app.call('POST', `/chatgroups/${group}/ban`))
      return client.text(group, 'x', inGroup)
    }, 'bob'),
    code: 1,
    reason: 'not in group or chatroom white list',
  },
  {
    failure: 'group_disabled',
    title: 'a message to a disabled group answers 1',
    provoke: ann(async (client, app) => {
      const group = await makeGroup(app, 'ann')
      ok(await app.call('POST', `/chatgroups/${group}/disable`))
      return client.text(group, 'x', inGroup)
    }),
    code: 1,
    reason: 'group is disabled',
  },
  {
    failure: 'target_room_unknown',
    title: 'joining a room that does not exist answers 1',
    provoke: ann(client => client.joinRoom('12345')),
    code: 1,
    reason: 'grpID 12345 does not exist!',
  },
  {
    failure: 'group_full',
    title: 'joining a room that is full answers 1',
    provoke: ann(async (client, app) => client.joinRoom(await makeRoom(app, 'bob', 1)), 'bob'),
    code: 1,
    reason: 'group member list is full!',
  },
  {
    failure: 'member_blocked',
    title: 'joining a room that bars the user answers 1',
    provoke: ann(async (client, app) => {
      const room = await makeRoom(app, 'bob')
      await client.joinRoom(room)
      ok(await app.call('POST', `/chatrooms/${room}/blocks/users/ann`))
      return client.joinRoom(room)
    }, 'bob'),
    code: 1,
    reason: 'can not join this group, reason:user: ann is in the blacklist',
  },
  {
    failure: 'user_groups_too_many',
    title: 'joining one room more than may be answers 1',
    provoke: async stage => {
      const server = await stage.start({ POSTHOUSE_GROUPS_PER_USER_MAX: '1' })
      const app = await stage.makeApp(['ann', 'bob', 'cat'], server)
      const [one, other] = [await makeRoom(app, 'bob'), await makeRoom(app, 'cat')]
      const client = await stage.login(app, 'ann')
      await client.joinRoom(one)
      return client.joinRoom(other)
    },
    code: 1,
    reason: 'ann has joined too many chatrooms',
  },
  {
    failure: 'recall_off',
    title: 'a recall where recalls are switched off answers 1',
    provoke: ann(async (client, app) => {
      await app.change({ message_recall: false })
      const { serverId } = await client.text('bob', 'x')
      return client.signal('bob', 'recall', serverId)
    }, 'bob'),
    code: 1,
    reason: 'message recall disabled',
  },
  {
    failure: 'edit_off',
    title: 'an edit where edits are switched off answers 1',
    provoke: ann(async (client, app) => {
      await app.change({ message_edit: false })
      const { serverId } = await client.text('bob', 'x')
      return client.signal('bob', 'edit', serverId, asText)
    }, 'bob'),
    code: 1,
    reason: 'message edit disabled',
  },
  {
    failure: 'recall_message_unknown',
    title: 'a recall of what was never sent answers 1',
    provoke: ann(client => client.signal('bob', 'recall', '12345'), 'bob'),
    code: 1,
    reason: 'not_found msg',
  },
  {
    failure: 'recall_forbidden',
    title: 'a recall of what somebody else has sent answers 1',
    provoke: ann(async (client, app) => {
      const { ann } = await app.send(['ann'], { from: 'bob' })
      return client.signal('bob', 'recall', ann!)
    }, 'bob'),
    code: 1,
    reason: 'no right to recall this message',
  },
  {
    failure: 'recall_too_late',
    title: 'a recall after more than two minutes answers 1',
    provoke: ann(async (client, app) => {
      return client.signal('bob', 'recall', await importText(app, 'ann', 'bob', 121_000))
    }, 'bob'),
    code: 1,
    reason: 'exceed recall time limit',
  },
  {
    failure: 'edit_message_unknown',
    title: 'an edit of what was recalled answers 1',
    provoke: ann(async client => {
      const { serverId } = await client.text('bob', 'x')
      await client.signal('bob', 'recall', serverId)
      return client.signal('bob', 'edit', serverId, asText)
    }, 'bob'),
    code: 1,
    reason: 'message not found',
  },
  {
    failure: 'edit_forbidden',
    title: 'an edit of what somebody else has sent answers 1',
    provoke: ann(async (client, app) => {
      const { ann } = await app.send(['ann'], { from: 'bob' })
      return client.signal('bob', 'edit', ann!, asText)
    }, 'bob'),
    code: 1,
    reason: 'no right to edit this message',
  },
  {
    failure: 'edit_not_text',
    title: 'an edit of a command answers 1',
    provoke: ann(async client => {
      const { serverId } = await client.send('bob', { type: 6, action: 'ring' })
      return client.signal('bob', 'edit', serverId, asText)
    }, 'bob'),
    code: 1,
    reason: 'only text messages can be edited',
  },
  {
    failure: 'edits_too_many',
    title: 'the eleventh edit of a message answers 1',
    provoke: ann(async client => {
      const { serverId } = await client.text('bob', 'x')
      for (let count = 0; count < 10; count++) await client.signal('bob', 'edit', serverId, asText)
      return client.signal('bob', 'edit', serverId, asText)
    }, 'bob'),
    code: 1,
    reason: 'exceed edit count limit',
  },
  {
    failure: 'callback_refused',
    title: 'a message the app’s own server refuses answers 19 with its reason',
    provoke: async stage => {
      const listener = await stage.listenForCallbacks({ valid: false, code: 'not here' })
      const app = await stage.makeApp(['ann', 'bob'])
      const rule = { name: 'ask', phase: 'before', url: listener.url, secret: 's', timeout_ms: 2_000 }
      await app.change({ callbacks: [rule] })
      return (await stage.login(app, 'ann')).text('bob', 'x')
    },
    code: 19,
    reason: 'not here',
  },
]
