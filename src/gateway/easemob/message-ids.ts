const form = /^[1-9]\d{0,15}$/

/** The id of a message, as callers write it; 0, which no message has, for what is none. */
export function toMessageId(text: string): number {
  return form.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : 0
}
