// What the JPush dialect gives an app rather than sends for it: apps and certificates, images, templates, plans, test
// devices. Each takes a client of `posthouse-client/jpush`.
export * from './jpush/apps.ts'
export * from './jpush/images.ts'
export * from './jpush/plans.ts'
export * from './jpush/test-devices.ts'
