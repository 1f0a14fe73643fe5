// JSON with ids that JavaScript's numbers cannot hold.

/** Strings are skipped; of numbers only integers that may be too large are looked at. */
const wide = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g

/** Parses JSON; an integer beyond 2^53 becomes a string of its digits, exactly. @throws SyntaxError */
export function parseJson(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text)
  return JSON.parse(
    text.replace(wide, token =>
      token[0] === '"' || Number.isSafeInteger(Number(token)) ? token : `"${token}"`,
    ),
  )
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
