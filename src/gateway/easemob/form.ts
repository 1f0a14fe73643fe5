import { isUtf8 } from 'node:buffer'
import { Refusal } from '../../contract/refusal.ts'

/** A form as an object of strings; a field given twice keeps its last value, as in JSON. */
export function readForm(bytes: Buffer): Record<string, string> {
  if (!isUtf8(bytes)) throw new Refusal('invalid_request')
  return Object.fromEntries(new URLSearchParams(bytes.toString('utf8')))
}
