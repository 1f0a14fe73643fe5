// Threads of groups.
import { type Caller, type EasemobApp, makeEasemobApp, ok } from '../easemob-caller.ts'
import type { Received } from '../http-client.ts'
import type { TestApp } from '../start-app.ts'
import type { Proof, Stage } from './proof.ts'

/** The body with the id of the thread, or the group, that the test has made put in its place. */
const error = (text: string, code?: number) =>
  `{"error":"group_error","timestamp":<timestamp>,"duration":<duration>,"error_description":${JSON.stringify(text)}${code === undefined ? '' : `,"error_code":${code}`}}`

interface Scene extends EasemobApp {
  /** Of alice, with bob and carol in it; dave is in none. */
  readonly group: string
  say(): Promise<string>
  make(msgId: string): ReturnType<Caller>
}

async function stage(server: TestApp, settings?: object): Promise<Scene> {
  const app = await makeEasemobApp(server, settings)
  await app.register('alice', 'bob', 'carol', 'dave')
  const group = { groupname: 'g', public: true, owner: 'alice', members: ['bob', 'carol'] }
  const { groupid } = ok(await app.call('POST', '/chatgroups', group)).json.data
  return {
    ...app,
    group: groupid,
    say: async () => {
      const message = { from: 'alice', to: [groupid], type: 'txt', body: { msg: 'hi' } }
      return ok(await app.call('POST', '/messages/chatgroups', message)).json.data[groupid]
    },
    make: msgId => app.call('POST', '/thread', { group_id: groupid, name: 'x', owner: 'bob', msg_id: msgId }),
  }
}

/** In an app with such a group and a thread of bob's. */
const inThread =
  (act: (scene: Scene, thread: string) => ReturnType<Caller>) =>
  async ({ app }: Stage): Promise<Received> => {
    const scene = await stage(app)
    const thread = ok(await scene.make(await scene.say())).json.data.thread_id
    const answer = await act(scene, thread)
    return { ...answer, text: answer.text.replace(scene.group, '{group}') }
  }

const rows: readonly Omit<Proof, 'dialect'>[] = [
  {
    failure: 'threads_off',
    title: 'where threads are switched off, none is made',
    provoke: async ({ app }) => {
      const { make, say } = await stage(app, { threads: false })
      return make(await say())
    },
    status: 403,
    body: error('thread not open.', 40000),
  },
  {
    failure: 'thread_unknown',
    title: 'a thread that never was is not found',
    provoke: inThread(({ call }) => call('GET', '/thread/404404')),
    status: 404,
    body: error('thread:404404 not found', 40011),
  },
  {
    failure: 'thread_exists',
    title: 'a message has one thread, not two',
    provoke: async ({ app }) => {
      const { make, say } = await stage(app)
      const msgId = await say()
      ok(await make(msgId))
      return make(msgId)
    },
    status: 400,
    body: error('the message has a thread already', 40002),
  },
  {
    failure: 'thread_message_unknown',
    title: 'there is no thread about a message that was never sent',
    provoke: inThread(({ make }) => make('12345')),
    status: 400,
    body: error('the message is not in the group'),
  },
  {
    failure: 'thread_right_missing',
    title: 'who is not in the group does not see its threads',
    provoke: inThread(async (scene, thread) =>
      scene.as(await scene.login('dave'))('GET', `/thread/${thread}`),
    ),
    status: 401,
    body: error('no permission to operate the thread', 40001),
  },
  {
    failure: 'threads_too_many',
    title: 'an app has as many threads as its server allows',
    provoke: async ({ start }) => {
      const { make, say } = await stage(await start({ POSTHOUSE_THREADS_PER_APP_MAX: '1' }))
      ok(await make(await say()))
      return make(await say())
    },
    status: 403,
    body: error('threads of this app exceed the limit', 40005),
  },
  {
    failure: 'thread_member_already',
    title: 'who is in a thread does not join it again',
    provoke: inThread(({ call }, thread) => call('POST', `/thread/${thread}/user/bob/join`)),
    status: 403,
    body: error('user:bob is in the thread already', 40004),
  },
  {
    failure: 'thread_member_absent',
    title: 'who is not in a thread does not leave it',
    provoke: inThread(({ call }, thread) => call('DELETE', `/thread/${thread}/user/carol/quit`)),
    status: 404,
    body: error('user:carol is not in the thread', 40012),
  },
  {
    failure: 'thread_outsider',
    title: 'who is not in the group joins none of its threads',
    provoke: inThread(({ call }, thread) => call('POST', `/thread/${thread}/user/dave/join`)),
    status: 403,
    body: error('user:dave is not in group:{group}'),
  },
]

export const proofs: readonly Proof[] = rows.map(row => ({ ...row, dialect: 'easemob' }))
