// Images that app servers have sent as files, for the devices and vendors that a push has given their addresses.
import { Refusal } from '../../contract/refusal.ts'
import { answerWith } from '../content/file-answer.ts'
import { fileIdIn, imageFolder, imageNameOf } from '../content/image-link.ts'
import type { FileAnswer } from '../http/answer.ts'
import type { NeutralCall, NeutralRoute } from './route.ts'

export const imageRoutes: readonly NeutralRoute[] = [
  {
    method: 'GET',
    path: `${imageFolder}/:image`,
    summary: 'Download the file of an image, or a range of it, by the address that the app server was given',
    produces: 'image/*',
    raises: ['image_unknown', 'range_unsatisfiable'],
    handle: download,
  },
]

async function download(call: NeutralCall): Promise<FileAnswer> {
  const { contents, exchange, params } = call
  const name = params.image!
  const fileId = fileIdIn(name)
  if (fileId === undefined) throw new Refusal('image_unknown')
  const { type } = await call.run('image.file', { fileId })
  const opened =
    name === imageNameOf({ fileId, type }) && (await contents.folder.open(contents.folder.pathOf(fileId)))
  if (!opened) throw new Refusal('image_unknown')
  // What is at one address never changes; a day later it may be gone.
  const caching = 'public, max-age=86400, immutable'
  return answerWith(exchange, { ...opened, type, etag: `"${fileId}"`, name, caching })
}
