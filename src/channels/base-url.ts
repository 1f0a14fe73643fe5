import { ChannelFault } from './channel.ts'

/**
 * Where an operator has a vendor's requests go instead: to a proxy, say.
 * @param name of the member, for the words of the fault
 * @returns without a slash at its end
 * @throws ChannelFault
 */
export function readBaseUrl(name: string, value: unknown): string {
  const url = typeof value === 'string' && value.length <= 1_000 ? URL.parse(value) : null
  const isPlain = url && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  // What is sent there is signed, not encrypted.
  if (!isPlain || url.protocol !== 'https:') throw new ChannelFault(`${name} is an https URL without a query`)
  return url.href.replace(/\/+$/, '')
}
