// Files of messages and shared files.
import type { Edition } from '../../src/contract/failure.ts'
import { type EasemobApp, makeEasemobApp, ok } from '../easemob-caller.ts'
import { type FileAccess, picture, upload } from '../files.ts'
import { type Received, send } from '../http-client.ts'
import { uploadedImage } from '../image-uploads.ts'
import type { TestApp } from '../start-app.ts'
import { until } from '../until.ts'
import { easemobError, neutralError, type Proof, type Stage } from './proof.ts'

const boundary = 'x'
const fileBytesMax = 10 * 1024 * 1024
const unknownId = '00000000-0000-4000-8000-000000000000'

interface Caller {
  readonly app: EasemobApp
  /** That of alice. */
  readonly token: string
}

async function makeCaller(server: TestApp, edition: Edition = 'seed'): Promise<Caller> {
  const app = await makeEasemobApp(server, { edition })
  await app.register('alice', 'bob', 'carol')
  return { app, token: await app.login('alice') }
}

const inApp =
  (act: (caller: Caller) => Promise<Received>, edition?: Edition) =>
  async ({ app }: Stage): Promise<Received> =>
    act(await makeCaller(app, edition))

/** With a file of ten bytes that alice has uploaded. */
const withFile = (act: (file: FileAccess, caller: Caller) => Promise<Received>) =>
  inApp(async caller => act(await upload(caller.app, caller.token, { content: '0123456789' }), caller))

function post({ app, token }: Caller, path: string, body: Buffer): Promise<Received> {
  return send(app.url + path, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
    },
    body,
  })
}

const form = (name: string, content: Buffer) =>
  Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="a"\r\n\r\n`),
    content,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])

const tooLarge = (caller: Caller) => post(caller, '/chatfiles', form('file', Buffer.alloc(fileBytesMax + 1)))

async function makeGroup({ app }: Caller, owner: string): Promise<string> {
  const made = await app.call('POST', '/chatgroups', { groupname: 'ops', public: true, owner })
  return `/chatgroups/${ok(made).json.data.groupid}/share_files`
}

const notFound = easemobError(
  'service_resource_not_found',
  'org.apache.usergrid.services.exceptions.ServiceResourceNotFoundException',
  'Service resource not found',
)
const corrupt = easemobError(
  'auth_bad_access_token',
  'org.apache.usergrid.rest.exceptions.SecurityException',
  'Unable to authenticate due to corrupt access token',
)

export const proofs: readonly Proof[] = [
  {
    failure: 'file_missing',
    dialect: 'easemob',
    title: 'an upload without a part named file answers 400',
    provoke: inApp(caller => post(caller, '/chatfiles', form('picture', Buffer.from('x')))),
    status: 400,
    body: easemobError('illegal_argument', 'java.lang.IllegalArgumentException', 'file must be provided.'),
  },
  {
    failure: 'file_missing',
    dialect: 'easemob',
    family: 'groups',
    title: 'a group is shared no file when none is sent',
    provoke: inApp(async caller =>
      post(caller, await makeGroup(caller, 'alice'), Buffer.from(`--${boundary}--\r\n`)),
    ),
    status: 400,
    body: easemobError('illegal_argument', 'java.lang.IllegalArgumentException', 'file must be provided.'),
  },
  {
    failure: 'file_too_large',
    dialect: 'easemob',
    title: 'a file of more than 10 MB answers 413 (seed S-15)',
    provoke: inApp(tooLarge),
    status: 413,
    body: easemobError(
      'Request Entity Too Large',
      'RequestEntityTooLargeException',
      'Request Entity Too Large',
    ),
  },
  {
    failure: 'file_too_large',
    dialect: 'easemob',
    edition: 'live',
    title: 'a file of more than 10 MB is told that it is the file',
    provoke: inApp(tooLarge, 'live'),
    status: 413,
    body: easemobError(
      'Request Entity Too Large',
      'RequestEntityTooLargeException',
      'the file size exceeds the maximum limit.',
    ),
  },
  {
    failure: 'file_too_large',
    dialect: 'easemob',
    edition: 'live',
    title: 'an upload that is too long by its own word is refused in the words of its edition, token or not',
    provoke: inApp(async ({ app }) => {
      const caller = { app, token: 'none' }
      return post(caller, '/chatfiles', Buffer.alloc(fileBytesMax + 100_000))
    }, 'live'),
    status: 413,
    body: easemobError(
      'Request Entity Too Large',
      'RequestEntityTooLargeException',
      'the file size exceeds the maximum limit.',
    ),
  },
  {
    failure: 'file_unknown',
    dialect: 'easemob',
    title: 'a file that does not exist answers 404 (seed S-14)',
    provoke: inApp(({ app }) => app.call('GET', `/chatfiles/${unknownId}`)),
    status: 404,
    body: notFound,
  },
  {
    failure: 'file_unknown',
    dialect: 'easemob',
    edition: 'live',
    title: 'a file that does not exist may not exist',
    provoke: inApp(({ app }) => app.call('GET', `/chatfiles/${unknownId}`), 'live'),
    status: 404,
    body: easemobError(
      'entity_not_found',
      'org.apache.usergrid.persistence.exceptions.EntityNotFoundException',
      'file may not exists',
    ),
  },
  {
    failure: 'file_unknown',
    dialect: 'easemob',
    title: 'deleting a shared file that does not exist answers 404',
    provoke: inApp(async caller =>
      caller.app.call('DELETE', `${await makeGroup(caller, 'alice')}/${unknownId}`),
    ),
    status: 404,
    body: notFound,
  },
  {
    failure: 'file_expired',
    dialect: 'easemob',
    title: 'a file past its time answers 404 and names itself',
    provoke: async stage => {
      const caller = await makeCaller(await stage.start({ POSTHOUSE_FILE_RETENTION_MS: '1000' }))
      const { url, secret } = await upload(caller.app, caller.token)
      return until(async () => {
        const answer = await send(url, { headers: { 'share-secret': secret! } })
        return answer.status !== 200 && answer
      })
    },
    status: 404,
    body: '{"error":"file_expired","timestamp":<timestamp>,"duration":<duration>,"error_description":"file <uuid> is expired"}',
  },
  {
    failure: 'file_secret_wrong',
    dialect: 'easemob',
    title: 'a wrong share-secret answers 401, whatever the token',
    provoke: withFile(({ url }, { token }) =>
      send(url, { headers: { 'share-secret': 'x'.repeat(48), Authorization: `Bearer ${token}` } }),
    ),
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
    body: corrupt,
  },
  {
    failure: 'file_secret_wrong',
    dialect: 'easemob',
    title: 'a restricted file needs its share-secret also from the one who uploaded it',
    provoke: withFile(({ url }, { token }) => send(url, { headers: { Authorization: `Bearer ${token}` } })),
    status: 401,
    body: corrupt,
  },
  {
    failure: 'token_missing',
    dialect: 'easemob',
    family: 'files',
    title: 'an upload without a token answers 401 OAuth',
    provoke: inApp(({ app }) => app.open('POST', '/chatfiles')),
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
    body: easemobError('unauthorized', 'EasemobSecurityException', 'Unable to authenticate (OAuth)'),
  },
  {
    failure: 'token_missing',
    dialect: 'easemob',
    family: 'files',
    title: 'a restricted file without token and secret answers 401 OAuth',
    provoke: withFile(({ url }) => send(url)),
    status: 401,
    body: easemobError('unauthorized', 'EasemobSecurityException', 'Unable to authenticate (OAuth)'),
  },
  {
    failure: 'file_forbidden',
    dialect: 'easemob',
    title: 'who is not in a group cannot list what it shares',
    provoke: inApp(async caller => caller.app.as(caller.token)('GET', await makeGroup(caller, 'bob'))),
    status: 403,
    body: easemobError('forbidden_op', undefined, 'chatfile no permission'),
  },
  {
    failure: 'group_files_too_many',
    dialect: 'easemob',
    title: 'a group shares no more files than it may',
    provoke: async stage => {
      const caller = await makeCaller(await stage.start({ POSTHOUSE_GROUP_FILES_MAX: '1' }))
      const path = await makeGroup(caller, 'alice')
      ok(await post(caller, path, form('file', Buffer.from('x'))))
      return post(caller, path, form('file', Buffer.from('x')))
    },
    status: 403,
    body: easemobError(
      'exceed_limit',
      'com.easemob.group.exception.ExceedLimitException',
      'share files number more than maxSize : 1',
    ),
  },
  {
    failure: 'range_unsatisfiable',
    dialect: 'easemob',
    title: 'a range beyond the end of a file answers 416 and says how long it is',
    provoke: withFile(({ url, secret }) =>
      send(url, { headers: { 'share-secret': secret!, Range: 'bytes=10-' } }),
    ),
    status: 416,
    headers: { 'Content-Range': 'bytes */10' },
    body: easemobError('range_not_satisfiable', undefined, 'Range Not Satisfiable'),
  },
  {
    failure: 'range_unsatisfiable',
    dialect: 'neutral',
    title: 'a range beyond the end of an image answers 416 and says how long it is',
    provoke: async ({ app: { http, demo } }) => {
      const content = await picture(2, 2)
      const image = { files: { oppo_file: content }, fields: { image_type: '1' } }
      const { oppo_image_url } = await uploadedImage(http, demo, image)
      return send(oppo_image_url, { headers: { Range: `bytes=${content.length}-` } })
    },
    status: 416,
    headers: { 'Content-Range': /^bytes \*\/\d+$/ },
    body: neutralError('range_unsatisfiable', 'The range lies beyond the end of the file'),
  },
  {
    failure: 'image_unknown',
    dialect: 'neutral',
    title: 'an image that was never sent answers 404',
    provoke: ({ app: { http } }) => send(`${http}/device/v1/images/00000000-0000-4000-8000-000000000000.png`),
    status: 404,
    body: neutralError('image_unknown', 'There is no such image'),
  },
  {
    failure: 'media_type_unsupported',
    dialect: 'easemob',
    title: 'an upload that is no form answers 400',
    provoke: inApp(({ app }) =>
      app.call('POST', '/chatfiles', { file: 'x' }, { 'Content-Type': 'application/json' }),
    ),
    status: 400,
    body: easemobError(
      'illegal_argument',
      'java.lang.IllegalArgumentException',
      'this is an invalid request.',
    ),
  },
  {
    failure: 'media_type_unsupported',
    dialect: 'easemob',
    edition: 'live',
    title: 'an upload that is no form answers 415',
    provoke: inApp(
      ({ app }) => app.call('POST', '/chatfiles', { file: 'x' }, { 'Content-Type': 'application/json' }),
      'live',
    ),
    status: 415,
    body: easemobError('web_application', 'javax.ws.rs.WebApplicationException', 'Unsupported Media Type'),
  },
]
