// JSON with ids that JavaScript's numbers cannot hold.

/** No string begins so; one may have it inside, which costs the longer way. */
const mayBeWide = /(?:^|[[:,\s])-?\d{16}/
const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g
const integer = /^-?\d{16,}$/

/** Parses JSON; an integer beyond 2^53 becomes a string of its digits, exactly. @throws SyntaxError */
export function parseJson(text: string): unknown {
  if (!mayBeWide.test(text)) return JSON.parse(text)
  const isWide = (one: string) => integer.test(one) && !Number.isSafeInteger(Number(one))
  return JSON.parse(text.replace(token, one => (isWide(one) ? `"${one}"` : one)))
}

/** The member of a member of …, as in `data.groupid` or `entities.0`; undefined where there is none. */
export function memberOf(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], value)
}

/** A plain object, or undefined. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}
