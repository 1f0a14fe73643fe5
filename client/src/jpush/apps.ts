// The apps of an organisation, for its developer accounts: jpush.md §3.5.
import type { CallOptions } from '../caller.ts'
import { settle } from '../settle.ts'
import type { JpushDeveloperClient } from './client.ts'

/** The app to make. */
export interface NewApp extends CallOptions {
  /** Up to 255 bytes. */
  readonly name: string
  /** Such as `cn.jpush.app`. */
  readonly androidPackage: string
  /** The app group that it joins; it is made where there is none. */
  readonly groupName?: string
}

/** An app, and what it calls the API with. */
export interface App {
  readonly app_key: string
  readonly master_secret: string
  readonly android_package: string
  /** False: there was one of this name, and this is it. */
  readonly is_new_created: boolean
}

/** Makes an app, or gets the one of this name: a repeat does no harm. */
export function createApp(
  client: JpushDeveloperClient,
  { name, androidPackage, groupName, ...options }: NewApp,
): Promise<App> {
  const body = { app_name: name, android_package: androidPackage, group_name: groupName }
  const call = { host: 'admin', method: 'POST', template: '/v1/app', body, expects: ['app_key'] } as const
  return client.request(call, options)
}

/** Which app. */
export interface AppRequest extends CallOptions {
  readonly appKey: string
}

/**
 * Deletes an app with all that it has.
 * @throws PosthouseError `app_delete_failed`, which is what one that is deleted already is answered with, too
 */
export async function deleteApp(
  client: JpushDeveloperClient,
  { appKey, ...options }: AppRequest,
): Promise<void> {
  const params = { app_key: appKey }
  await client.request(
    { host: 'admin', method: 'POST', template: '/v1/app/:app_key/delete', params },
    options,
  )
}

/** A .p12 file. */
export interface CertificateFile {
  readonly content: Blob
  readonly password: string
}

/** At least one of the two. */
export interface UploadCertificates extends AppRequest {
  /** For APNs' development hosts. */
  readonly development?: CertificateFile
  readonly production?: CertificateFile
}

/**
 * Uploads the certificates by which APNs knows an app. One that is there already is a success where an attempt whose answer
 * was lost may have put it there.
 * @throws PosthouseError `certificate_exists`, `certificate_invalid`, `certificate_missing`
 */
export async function uploadCertificates(
  client: JpushDeveloperClient,
  { appKey, development, production, ...options }: UploadCertificates,
): Promise<void> {
  const body = new FormData()
  for (const [kind, file] of [
    ['dev', development],
    ['pro', production],
  ] as const) {
    if (!file) continue
    body.append(`${kind}CertificatePassword`, file.password)
    body.append(`${kind}CertificateFile`, file.content, `${kind}.p12`)
  }
  const params = { app_key: appKey }
  const call = {
    host: 'admin',
    method: 'POST',
    template: '/v1/app/:app_key/certificate',
    params,
    body,
  } as const
  await settle(client.request(call, options), 'certificate_exists')
}
