// One callback to an app's own server: a POST of JSON, and whatever comes back, in bounded time and size.

export interface CallbackRequest {
  readonly url: string
  /** JSON. */
  readonly body: string
  readonly timeoutMs: number
  /** Of the answer; a longer one counts as none. */
  readonly answerBytesMax: number
}

export interface CallbackAnswer {
  readonly status: number
  readonly text: string
}

/**
 * Follows no redirect: the operator has named the address, nobody else may.
 * @returns undefined when no whole answer came in time
 */
export async function postCallback(request: CallbackRequest): Promise<CallbackAnswer | undefined> {
  const { url, body, timeoutMs, answerBytesMax } = request
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json; charset=utf-8', 'User-Agent': 'Posthouse' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await readBounded(response, answerBytesMax)
    return text === undefined ? undefined : { status: response.status, text }
  } catch {
    // Whatever the network says, there is no answer.
    return undefined
  }
}

async function readBounded(response: Response, bytesMax: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    // Leaving the loop cancels the rest.
    if (bytes > bytesMax) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
