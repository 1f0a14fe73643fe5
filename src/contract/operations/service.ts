export interface ServiceOperations {
  /** Answers when the core can serve. */
  'service.ping': { args: Record<never, never>; result: { at: number } }
  /** `bytes` is absent while the copy is still being written: ask again. */
  'service.backup': { args: { file: string }; result: { file: string; bytes?: number } }
}
