export interface BasicCredentials {
  readonly key: string | undefined
  readonly secret: string | undefined
  /** There is a header, and it says nothing of the kind. */
  readonly isMalformed?: true
}

/** RFC 7617. */
export function readBasic(header: string | undefined): BasicCredentials {
  const encoded = header === undefined ? null : /^basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(header)
  const text = encoded ? Buffer.from(encoded[1]!, 'base64').toString('utf8') : ''
  const colon = text.indexOf(':')
  if (colon === -1) return { key: undefined, secret: undefined, ...(header && { isMalformed: true }) }
  return { key: text.slice(0, colon), secret: text.slice(colon + 1) }
}
