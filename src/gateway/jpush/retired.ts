// What the vendor itself has taken offline (contract.md §2.1): answered before anybody is asked who they are.
const notice = 'The v2 API was retired on 2015-12-31. Use POST /v3/push.'

/** The notice for a retired path, or undefined. */
export function retiredByVendor(path: string): string | undefined {
  return path === '/v2' || path.startsWith('/v2/') ? notice : undefined
}
