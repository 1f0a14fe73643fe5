import { channel } from 'node:diagnostics_channel'

export interface Undeclared {
  readonly failure: string
  readonly method: string | undefined
  readonly path: string
}

/** Every refusal that the route it comes from did not declare is published here; tests fail on one. */
export const undeclaredFailures = channel('posthouse:undeclared-failure')
