// What the vendor's Web SDK finds in a browser and not in Node: requests that carry forms, files that are read.
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { XMLHttpRequest: Request } = require('xmlhttprequest-ssl')

class FormRequest extends Request {
  constructor() {
    super()
    const { send } = this
    this.send = async (body: unknown) => {
      if (!(body instanceof FormData)) return send.call(this, body)
      const framed = new Response(body)
      this.setRequestHeader('Content-Type', framed.headers.get('Content-Type'))
      send.call(this, Buffer.from(await framed.arrayBuffer()))
    }
  }
}

class BlobReader {
  onload?: (event: { target: { result: ArrayBuffer } }) => void
  onerror?: (error: unknown) => void

  readAsArrayBuffer(blob: Blob): void {
    blob.arrayBuffer().then(
      result => this.onload?.({ target: { result } }),
      error => this.onerror?.(error),
    )
  }
}

/** Before the SDK is loaded: it looks around when it is. */
export function actAsBrowser(): void {
  Object.assign(globalThis, {
    self: globalThis,
    window: globalThis,
    XMLHttpRequest: FormRequest,
    FileReader: BlobReader,
  })
}
