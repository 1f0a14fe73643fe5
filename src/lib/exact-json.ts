// JSON with every digit of its numbers: integers beyond 2^53 come as `JSON.rawJSON`, so that writing them out again keeps
// them.

interface RawJson {
  rawJSON(text: string): object
  isRawJSON(value: unknown): value is { readonly rawJSON: string }
}

// In the runtime since V8 11.4; not yet in TypeScript's library.
const { rawJSON, isRawJSON } = JSON as unknown as RawJson
export const isRawJson = isRawJSON

/** A number that JSON.parse has read from `source`, or what keeps its digits. */
export function keepDigits(value: number, source: string): number | object {
  const isExact = !Object.is(value, -0) && (Number.isSafeInteger(value) || !/^-?\d+$/.test(source))
  return isExact ? value : rawJSON(source)
}

/** Of JSON that is not nested deep: with a reviver it is walked by recursion. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? keepDigits(value, context?.source ?? String(value)) : value,
  )
}
