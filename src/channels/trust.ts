// Whom channels trust: the authorities that Node knows, and those that the operator names. And who they say they are.
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'

const contexts = new Map<string, SecureContext>()

/** The same one for the same authorities: to read more than a hundred certificates takes milliseconds. */
export function trusting(ca: readonly string[]): SecureContext {
  const key = ca.join('\n')
  const context = contexts.get(key) ?? createSecureContext({ ca: [...getCACertificates(), ...ca] })
  contexts.set(key, context)
  return context
}

/** What a client shows of itself, in PEM. */
export interface TlsIdentity {
  readonly certificate: string
  readonly key: string
}

/** Trusts as `trusting` does, and shows a certificate to whoever asks for one. */
export function identified(ca: readonly string[], { certificate, key }: TlsIdentity): SecureContext {
  return createSecureContext({
    cert: certificate,
    key,
    ...(ca.length > 0 && { ca: [...getCACertificates(), ...ca] }),
  })
}
