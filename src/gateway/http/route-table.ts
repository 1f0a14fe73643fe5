import findMyWay, { type HTTPMethod } from 'find-my-way'

export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'

export interface Routed {
  readonly method: RouteMethod
  /** find-my-way's syntax: `/users/:user`; literal segments win over parameters. */
  readonly path: string
}

export interface Match<Route> {
  readonly route: Route
  /** Percent-decoded. */
  readonly params: Readonly<Record<string, string>>
}

/** The methods this server has heard of; Node's parser knows many more (RFC 9110 §15.6.2: 501 for those). */
const knownMethods: ReadonlySet<string> = new Set('GET HEAD POST PUT DELETE PATCH OPTIONS'.split(' '))

export function isKnownMethod(method: string): boolean {
  return knownMethods.has(method)
}

const methods: readonly RouteMethod[] = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']
const paramCharsMax = 8_192

/** The routes of one dialect, and which methods each path offers. */
export class RouteTable<Route extends Routed> {
  readonly #router = findMyWay({ maxParamLength: paramCharsMax })
  readonly routes: readonly Route[]

  constructor(routes: readonly Route[]) {
    this.routes = routes
    for (const route of routes) this.#router.on(route.method as HTTPMethod, route.path, () => {}, route)
  }

  find(method: string, path: string): Match<Route> | undefined {
    const found = this.#router.find(method as HTTPMethod, path)
    if (!found) return undefined
    return { route: found.store as Route, params: found.params as Record<string, string> }
  }

  /** The methods of `path`; empty when there is no such path. GET brings HEAD with it. */
  allowed(path: string): string[] {
    const allowed = methods.filter(method => this.find(method, path))
    return allowed.flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  }
}
