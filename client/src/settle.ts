import { PosthouseError } from './error.ts'

/** Was the request that failed so executed by an earlier attempt, of which no answer came? */
export function mayHaveSucceeded({ attempts }: PosthouseError): boolean {
  return attempts.some(({ outcome }) => outcome === 'unknown')
}

/**
 * A refusal that says that it is so already, by its id or class, is a success where an attempt whose answer was lost may
 * have made it so. @returns undefined then
 */
export async function settle<Value>(call: Promise<Value>, ...refusals: string[]): Promise<Value | undefined> {
  try {
    return await call
  } catch (error) {
    if (!(error instanceof PosthouseError) || !mayHaveSucceeded(error)) throw error
    if (!refusals.includes(error.id) && !refusals.includes(error.class)) throw error
    return undefined
  }
}
