// Images for pushes, sent as files.
import { basic } from './http-client.ts'
import type { Credentials } from './jpush-client.ts'

export interface ImageForm {
  readonly files?: Readonly<Record<string, Buffer | string>>
  readonly fields?: Readonly<Record<string, string>>
  /** Absent = a new image. */
  readonly mediaId?: string
}

/** Sends files as SDKs do: what they are called and said to be is not always so. */
export async function uploadImage(
  http: string,
  { app_key, master_secret }: Credentials,
  { files = {}, fields = {}, mediaId }: ImageForm,
): Promise<{ status: number; json: any }> {
  const form = new FormData()
  for (const [field, value] of Object.entries(fields)) form.append(field, value)
  for (const [part, content] of Object.entries(files)) {
    const bytes = typeof content === 'string' ? content : new Uint8Array(content)
    form.append(part, new Blob([bytes], { type: 'text/plain' }), 'a.jpg')
  }
  const response = await fetch(`${http}/v3/images/byfiles${mediaId ? `/${mediaId}` : ''}`, {
    method: mediaId ? 'PUT' : 'POST',
    headers: { Authorization: basic(app_key, master_secret) },
    body: form,
  })
  return { status: response.status, json: await response.json() }
}

/** The answer; throws on anything but 200. */
export async function uploadedImage(http: string, app: Credentials, form: ImageForm): Promise<any> {
  const { status, json } = await uploadImage(http, app, form)
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(json)}`)
  return json
}
