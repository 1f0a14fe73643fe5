// Whom channels trust: the authorities that Node knows, and those that the operator names.
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'

const contexts = new Map<string, SecureContext>()

/** The same one for the same authorities: to read more than a hundred certificates takes milliseconds. */
export function trusting(ca: readonly string[]): SecureContext {
  const key = ca.join('\n')
  const context = contexts.get(key) ?? createSecureContext({ ca: [...getCACertificates(), ...ca] })
  contexts.set(key, context)
  return context
}
