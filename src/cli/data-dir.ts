import { resolve } from 'node:path'
import { readConfig } from '../config.ts'

/** The data folder that `start` would use with the same environment. */
export function dataDirOf(env: Readonly<Record<string, string | undefined>>): string {
  return resolve(readConfig(env).dataDir)
}
