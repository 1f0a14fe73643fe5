// The JPush dialect: `new JpushClient({ appKey, masterSecret })`, then the calls.

export type { CidPoolOptions } from './jpush/cid-pool.ts'
export {
  fetchCids,
  type JpushCall,
  JpushClient,
  JpushGroupClient,
  type JpushGroupOptions,
  type JpushOptions,
} from './jpush/client.ts'
export * from './jpush/devices.ts'
export * from './jpush/files.ts'
export * from './jpush/push.ts'
export type * from './jpush/push-object.ts'
export * from './jpush/reports.ts'
export * from './jpush/schedules.ts'
