// Images for pushes: one media_id stands for a picture that each channel is given in its own way (jpush.md §3.1.8).

/** Whose the addresses of an image are: this server's own sessions (`jiguang`) and the vendors' channels. */
export const imageChannels = ['jiguang', 'xiaomi', 'oppo', 'huawei', 'honor', 'fcm', 'hmos'] as const
export type ImageChannel = (typeof imageChannels)[number]

/** 1 a big picture, 2 a large icon, 3 a small icon. */
export const imageKinds = [1, 2, 3] as const
export type ImageKind = (typeof imageKinds)[number]

/** Where each channel finds it; `all` serves those that have no address of their own. */
export type ImageUrls = Readonly<Partial<Record<ImageChannel | 'all', string>>>

/** A content of this server that is one channel's picture. */
export interface ImageFile {
  /** A random uuid, that of the content: whoever knows it may have the file. */
  readonly fileId: string
  /** Media type, as the content shows. */
  readonly type: string
  readonly bytes: number
}

export interface ImageChange {
  /** Those named take the place of what was; the others stay. */
  readonly urls: ImageUrls
  /** Files that `urls` point to. */
  readonly files: readonly ImageFile[]
}

export interface Image {
  readonly mediaId: string
  readonly urls: ImageUrls
}

export interface ImageOperations {
  /**
   * May the caller send files, for a new image or for this one? Asked before they are taken.
   * @throws `not_vip`, `image_unknown`, `images_full`
   */
  'image.admit': { args: { mediaId?: string }; result: Record<never, never> }
  /** @throws `not_vip`, `images_full` */
  'image.add': { args: ImageChange & { kind: ImageKind }; result: Image }
  /** @throws `not_vip`, `image_unknown` */
  'image.change': { args: ImageChange & { mediaId: string }; result: Image }
  /** For whoever has its address. @throws `image_unknown` */
  'image.file': { args: { fileId: string }; result: ImageFile }
}
