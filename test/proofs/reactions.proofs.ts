// Reactions to messages.
import { type EasemobApp, makeEasemobApp, ok } from '../easemob-caller.ts'
import type { Received } from '../http-client.ts'
import { easemobError, type Proof, type Stage } from './proof.ts'

const bad = (text: string) => easemobError('Bad Request', undefined, text)

/** In an app with the users alice, bob and carol and a message from alice to bob. */
const inApp =
  (act: (app: EasemobApp, msgId: string) => Promise<Received>, settings?: object) =>
  async (stage: Stage): Promise<Received> => {
    const app = await makeEasemobApp(stage.app, settings)
    await app.register('alice', 'bob', 'carol')
    return act(app, await send(app, '/messages/users', 'bob'))
  }

async function send({ call }: EasemobApp, path: string, to: string): Promise<string> {
  const message = { from: 'alice', to: [to], type: 'txt', body: { msg: 'hi' } }
  return ok(await call('POST', path, message)).json.data[to]
}

const react = ({ call }: EasemobApp, user: string, msgId: string, message = '+1') =>
  call('POST', `/reaction/user/${user}`, { msgId, message })

const rows: readonly Omit<Proof, 'dialect' | 'status'>[] = [
  {
    failure: 'reactions_off',
    title: 'where reactions are switched off, nobody reacts',
    provoke: inApp((app, msgId) => react(app, 'bob', msgId), { reactions: false }),
    body: bad('this appKey is not open reaction service!'),
  },
  {
    failure: 'reaction_message_unknown',
    title: 'there is no reaction to a message that was never sent',
    provoke: inApp(app => react(app, 'bob', '12345')),
    body: bad('the message does not exist'),
  },
  {
    failure: 'reaction_forbidden',
    title: 'a third user does not react to a message between two',
    provoke: inApp((app, msgId) => react(app, 'carol', msgId)),
    body: bad('the user operation is illegal!'),
  },
  {
    failure: 'reaction_no_member',
    title: 'who is not in a group does not react to its messages',
    provoke: inApp(async app => {
      const group = { groupname: 'g', public: true, owner: 'alice' }
      const { groupid } = ok(await app.call('POST', '/chatgroups', group)).json.data
      return react(app, 'bob', await send(app, '/messages/chatgroups', groupid))
    }),
    body: bad('The user not in this group!'),
  },
  {
    failure: 'reaction_exists',
    title: 'a user reacts once with one reaction',
    provoke: inApp(async (app, msgId) => {
      ok(await react(app, 'bob', msgId))
      return react(app, 'bob', msgId)
    }),
    body: bad('the user is already operation this message'),
  },
  {
    failure: 'reactions_too_many',
    title: 'a message has twenty different reactions, not twenty-one',
    provoke: inApp(async (app, msgId) => {
      for (let count = 0; count < 20; count++) ok(await react(app, 'bob', msgId, `r${count}`))
      return react(app, 'alice', msgId, 'r20')
    }),
    body: bad('The quantity has exceeded the limit!'),
  },
  {
    failure: 'reaction_group_missing',
    title: 'reactions in a group are not listed without its id',
    provoke: inApp((app, msgId) =>
      app.call('GET', `/reaction/user/bob?msgIdList=${msgId}&msgType=groupchat`),
    ),
    body: bad('groupId can not be null!'),
  },
]

export const proofs: readonly Proof[] = rows.map(row => ({ ...row, dialect: 'easemob', status: 400 }))
