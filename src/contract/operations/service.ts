export interface ServiceOperations {
  /** Answers when the core can serve. */
  'service.ping': { args: Record<never, never>; result: { at: number } }
  'service.backup': { args: { file: string }; result: { bytes: number } }
}
