// The Admin API: a developer account and the apps of its organisation (jpush.md §3.5).
import { Type } from 'typebox'
import { jpushLimits } from '../../contract/limits.ts'
import type { ClientCertificate } from '../../contract/operations/developers.ts'
import { Refusal } from '../../contract/refusal.ts'
import { type Form, isForm, receiveForm } from '../content/form.ts'
import { openPkcs12 } from '../content/pkcs12.ts'
import { isCompressed } from '../http/media.ts'
import type { RouteMethod } from '../http/route-table.ts'
import type { JpushCall, JpushRoute } from './route.ts'

const { appNameBytesMax, certificateBytesMax } = jpushLimits

const appSchema = Type.Object({
  app_name: Type.String(),
  android_package: Type.String(),
  group_name: Type.Optional(Type.String()),
})

const file = Type.Optional(Type.String({ format: 'binary' }))
const certificateSchema = Type.Object({
  devCertificateFile: file,
  devCertificatePassword: Type.Optional(Type.String()),
  proCertificateFile: file,
  proCertificatePassword: Type.Optional(Type.String()),
})

const done = { success: 'Synchronized success' }
const appKey = /^[0-9A-Za-z]{24}$/
/** As Android demands it. */
const androidPackage = /^[A-Za-z]\w*(?:\.[A-Za-z]\w*)+$/

export const adminRoutes: readonly JpushRoute[] = [
  {
    method: 'POST',
    path: '/v1/app',
    summary: 'Make an app of the organisation, or get the one of this name: Basic devKey and devSecret',
    family: 'admin',
    secretOf: 'developer',
    body: 'json',
    schema: appSchema,
    raises: ['parameter_missing', 'admin_parameter_invalid', 'developer_apps_full'],
    handle: create,
  },
  // An official client sends DELETE to it.
  ...(['POST', 'DELETE'] as const).map(
    (method: RouteMethod): JpushRoute => ({
      method,
      path: '/v1/app/:app_key/delete',
      summary: 'Delete an app of the organisation',
      family: 'admin',
      secretOf: 'developer',
      raises: ['admin_app_key_invalid', 'app_delete_failed'],
      handle: async call => {
        await call.run('developer_app.delete', { appKey: readAppKey(call) })
        return done
      },
    }),
  ),
  {
    method: 'POST',
    path: '/v1/app/:app_key/certificate',
    summary: 'Upload the .p12 files by which APNs knows an app, for development, production or both: a form',
    family: 'admin',
    secretOf: 'developer',
    isUpload: true,
    schema: certificateSchema,
    raises: ['admin_app_key_invalid', 'certificate_missing', 'certificate_invalid', 'certificate_exists'],
    handle: uploadCertificates,
  },
]

async function create(call: JpushCall): Promise<object> {
  const appName = readText(call, 'app_name')
  const android_package = readText(call, 'android_package')
  if (!androidPackage.test(android_package)) invalid('android_package')
  const { group_name } = call.body
  const groupName =
    group_name === undefined || group_name === null || group_name === '' ? undefined : group_name
  if (groupName !== undefined && typeof groupName !== 'string') return invalid('group_name')
  const args = { appName, androidPackage: android_package, ...(groupName !== undefined && { groupName }) }
  const made = await call.run('developer_app.create', args)
  return {
    app_key: made.appKey,
    is_new_created: made.isNew,
    android_package,
    master_secret: made.masterSecret,
  }
}

async function uploadCertificates(call: JpushCall): Promise<object> {
  const key = readAppKey(call)
  // Whose app it is, before a byte is taken.
  await call.run('developer_app.check', { appKey: key })
  const { exchange, contents } = call
  if (!isForm(exchange) || isCompressed(exchange)) throw new Refusal('certificate_missing')
  return contents.upload(call.appKey, async () => {
    const form = await receive(call)
    const sandbox = await open(form, 'devCertificateFile', 'devCertificatePassword')
    const production = await open(form, 'proCertificateFile', 'proCertificatePassword')
    if (!sandbox && !production) throw new Refusal('certificate_missing')
    const given = { ...(sandbox && { sandbox }), ...(production && { production }) }
    await call.run('developer_app.set_certificates', { appKey: key, ...given })
    return done
  })
}

async function receive(call: JpushCall): Promise<Form<Buffer>> {
  try {
    return await receiveForm(call.exchange, {
      names: ['devCertificateFile', 'proCertificateFile'],
      fileBytesMax: certificateBytesMax,
      config: call.contents.config,
      save: async chunks => Buffer.concat(await Array.fromAsync(chunks)),
      discard: async () => {},
    })
  } catch (error) {
    const isOfForm = error instanceof Refusal && ['file_too_large', 'invalid_request'].includes(error.id)
    throw isOfForm ? new Refusal('certificate_invalid') : error
  }
}

/** Absent, or a part with nothing in it: there is no such certificate. */
async function open(
  { files, fields }: Form<Buffer>,
  name: string,
  password: string,
): Promise<ClientCertificate | undefined> {
  const bytes = files.get(name)?.saved
  if (!bytes || bytes.length === 0) return undefined
  const opened = await openPkcs12(bytes, fields.get(password) ?? '')
  if (!opened) throw new Refusal('certificate_invalid')
  return opened
}

function readAppKey({ params }: JpushCall): string {
  const key = params.app_key!
  if (!appKey.test(key)) throw new Refusal('admin_app_key_invalid')
  return key
}

function readText({ body }: JpushCall, name: string): string {
  const value = body[name]
  if (value === undefined || value === null || value === '') throw new Refusal('parameter_missing', { name })
  const isUsable =
    typeof value === 'string' &&
    Buffer.byteLength(value) <= appNameBytesMax &&
    value.trim() === value &&
    !/\p{Cc}/u.test(value)
  return isUsable ? value : invalid(name)
}

function invalid(name: string): never {
  throw new Refusal('admin_parameter_invalid', { name })
}
