import type { Members } from './channel.ts'

/** What a vendor says: a JSON object, or nothing that could be read. */
export function readJsonObject(text: string): Members {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Members) : {}
  } catch {
    return {}
  }
}
