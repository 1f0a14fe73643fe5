// The JPush dialect: `new JpushClient({ appKey, masterSecret })`, then the calls; some more in jpush-admin.ts.

export type { CidPoolOptions } from './jpush/cid-pool.ts'
export {
  fetchCids,
  type JpushCall,
  type JpushCaller,
  JpushClient,
  JpushDeveloperClient,
  type JpushDeveloperOptions,
  JpushGroupClient,
  type JpushGroupOptions,
  type JpushHost,
  type JpushOptions,
} from './jpush/client.ts'
export * from './jpush/devices.ts'
export * from './jpush/files.ts'
export * from './jpush/push.ts'
export type * from './jpush/push-object.ts'
export * from './jpush/reports.ts'
export * from './jpush/schedules.ts'
