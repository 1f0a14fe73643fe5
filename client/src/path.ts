export type QueryValue = string | number | boolean | readonly string[] | undefined

/** Fills `:name` of a path with `params.name`, percent-encoded, and adds what is given of the query; lists by commas. */
export function pathOf(
  template: string,
  params: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, QueryValue>> = {},
): string {
  const path = template.replace(/:([a-zA-Z_]+)/g, (_, name: string) => segmentOf(name, params[name]))
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        `${name}=${encodeURIComponent(Array.isArray(value) ? value.join(',') : String(value))}`,
    )
  return pairs.length > 0 ? `${path}?${pairs.join('&')}` : path
}

/** @throws TypeError for what would make it another path: an empty segment, `.` and `..` */
function segmentOf(name: string, value: string | undefined): string {
  if (!value || value === '.' || value === '..') throw new TypeError(`${name} is ${JSON.stringify(value)}`)
  return encodeURIComponent(value)
}
