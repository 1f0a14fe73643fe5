// Developer accounts (jpush.md §1.4): what the operator makes of them, and what they do with the apps of their
// organisation (§3.5).
export interface DeveloperRights {
  /** May it make, change and delete apps? */
  readonly admin: boolean
  /** May it have files that groups of apps are pushed to with? */
  readonly group_files: boolean
}

export interface Developer extends DeveloperRights {
  readonly org: string
  readonly name: string
  readonly dev_key: string
}

/** Told once: only a digest is kept. */
export interface DeveloperSecret {
  readonly dev_secret: string
}

/** Both in PEM; the leaf comes first, then what leads to its authority. */
export interface ClientCertificate {
  readonly certificate: string
  readonly key: string
}

interface Named {
  readonly org: string
  readonly name: string
}

export interface DeveloperOperations {
  /** Rights that are absent are granted. @throws `developer_exists`, `org_reserved`, `name_illegal` */
  'developer.create': {
    args: Named & Partial<DeveloperRights>
    result: Developer & DeveloperSecret
  }
  'developer.list': { args: Record<never, never>; result: { developers: Developer[] } }
  /** @throws `developer_unknown` */
  'developer.change': { args: Named & { rights: Partial<DeveloperRights> }; result: Developer }
  /** The old secret is dead at once. @throws `developer_unknown` */
  'developer.renew_secret': { args: Named; result: Developer & DeveloperSecret }
  /** Its files go with it, the apps stay. @throws `developer_unknown` */
  'developer.delete': { args: Named; result: Developer }

  /**
   * The app of this name in the caller's organisation, made where there is none, in a group where one is named.
   * @throws `admin_parameter_invalid`, `developer_apps_full`
   */
  'developer_app.create': {
    args: { appName: string; androidPackage: string; groupName?: string }
    result: { appKey: string; masterSecret: string; isNew: boolean }
  }
  /** @throws `app_delete_failed` */
  'developer_app.delete': { args: { appKey: string }; result: Record<never, never> }
  /** Is it an app of the caller's organisation? @throws `admin_app_key_invalid` */
  'developer_app.check': { args: { appKey: string }; result: Record<never, never> }
  /**
   * By which APNs knows the app, for each environment that is named.
   * @throws `admin_app_key_invalid`, `certificate_exists`, `certificate_invalid`
   */
  'developer_app.set_certificates': {
    args: { appKey: string; production?: ClientCertificate; sandbox?: ClientCertificate }
    result: Record<never, never>
  }
}
