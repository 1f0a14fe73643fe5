/** HMAC-SHA-256, in base64. Node 18 has the Web Crypto API in its module alone. */
export async function hmacOf(key: string | Uint8Array<ArrayBuffer>, text: string): Promise<string> {
  const { subtle } = globalThis.crypto ?? (await import('node:crypto')).webcrypto
  const bytes = typeof key === 'string' ? new TextEncoder().encode(key) : key
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const imported = await subtle.importKey('raw', bytes, algorithm, false, ['sign'])
  const signature = await subtle.sign('HMAC', imported, new TextEncoder().encode(text))
  return btoa(String.fromCharCode(...new Uint8Array(signature)))
}
