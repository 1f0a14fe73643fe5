// What becomes of messages that were sent: recalls, edits, roaming, imports, the export of an hour. Rows that the live
// edition words as the seed does are proven once; refused recalls are errors in the live edition only.
import { type EasemobApp, makeEasemobApp, ok } from '../easemob-caller.ts'
import type { Received } from '../http-client.ts'
import { easemobError, type Proof, type Stage } from './proof.ts'

const recallError = (text: string) => easemobError('message_recall_error', 'MessageRecallException', text)
const rewriteError = (text: string) => easemobError('message_rewrite_error', 'MessageRewriteException', text)
const illegal = (text: string) => easemobError('illegal_argument', 'java.lang.IllegalArgumentException', text)

/** In an app with the users alice and bob. */
const inApp =
  (act: (app: EasemobApp) => Promise<Received>, settings?: object) =>
  async (stage: Stage): Promise<Received> => {
    const app = await makeEasemobApp(stage.app, settings)
    await app.register('alice', 'bob')
    return act(app)
  }

async function sendText({ call }: EasemobApp): Promise<string> {
  const message = { from: 'alice', to: ['bob'], type: 'txt', body: { msg: 'hi' } }
  return ok(await call('POST', '/messages/users', message)).json.data.bob
}

async function importText({ call }: EasemobApp, ageMs: number): Promise<string> {
  const message = { from: 'alice', target: 'bob', type: 'txt', body: { msg: 'hi' } }
  const imported = await call('POST', '/messages/users/import', {
    ...message,
    msg_timestamp: Date.now() - ageMs,
  })
  return ok(imported).json.data.msg_id
}

const live = { edition: 'live' }
const toBob = { to: 'bob', chat_type: 'chat' }
const recall = (more: object | ((app: EasemobApp) => Promise<object>)) =>
  inApp(async app => {
    const members = typeof more === 'function' ? await more(app) : more
    return app.call('POST', '/messages/msg_recall', { ...toBob, ...members })
  }, live)

const text = { user: 'alice', new_msg: { type: 'txt', msg: 'new' } }
const rewrite = (id: string, body: object) => (app: EasemobApp) =>
  app.call('PUT', `/messages/rewrite/${id}`, body)

const now = () => new Date().toISOString().replace(/\D/g, '').slice(0, 10)

/** The hour before an hour ago: it is over, whenever this runs. */
const pastHour = () => new Date(Date.now() - 7_200_000).toISOString().replace(/\D/g, '').slice(0, 10)

type Row = Omit<Proof, 'dialect'>

/** The text names app and hour, which differ from run to run: they are put in their places. */
const atHour = (hour: string) =>
  inApp(async app => {
    const answer = await app.call('GET', `/chatmessages/${hour}`)
    return { ...answer, text: answer.text.replace(`${app.org}#${app.app}`, '{app}').replace(hour, '{hour}') }
  })

const rows: readonly Row[] = [
  {
    failure: 'recall_off',
    title: 'where recalls are switched off, none is made',
    provoke: inApp(
      async app => app.call('POST', '/messages/msg_recall', { ...toBob, msg_id: await sendText(app) }),
      { message_recall: false },
    ),
    status: 403,
    body: easemobError('forbidden_op', 'EasemobForbiddenOpException', 'message recall service is unopened'),
  },
  {
    failure: 'edit_off',
    title: 'where edits are switched off, nothing is rewritten',
    provoke: inApp(async app => rewrite(await sendText(app), text)(app), { message_edit: false }),
    status: 403,
    body: rewriteError('The rewrite message feature is not open.'),
  },
  {
    failure: 'roaming_off',
    title: 'where roaming is switched off, nobody reads a conversation again',
    provoke: inApp(
      async app => {
        const alice = app.as(await app.login('alice'))
        return alice('POST', '/users/alice/messageroaming', { queue: 'bob@easemob.com', start: -1 })
      },
      { message_roaming: false },
    ),
    status: 400,
    body: easemobError(
      'service open exception',
      'ServiceOpenException',
      'this appKey not open message roaming',
    ),
  },
  {
    failure: 'recall_param_empty',
    title: 'a recall without the kind of conversation is refused',
    provoke: recall({ msg_id: '1', chat_type: undefined }),
    status: 400,
    body: recallError("param chat_type can't be empty"),
  },
  {
    failure: 'recall_param_empty',
    title: 'a recall without an id is refused first of all',
    provoke: recall({ to: '' }),
    status: 400,
    body: recallError("param msg_id can't be empty"),
  },
  {
    failure: 'recall_receiver_wrong',
    title: 'a recall that names another receiver than the message has is refused',
    provoke: recall(async app => ({ msg_id: await sendText(app), to: 'alice' })),
    status: 400,
    body: recallError("can't find msg to"),
  },
  {
    failure: 'recall_message_unknown',
    title: 'a second recall finds nothing',
    provoke: recall(async app => {
      const msg_id = await sendText(app)
      ok(await app.call('POST', '/messages/msg_recall', { ...toBob, msg_id }))
      return { msg_id }
    }),
    status: 403,
    body: recallError('not_found msg'),
  },
  {
    failure: 'recall_too_late',
    title: 'a recall after two minutes is refused without force',
    provoke: recall(async app => ({ msg_id: await importText(app, 121_000) })),
    status: 403,
    body: recallError('exceed recall time limit'),
  },
  {
    failure: 'edit_message_unknown',
    title: 'what was never sent cannot be rewritten',
    provoke: inApp(rewrite('12345', text)),
    status: 403,
    body: rewriteError('not_found msg'),
  },
  {
    failure: 'edit_forbidden',
    title: 'a message is rewritten in the name of its sender only',
    provoke: inApp(async app => rewrite(await sendText(app), { ...text, user: 'bob' })(app)),
    status: 403,
    body: rewriteError('only the sender can rewrite the message'),
  },
  {
    failure: 'edit_not_text',
    title: 'a text cannot become a picture',
    provoke: inApp(async app =>
      rewrite(await sendText(app), { user: 'alice', new_msg: { type: 'img', url: 'x' } })(app),
    ),
    status: 403,
    body: rewriteError('only text messages can be rewritten'),
  },
  {
    failure: 'edits_too_many',
    title: 'a message is rewritten ten times, not eleven',
    provoke: inApp(async app => {
      const id = await sendText(app)
      for (let count = 0; count < 10; count++) ok(await rewrite(id, text)(app))
      return rewrite(id, text)(app)
    }),
    status: 403,
    body: rewriteError('exceed rewrite count limit'),
  },
  {
    failure: 'import_time_invalid',
    title: 'a message of tomorrow cannot be imported',
    provoke: inApp(({ call }) => {
      const message = { from: 'alice', target: 'bob', type: 'txt', body: { msg: 'hi' } }
      return call('POST', '/messages/users/import', { ...message, msg_timestamp: Date.now() + 86_400_000 })
    }),
    status: 400,
    body: easemobError('message_send_error', 'MessageSendException', 'param msg_timestamp is invalid'),
  },
  {
    failure: 'roaming_no_member',
    title: 'who is not in a group does not read its history',
    provoke: inApp(async app => {
      const group = { groupname: 'g', desc: 'd', public: true, owner: 'alice' }
      const { groupid } = ok(await app.call('POST', '/chatgroups', group)).json.data
      const queue = `${groupid}@conference.easemob.com`
      return app.as(await app.login('bob'))('POST', '/users/bob/messageroaming', { queue, start: -1 })
    }),
    status: 403,
    body: easemobError(
      'forbidden_op',
      'com.easemob.group.exception.ForbiddenOpException',
      'users are not members of this group!',
    ),
  },
  {
    failure: 'export_hour_malformed',
    title: 'there is no hour 24 to export',
    provoke: atHour('2026010124'),
    status: 400,
    body: illegal('This chatmessage request is not supported'),
  },
  {
    failure: 'export_hour_malformed',
    title: 'there is no 30th of February to export',
    provoke: atHour('2026023000'),
    status: 400,
    body: illegal('This chatmessage request is not supported'),
  },
  {
    failure: 'export_unstored',
    title: 'the hour that is not over is not exported yet',
    provoke: stage => atHour(now())(stage),
    status: 400,
    body: illegal(
      'illegal arguments: appkey: {app}, time: {hour}, maybe chat message history is expired or unstored',
    ),
  },
  {
    failure: 'export_empty',
    title: 'of an hour without messages there is no file',
    provoke: stage => atHour(pastHour())(stage),
    status: 404,
    body: easemobError(
      'storage_object_not_found',
      'StorageObjectNotFoundException',
      'Failed to find chat message history download url for appkey: {app}, time: {hour}',
    ),
  },
  {
    failure: 'export_link_invalid',
    title: 'an address that was changed opens nothing',
    provoke: inApp(async app => {
      await importText(app, 7_200_000)
      const { data } = ok(await app.call('GET', `/chatmessages/${pastHour()}`)).json
      const url = new URL(data[0].url)
      url.searchParams.set('Expires', String(Number(url.searchParams.get('Expires')) + 1))
      return app.open('GET', url.href.slice(app.url.length))
    }),
    status: 403,
    body: easemobError(
      'forbidden_op',
      'EasemobForbiddenOpException',
      'the download url has expired or is not valid',
    ),
  },
]

export const proofs: readonly Proof[] = rows.map(row => ({ ...row, dialect: 'easemob' }))
