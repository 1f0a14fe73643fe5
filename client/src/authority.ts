import type { Authority } from './caller.ts'

/** HTTP Basic (RFC 7617), in UTF-8. What is refused once stays refused. */
export function basicAuthority(user: string, password: string): Authority {
  const bytes = new TextEncoder().encode(`${user}:${password}`)
  const header = `Basic ${btoa(String.fromCharCode(...bytes))}`
  return { header: () => header, refuse: () => false }
}
