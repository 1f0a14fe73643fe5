/** A version 4 UUID. Unguessable where the runtime has a random source; Node 18 has none in reach, and unique will do. */
export function makeUuid(): string {
  return globalThis.crypto?.randomUUID?.() ?? template.replace(/[xy]/g, fill)
}

const template = 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'

function fill(place: string): string {
  const digit = Math.floor(Math.random() * 16)
  return (place === 'x' ? digit : (digit & 3) | 8).toString(16)
}
