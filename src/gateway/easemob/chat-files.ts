// Files of messages (easemob.md §2.8).
import { downloadFailures, serveFile } from './download.ts'
import { fullEnvelope } from './envelope.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { receiveUpload, uploadFailures } from './upload.ts'

const family = 'files'
const path = '/chatfiles'

export const chatFileRoutes: readonly EasemobRoute[] = [
  {
    method: 'POST',
    path,
    summary:
      'Upload a file of up to 10 MB, the part `file` of the form; restricted unless the header restrict-access is false',
    family,
    need: () => ({ is: 'token', verb: 'post', path }),
    body: 'form_data',
    raises: uploadFailures,
    handle: async call => {
      const { fileId, secret } = await receiveUpload(call, async ({ file, thumbnail }) => {
        const isRestricted = wantsRestriction(call)
        const result = await call.run('file.add', { ...file, thumbnail, isRestricted })
        return { fileId: result.fileId, result }
      })
      const entity = {
        uuid: fileId,
        type: 'chatfile',
        ...(secret !== undefined && { 'share-secret': secret }),
      }
      return fullEnvelope(call, { path, entities: [entity] })
    },
  },
  {
    method: 'GET',
    path: `${path}/:file`,
    summary:
      'Download a file, a range of it, or with thumbnail: true a small picture of an image; the share-secret opens a restricted one',
    family,
    // A secret is as good as a token: clients put such URLs into pages.
    need: () => ({ is: 'open' }),
    produces: 'application/octet-stream',
    raises: [...downloadFailures, 'file_expired', 'file_secret_wrong'],
    handle: async call => {
      const secret = option(call, 'share-secret')
      const fileId = call.params.file!
      const { file } = await call.run('file.get', { fileId, ...(secret !== undefined && { secret }) })
      return serveFile(call, file, { asThumbnail: option(call, 'thumbnail')?.toLowerCase() === 'true' })
    },
  },
]

/** The older documents count the header, whatever its value; the newer ones its value (easemob.md §6.17). */
function wantsRestriction({ exchange }: EasemobCall): boolean {
  const value = exchange.header('restrict-access')
  return value?.trim().toLowerCase() !== 'false'
}

/** A header, or the parameter of the query that clients write into URLs instead. */
function option(call: EasemobCall, name: string): string | undefined {
  return call.exchange.header(name) ?? call.query(name)
}
