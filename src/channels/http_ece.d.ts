declare module 'http_ece' {
  import type { ECDH } from 'node:crypto'

  interface Parameters {
    readonly version: 'aes128gcm'
    /** The one side's; the other's public key stands in the header, or is `dh`. */
    readonly privateKey: ECDH
    readonly dh?: Buffer
    readonly authSecret: Buffer
  }

  export function encrypt(plaintext: Buffer, parameters: Parameters & { readonly dh: Buffer }): Buffer
  export function decrypt(body: Buffer, parameters: Parameters): Buffer
}
