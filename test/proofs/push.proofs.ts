// Rows of the JPush dialect that belong to pushes, with their files and images.
import { age, register } from '../devices.ts'
import { basic, type Received, send } from '../http-client.ts'
import { proofs as callerProofs } from './jpush-callers.proofs.ts'
import { called, jpush, push } from './jpush-calls.ts'
import { borrow } from './lent-servers.ts'
import { jpushError as error, type Proof, type Stage } from './proof.ts'

const dayMs = 86_400_000
const image = { image_type: 1, image_url: 'https://a.example/a.png' }
const noImage = 'jgmedia-1-00000000-0000-4000-8000-000000000000'

/** A push that differs from a good one, sent by an app that has a device. */
const pushed =
  (difference: object) =>
  async (stage: Stage): Promise<Received> => {
    const { app, call } = await jpush(stage)
    await register(stage.app, app)
    return call('POST', '/v3/push', { ...push, ...difference })
  }

const { audience: _audience, ...withoutAudience } = push
const { notification: _notification, ...withoutContents } = push

const pushProofs: readonly Proof[] = [
  {
    failure: 'parameter_missing',
    dialect: 'jpush',
    title: 'a push without an audience answers 400/1002',
    provoke: called('POST', '/v3/push', withoutAudience),
    status: 400,
    body: error(1002, 'Missing parameter: audience'),
  },
  {
    failure: 'parameter_missing',
    dialect: 'jpush',
    title: 'a push without contents answers 400/1002',
    provoke: called('POST', '/v3/push', withoutContents),
    status: 400,
    body: error(1002, 'Missing parameter: notification or message'),
  },
  {
    failure: 'parameter_missing',
    dialect: 'jpush',
    title: 'a push without a body answers 400/1002',
    provoke: called('POST', '/v3/push'),
    status: 400,
    body: error(1002, 'Missing parameter: platform'),
  },
  {
    failure: 'parameter_invalid',
    dialect: 'jpush',
    title: 'an empty alias in the audience answers 400/1003',
    provoke: pushed({ audience: { alias: [''] } }),
    status: 400,
    body: error(1003, 'Invalid alias value'),
  },
  {
    failure: 'parameter_invalid',
    dialect: 'jpush',
    title: 'a priority out of its range answers 400/1003',
    provoke: pushed({ notification: { android: { alert: 'a', priority: 3 } } }),
    status: 400,
    body: error(1003, 'notification.android.priority must be a whole number from -2 to 2'),
  },
  {
    failure: 'parameter_invalid',
    dialect: 'jpush',
    title: 'more than 1000 cids at once answer 400/1003',
    provoke: called('GET', '/v3/push/cid?count=1001'),
    status: 400,
    body: error(1003, 'count must be from 1 to 1000'),
  },
  {
    failure: 'unsupported_key',
    dialect: 'jpush',
    title: 'a mistyped member of a notification answers 400/1009',
    provoke: pushed({ notification: { ios: { alert: 'a', content_available: true } } }),
    status: 400,
    body: error(1009, 'Unsupported key content_available'),
  },
  {
    failure: 'push_over_limit',
    dialect: 'jpush',
    title: 'one push of fixed speed more than an app may have answers 400/1012',
    provoke: async stage => {
      const { app, call } = await jpush(stage)
      await register(stage.app, app)
      await register(stage.app, app)
      const slow = { ...push, options: { big_push_duration: 1_400 } }
      for (let count = 0; count < 20; count++) await call('POST', '/v3/push', slow)
      return call('POST', '/v3/push', slow)
    },
    status: 400,
    body: error(1012, 'The push has exceeded the limit'),
  },
  {
    failure: 'push_file_unknown',
    dialect: 'jpush',
    title: 'a file that was never uploaded answers 400/1003',
    provoke: called('GET', '/v3/files/0123456789abcdef01234567-x'),
    status: 400,
    body: error(1003, 'file_id does not exist or has expired'),
  },
  {
    failure: 'push_files_full',
    dialect: 'jpush',
    title: 'one file more than an app may have answers 400/1003',
    provoke: async stage => {
      const { app } = await jpush(stage, { limits: { file_per_minute: 100 } })
      const upload = () => {
        const form = new FormData()
        form.append('filename', new Blob(['ann']), 'names.txt')
        const headers = { Authorization: app.basic }
        return fetch(`${stage.app.http}/v3/files/alias`, { method: 'POST', headers, body: form })
      }
      for (let count = 0; count < 20; count++) await upload()
      const { status, headers, text } = await upload().then(async answer => ({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        text: await answer.text(),
      }))
      return { status, headers, text, json: JSON.parse(text) }
    },
    status: 400,
    body: error(1003, 'There are 20 files already'),
  },
  {
    failure: 'image_unknown',
    dialect: 'jpush',
    title: 'a push that names an image there is not answers 400/1003',
    provoke: pushed({ notification: { android: { alert: 'a', large_icon: noImage } } }),
    status: 400,
    body: error(1003, 'media_id does not exist or has expired'),
  },
  {
    failure: 'image_unknown',
    dialect: 'jpush',
    title: 'changing an image there is not answers 400/1003',
    provoke: called('PUT', `/v3/images/byurls/${noImage}`, image),
    status: 400,
    body: error(1003, 'media_id does not exist or has expired'),
  },
  {
    failure: 'images_full',
    dialect: 'jpush',
    title: 'one image more than an app may have answers 400/1003',
    provoke: async () => {
      const { http, demo } = await borrow({ POSTHOUSE_IMAGES_PER_APP_MAX: '1' })
      const headers = { Authorization: basic(demo.app_key, demo.master_secret) }
      const add = () => send(`${http}/v3/images/byurls`, { headers, body: image })
      await add()
      return add()
    },
    status: 400,
    body: error(1003, 'There are 1 images already'),
  },
  {
    failure: 'parameter_missing',
    dialect: 'jpush',
    title: 'an image without its type answers 400/1002',
    provoke: called('POST', '/v3/images/byurls', { image_url: image.image_url }),
    status: 400,
    body: error(1002, 'Missing parameter: image_type'),
  },
  {
    failure: 'not_vip',
    dialect: 'jpush',
    title: 'adding an image as an app that is not VIP answers 403/2006',
    provoke: called('POST', '/v3/images/byurls', image, { vip: false }),
    status: 403,
    body: error(2006, 'The app is not a VIP app'),
  },
  ...(
    [
      ['POST', '/v3/push/template'],
      ['GET', '/v3/push/quota'],
      ['POST', '/v3/push_plan/create'],
    ] as const
  ).map(
    ([method, path]): Proof => ({
      failure: 'not_entitled',
      dialect: 'jpush',
      title: `${method} ${path} answers 403/2007, flat`,
      provoke: called(method, path),
      status: 403,
      body: '{"code":2007,"message":"No right to use this API"}',
    }),
  ),
  {
    failure: 'not_entitled',
    dialect: 'jpush',
    title: 'GET /v3/test/model/list answers 403/2007',
    provoke: called('GET', '/v3/test/model/list'),
    status: 403,
    body: error(2007, 'No right to use this API'),
  },
  {
    failure: 'push_too_big',
    dialect: 'jpush',
    title: '4001 bytes for android answer 400/1005',
    provoke: pushed({ platform: ['android'], notification: { alert: 'x'.repeat(4_001) } }),
    status: 400,
    body: error(1005, 'The message is too big'),
  },
  {
    failure: 'audience_empty',
    dialect: 'jpush',
    title: 'an alias that nobody has answers 400/1011 with the id of the push',
    provoke: pushed({ audience: { alias: ['nobody'] } }),
    status: 400,
    body: '{"msg_id":"<id>","error":{"code":1011,"message":"cannot find user by this audience"}}',
  },
  {
    failure: 'audience_inactive',
    dialect: 'jpush',
    title: 'a tag whose only device was last seen 256 days ago answers 400/1011 in the longer words',
    provoke: async stage => {
      const { app, call } = await jpush(stage)
      age(stage.app, 'devices', await register(stage.app, app, { tags: ['old'] }), 256 * dayMs)
      return call('POST', '/v3/push', { ...push, audience: { tag: ['old'] } })
    },
    status: 400,
    body:
      '{"msg_id":"<id>","error":{"code":1011,"message":"cannot find user by this audience ' +
      'or has been inactive for more than 255 days"}}',
  },
  {
    failure: 'active_push_conflict',
    dialect: 'jpush',
    title: 'active_push beside a message answers 400/1035',
    provoke: pushed({ message: { msg_content: 'm' }, options: { active_push: true } }),
    status: 400,
    body: error(1035, 'active_push does not support this push'),
  },
  {
    failure: 'cid_invalid',
    dialect: 'jpush',
    title: 'the cid of another app answers 400/1003',
    provoke: pushed({ cid: '000000000000000000000000-5b1f0a52-7c36-4c0e-9a55-1f5f2d0c9e11' }),
    status: 400,
    body: error(1003, 'Invalid cid'),
  },
  {
    failure: 'registration_id_invalid',
    dialect: 'jpush',
    title: 'the registration_id of another app answers 400/1003 with it',
    provoke: async stage => {
      const foreign = await register(stage.app, stage.app.demo)
      const answer = await pushed({ audience: { registration_id: [foreign] } })(stage)
      return { ...answer, text: answer.text.replace(foreign, '<registration_id>') }
    },
    status: 400,
    body: error(1003, 'The registration_id <registration_id> is invalid!'),
  },
  {
    failure: 'registration_ids_invalid',
    dialect: 'jpush',
    title: 'malformed registration_ids among others answer 400/1003 and are listed',
    provoke: pushed({ audience: { registration_id: ['1a0018970a1b2c3d4e5', 'no such', ':'] } }),
    status: 400,
    body:
      '{"error":{"code":1003,"message":"Part of the registration_ids are invalid",' +
      '"illegal_rids":["no such",":"]}}',
  },
  {
    failure: 'override_invalid',
    dialect: 'jpush',
    title: 'overriding a push from the day before yesterday answers 400/1003',
    provoke: async stage => {
      const { app, call } = await jpush(stage)
      await register(stage.app, app)
      const { msg_id } = (await call('POST', '/v3/push', push)).json
      age(stage.app, 'pushes', msg_id, 2 * dayMs)
      return call('POST', '/v3/push', { ...push, options: { override_msg_id: Number(msg_id) } })
    },
    status: 400,
    body: error(1003, 'override_msg_id does not exist or is more than one day old'),
  },
  {
    failure: 'push_unknown',
    dialect: 'jpush',
    title: 'withdrawing what was never pushed answers 400/1003',
    provoke: called('DELETE', '/v3/push/2252799813685777'),
    status: 400,
    body: error(1003, 'msg_id does not exist'),
  },
  {
    failure: 'push_too_old',
    dialect: 'jpush',
    title: 'withdrawing a push from the day before yesterday answers 400/1003',
    provoke: async stage => {
      const { app, call } = await jpush(stage)
      await register(stage.app, app)
      const { msg_id } = (await call('POST', '/v3/push', push)).json
      age(stage.app, 'pushes', msg_id, 2 * dayMs)
      return call('DELETE', `/v3/push/${msg_id}`)
    },
    status: 400,
    body: error(1003, 'msg_id is more than one day old'),
  },
  {
    failure: 'broadcast_limit',
    dialect: 'jpush',
    title: 'the eleventh push to everybody of an app that is not VIP answers 403/2008',
    provoke: async stage => {
      const { app, call } = await jpush(stage, { vip: false })
      await register(stage.app, app)
      let answer = await call('POST', '/v3/push', push)
      for (let sent = 1; sent <= 10 && answer.status === 200; sent++)
        answer = await call('POST', '/v3/push', push)
      return answer
    },
    status: 403,
    body: error(2008, 'The limit of broadcasts for this day is reached'),
  },
  {
    failure: 'broadcast_limit',
    dialect: 'jpush',
    title: 'pushes to everybody at a speed of their own are among the ten a day',
    provoke: async stage => {
      const { app, call } = await jpush(stage, { vip: false })
      await register(stage.app, app)
      const paced = { ...push, options: { big_push_duration: 1 } }
      let answer = await call('POST', '/v3/push', paced)
      for (let sent = 1; sent <= 10 && answer.status === 200; sent++)
        answer = await call('POST', '/v3/push', paced)
      return answer
    },
    status: 403,
    body: error(2008, 'The limit of broadcasts for this day is reached'),
  },
  {
    failure: 'volume_unreasonable',
    dialect: 'jpush',
    title: 'one push to a device more than it may be sent in a day answers 403/2005',
    provoke: async stage => {
      const { app, call } = await jpush(stage, { limits: { pushes_per_device_per_day: 2 } })
      await register(stage.app, app, { alias: 'ann' })
      await call('POST', '/v3/push', push)
      const toAnn = { ...push, audience: { alias: ['ann'] } }
      await call('POST', '/v3/push', toAnn)
      return call('POST', '/v3/push', toAnn)
    },
    status: 403,
    body: error(2005, 'Too many messages to the same users'),
  },
]

export const proofs: readonly Proof[] = [...pushProofs, ...callerProofs]
