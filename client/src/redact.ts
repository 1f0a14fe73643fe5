// What stands in a body under the name of a secret goes into no log and no error: client secrets, passwords, tokens.
const secrets = /("[^"]{0,40}(?:secret|password|token)[^"]{0,40}"\s*:\s*")(?:[^"\\]|\\.)*/gi

/** @param json whole, or only its beginning */
export function redact(json: string): string {
  return json.replace(secrets, '$1***')
}
