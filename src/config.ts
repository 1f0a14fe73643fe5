// Every limit and default, in one frozen table. An operator sets one with the environment variable named beside it.

export interface Config {
  readonly host: string
  readonly port: number
  readonly mqttPort: number
  readonly dataDir: string
  readonly logLevel: string
  /** Refuse plain HTTP: only requests a trusted local proxy marks `X-Forwarded-Proto: https` pass (JPush 1020). */
  readonly httpsOnly: boolean
  readonly http: HttpConfig
  readonly device: DeviceConfig
  readonly im: ImConfig
  readonly files: FilesConfig
  readonly link: LinkConfig
  readonly store: StoreConfig
  readonly core: CoreConfig
}

export interface HttpConfig {
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  /** Where others reach this server, without a path; '' = where the request that is answered reached it. */
  readonly publicUrl: string
  /** Between two requests of a connection. */
  readonly keepAliveTimeoutMs: number
  /** A connection on which nothing moves for this long is closed, whoever the other side waits for. */
  readonly stallTimeoutMs: number
  readonly connectionsCheckMs: number
  readonly headBytesMax: number
  readonly headersMax: number
  readonly targetBytesMax: number
  readonly queryParamsMax: number
  readonly easemobBodyBytesMax: number
  readonly jpushBodyBytesMax: number
  /** Of a thousand pushes in one body. */
  readonly jpushBatchBytesMax: number
  readonly neutralBodyBytesMax: number
  readonly connectionsMax: number
  readonly backlog: number
  /** Requests that may wait on one connection behind the one being served; then it is no longer read. */
  readonly pipelinedMax: number
  /** Calls this node takes a second, whoever makes them; 0 = no limit. More are refused with 503. */
  readonly callsPerSecondMax: number
  /** After refusing a body, how long and how much of it is still read, so that the answer arrives. */
  readonly lingerMs: number
  readonly lingerBytesMax: number
  readonly drainMs: number
}

export interface DeviceConfig {
  readonly connectionsMax: number
  readonly backlog: number
  /** From the first byte to a complete CONNECT. */
  readonly connectMs: number
  /** The longest keep-alive, in seconds, that MQTT 5 devices are told; those that ask for none get it too. */
  readonly keepAliveSecondsMax: number
  /** One MQTT packet from a device. */
  readonly packetBytesMax: number
  /** Pushes on their way to one device, sent and not yet acknowledged. */
  readonly inFlightMax: number
  /** Events of one device that wait for their commit; then it is no longer read. */
  readonly eventsMax: number
  /** Unsent bytes of one connection; then it waits until they are gone. */
  readonly bufferBytesMax: number
  /** A device that takes nothing, or acknowledges nothing, for this long is disconnected. */
  readonly stallMs: number
  /** Sessions written to before others get their turn. */
  readonly sliceSessions: number
  /** Sessions asked for at once of the core; more wait. */
  readonly opensMax: number
  /** Receipts or sessions in one command to the core. */
  readonly batchMax: number
  /** Queues asked for in one command to the core. */
  readonly pullsMax: number
  /** Before a command that failed is tried again. */
  readonly retryMs: number
  /** Encoded pushes kept at hand. */
  readonly contentsMax: number
}

/** Instant messaging over WebSocket. */
export interface ImConfig {
  readonly connectionsMax: number
  /** From the open socket to a complete PROVISION. */
  readonly loginMs: number
  /** A client sends UNREAD when it has heard nothing for 30 s; one that is silent for this long is gone. */
  readonly silenceMs: number
  /** One frame from a client. */
  readonly frameBytesMax: number
  /** Unsent bytes of one connection; then nothing is pulled for it, and after `stallMs` it is closed. */
  readonly bufferBytesMax: number
  readonly stallMs: number
  /** Commands of one connection that wait for the core; then it is no longer read. */
  readonly commandsMax: number
  /** How long what a client sends may wait for the core: its SDK gives up after 15 s. */
  readonly sendMs: number
  /** Sessions opened at once; more wait. */
  readonly opensMax: number
  /** Sessions in one command to the core. */
  readonly batchMax: number
  readonly retryMs: number
  /** Entries in one answer to a pull. */
  readonly pullMax: number
  /** Queues of one connection that are read at once: each may bring a whole answer, whatever is unsent by then. */
  readonly pullsMax: number
  /** Entries of one queue that are counted for a client; it hears of no more. */
  readonly countMax: number
  /** Live sessions of one user. */
  readonly sessionsPerUserMax: number
  /** Devices remembered of one user; the one not used for longest is forgotten. */
  readonly devicesPerUserMax: number
  /** Rooms that one session hears. */
  readonly roomsPerSessionMax: number
  /** How long a message sent again under the same client id is known as the same. */
  readonly resendMs: number
}

export interface DeliveryConfig {
  /** Unacknowledged pushes of one device that are kept beside those the offline rule keeps. */
  readonly backlogMax: number
  /** Broadcasts that are looked through for one device at most. */
  readonly broadcastScanMax: number
  /** A push to online devices only reaches them within this time or not at all. */
  readonly onlineOnlyMs: number
  /** How long gateways have to confirm their sessions to a core that has started; the others are ended then. */
  readonly confirmMs: number
  /** Devices that one slice of a fan-out takes. */
  readonly fanOutSlice: number
  /**
   * Memory for bitmaps of large tags that were searched for together: about 183 KB a tag where device ids go to
   * 1,000,000, so 180 such tags. Those used longest ago go.
   */
  readonly tagBitmapBytesMax: number
  /** How long pushes and their receipts are kept for reports. */
  readonly pushRetentionMs: number
}

/** Contents of files on their way to and from the disk. */
export interface FilesConfig {
  /** Uploads at once, and of one app. More are refused with 503. */
  readonly uploadsMax: number
  readonly uploadsPerAppMax: number
  /** A whole upload, and the time in which a part of it has to come. */
  readonly uploadMs: number
  readonly uploadStallMs: number
  /** What an upload may have beside its file: boundaries, headers and small fields. */
  readonly formBytesMax: number
  readonly formPartsMax: number
  readonly formFieldBytesMax: number
  readonly formHeadersMax: number
  readonly formHeadBytesMax: number
  /** Uploads leave so much of the disk free: the database shares it. */
  readonly freeBytesMin: number
  /** Files open for downloads at once. */
  readonly downloadsMax: number
  /** Images scaled down at once; more wait, and past that the originals are served. */
  readonly thumbnailsMax: number
  readonly thumbnailsWaitingMax: number
  /** An image with more pixels, or one that takes longer, has no thumbnail. */
  readonly imagePixelsMax: number
  readonly thumbnailSeconds: number
}

export interface LinkConfig {
  readonly deadlineMs: number
  readonly inFlightMax: number
  /** Commands that cross to the core together at most. */
  readonly batchMax: number
  readonly restartMs: number
  readonly restartMsMax: number
  /** With `http.drainMs` and `http.lingerMs` less than the 30 s a stop may take. */
  readonly stopMsMax: number
}

export interface StoreConfig {
  readonly databaseBytesMax: number
  readonly groupMax: number
}

/** Callbacks to the servers of apps (easemob.md §5). */
export interface CallbackConfig {
  /** Requests of one rule under way at once; a question on top goes unanswered. */
  readonly askedMax: number
  /** Questions of all rules under way at once: each takes a place of `link.inFlightMax`, which others need too. */
  readonly awaitedMax: number
  /** All rules together have this long to answer for one message: less than the link's deadline. */
  readonly awaitedMs: number
  /** So many failures within the span let a rule rest. */
  readonly failuresMax: number
  readonly failuresWithinMs: number
  readonly restMs: number
  /** Of a callback after sending; before sending each rule has its own. */
  readonly timeoutMs: number
  readonly answerBytesMax: number
  /** Callbacks after sending under way for one rule. */
  readonly atOnceMax: number
  /** Before the first repeat, each further one twice as long, up to the most; so often. */
  readonly retryMs: number
  readonly retryMsMax: number
  readonly retriesMax: number
  /** How long one that was not taken is kept. */
  readonly keptMs: number
  /** Failed ones that are counted of one span of ten minutes; more are shown as so many. */
  readonly countMax: number
}

export interface CoreConfig {
  /** A command that has waited longer than this is refused instead of done. */
  readonly deadlineMs: number
  readonly idempotencyTtlMs: number
  /** How long a caller waits for a backup before it is told to ask again. */
  readonly backupWaitMs: number
  readonly delivery: DeliveryConfig
  readonly callbacks: CallbackConfig
  readonly schedules: {
    /** A run that was missed is made up for when it is not later than this. */
    readonly lateMsMax: number
    /** Runs of one schedule that are remembered. */
    readonly runsKeptMax: number
  }
  /** Pushes through vendors. */
  readonly dispatch: {
    /** PEM certificates that are trusted beside the system's; '' = none. */
    readonly caFile: string
    /** For one attempt. */
    readonly timeoutMs: number
    /** Before a second attempt; twice as long each time, up to the second. */
    readonly retryMs: number
    readonly retryMsMax: number
    /** When a provider is left alone (core/channel-gate.ts). */
    readonly gate: { readonly failuresMax: number; readonly restMs: number; readonly restMsMax: number }
  }
  /** Calls with the secret of one group of apps. */
  readonly groupPushesPerMinute: number
  /** Calls about files with one developer account (jpush.md §1.8). */
  readonly developerFilesPerMinute: number
  /** Apps of an organisation up to which a developer account makes more. */
  readonly developerAppsMax: number
  /** How long messages between users are kept, read or not. */
  readonly messageRetentionMs: number
  readonly tokenTtlSeconds: number
  /** Zone of JPush times, minutes east of UTC. */
  readonly timeZoneMinutes: number
  readonly passwordHashing: {
    readonly cost: number
    readonly blockSize: number
    readonly parallelization: number
  }
  /** Password hashes computed at once; more wait, up to so many. */
  readonly hashingsMax: number
  readonly hashingsWaitingMax: number
  /** What one query of the user list may ask for, and how many users one call looks at. */
  readonly userQuery: {
    readonly depthMax: number
    readonly termsMax: number
    readonly scannedMax: number
  }
  /** Groups that one app may have, and as many rooms. */
  readonly groupsPerAppMax: number
  /** Threads of all groups of one app. */
  readonly threadsPerAppMax: number
  /** Groups that one user may be in, and as many rooms, and threads: what the deletion of a user has to touch. */
  readonly groupsPerUserMax: number
  /** Contacts that one user may have: what the deletion of a user has to touch. */
  readonly contactsPerUserMax: number
  /** UTF-8 bytes of the attributes of all users of one app. */
  readonly attributeBytesPerAppMax: number
  /** Files that one group or room may share. */
  readonly groupFilesMax: number
  /** Images for pushes that one app may have at a time. */
  readonly imagesPerAppMax: number
  /** Chat rooms that one message to all of them is written into. */
  readonly broadcastRoomsMax: number
  /** How long files of messages can be downloaded. */
  readonly fileRetentionMs: number
  /** How long it is known of an expired file that it has expired. */
  readonly fileMemoryMs: number
}

type Environment = Readonly<Record<string, string | undefined>>

/** @throws Error naming the variable when a value is not usable */
export function readConfig(env: Environment): Config {
  const number = numberReader(env)
  const inFlightMax = number('POSTHOUSE_IN_FLIGHT_MAX', 512, 1, 100_000)
  return deepFreeze({
    host: env.POSTHOUSE_HOST || '127.0.0.1',
    port: number('POSTHOUSE_PORT', 7080, 0, 65_535),
    mqttPort: number('POSTHOUSE_MQTT_PORT', 7083, 0, 65_535),
    dataDir: env.POSTHOUSE_DATA || './data',
    logLevel: choice(env, 'POSTHOUSE_LOG_LEVEL', 'info', [
      'trace',
      'debug',
      'info',
      'warn',
      'error',
      'silent',
    ]),
    httpsOnly: choice(env, 'POSTHOUSE_HTTPS_ONLY', '0', ['0', '1']) === '1',
    http: {
      headersTimeoutMs: number('POSTHOUSE_HEADERS_TIMEOUT_MS', 10_000, 100, 600_000),
      requestTimeoutMs: number('POSTHOUSE_REQUEST_TIMEOUT_MS', 15_000, 100, 600_000),
      publicUrl: origin(env, 'POSTHOUSE_PUBLIC_URL'),
      keepAliveTimeoutMs: number('POSTHOUSE_KEEP_ALIVE_TIMEOUT_MS', 65_000, 100, 3_600_000),
      stallTimeoutMs: number('POSTHOUSE_STALL_TIMEOUT_MS', 120_000, 100, 3_600_000),
      connectionsCheckMs: number('POSTHOUSE_CONNECTIONS_CHECK_MS', 500, 10, 60_000),
      headBytesMax: 16_384,
      headersMax: 100,
      targetBytesMax: 8_192,
      queryParamsMax: 100,
      easemobBodyBytesMax: number('POSTHOUSE_EASEMOB_BODY_BYTES_MAX', 5_120, 1_024, 16_777_216),
      jpushBodyBytesMax: 65_536,
      jpushBatchBytesMax: 8_388_608,
      neutralBodyBytesMax: 65_536,
      connectionsMax: number('POSTHOUSE_CONNECTIONS_MAX', 16_000, 1, 1_000_000),
      backlog: 4_096,
      pipelinedMax: 64,
      callsPerSecondMax: number('POSTHOUSE_CALLS_PER_SECOND_MAX', 0, 0, 1_000_000),
      lingerMs: 2_000,
      lingerBytesMax: 67_108_864,
      drainMs: number('POSTHOUSE_DRAIN_MS', 10_000, 0, 12_000),
    },
    device: {
      connectionsMax: number('POSTHOUSE_DEVICE_CONNECTIONS_MAX', 16_000, 1, 1_000_000),
      backlog: 4_096,
      connectMs: number('POSTHOUSE_DEVICE_CONNECT_MS', 10_000, 100, 600_000),
      keepAliveSecondsMax: number('POSTHOUSE_DEVICE_KEEP_ALIVE_SECONDS_MAX', 3_600, 1, 65_535),
      packetBytesMax: 65_536,
      inFlightMax: number('POSTHOUSE_DEVICE_IN_FLIGHT_MAX', 100, 1, 10_000),
      eventsMax: 100,
      bufferBytesMax: number('POSTHOUSE_DEVICE_BUFFER_BYTES_MAX', 262_144, 1_024, 67_108_864),
      stallMs: number('POSTHOUSE_DEVICE_STALL_MS', 60_000, 100, 3_600_000),
      sliceSessions: 1_000,
      opensMax: 128,
      batchMax: 1_000,
      pullsMax: 100,
      retryMs: 250,
      contentsMax: 256,
    },
    im: {
      connectionsMax: number('POSTHOUSE_IM_CONNECTIONS_MAX', 16_000, 1, 1_000_000),
      loginMs: number('POSTHOUSE_IM_LOGIN_MS', 10_000, 100, 600_000),
      silenceMs: number('POSTHOUSE_IM_SILENCE_MS', 120_000, 100, 3_600_000),
      frameBytesMax: 65_536,
      bufferBytesMax: number('POSTHOUSE_IM_BUFFER_BYTES_MAX', 262_144, 1_024, 67_108_864),
      stallMs: number('POSTHOUSE_IM_STALL_MS', 60_000, 100, 3_600_000),
      commandsMax: 64,
      sendMs: number('POSTHOUSE_IM_SEND_MS', 12_000, 100, 14_000),
      opensMax: 128,
      batchMax: 1_000,
      retryMs: 250,
      pullMax: 100,
      pullsMax: 4,
      countMax: 1_000,
      sessionsPerUserMax: number('POSTHOUSE_IM_SESSIONS_PER_USER_MAX', 10, 1, 1_000),
      devicesPerUserMax: 20,
      roomsPerSessionMax: 100,
      resendMs: 86_400_000,
    },
    files: {
      uploadsMax: number('POSTHOUSE_UPLOADS_MAX', 256, 1, 10_000),
      uploadsPerAppMax: number('POSTHOUSE_UPLOADS_PER_APP_MAX', 64, 1, 10_000),
      uploadMs: number('POSTHOUSE_UPLOAD_TIMEOUT_MS', 300_000, 100, 3_600_000),
      uploadStallMs: number('POSTHOUSE_UPLOAD_STALL_MS', 15_000, 100, 600_000),
      formBytesMax: 65_536,
      formPartsMax: 32,
      formFieldBytesMax: 1_024,
      formHeadersMax: 32,
      formHeadBytesMax: 8_192,
      freeBytesMin: number('POSTHOUSE_FREE_BYTES_MIN', 268_435_456, 0, Number.MAX_SAFE_INTEGER),
      downloadsMax: 2_048,
      // One takes up to 250 MB for an image of the most pixels.
      thumbnailsMax: number('POSTHOUSE_THUMBNAILS_MAX', 1, 1, 64),
      thumbnailsWaitingMax: 64,
      imagePixelsMax: number('POSTHOUSE_IMAGE_PIXELS_MAX', 40_000_000, 1, 1_000_000_000),
      thumbnailSeconds: 10,
    },
    link: {
      deadlineMs: number('POSTHOUSE_GATEWAY_DEADLINE_MS', 8_000, 100, 600_000),
      inFlightMax,
      batchMax: 32,
      restartMs: number('POSTHOUSE_CORE_RESTART_MS', 200, 10, 60_000),
      restartMsMax: 5_000,
      stopMsMax: 15_000,
    },
    store: {
      databaseBytesMax: number(
        'POSTHOUSE_DATABASE_BYTES_MAX',
        274_877_906_944,
        1_048_576,
        Number.MAX_SAFE_INTEGER,
      ),
      groupMax: 1_024,
    },
    core: {
      deadlineMs: number('POSTHOUSE_CORE_DEADLINE_MS', 5_000, 50, 600_000),
      idempotencyTtlMs: 86_400_000,
      backupWaitMs: 2_000,
      delivery: {
        backlogMax: 1_000,
        broadcastScanMax: 10_000,
        onlineOnlyMs: 10_000,
        confirmMs: 30_000,
        fanOutSlice: 1_000,
        tagBitmapBytesMax: 32 * 1024 * 1024,
        pushRetentionMs: number('POSTHOUSE_PUSH_RETENTION_MS', 2_592_000_000, 86_400_000, 31_536_000_000),
      },
      callbacks: {
        askedMax: 64,
        awaitedMax: Math.ceil(inFlightMax / 3),
        awaitedMs: 5_000,
        failuresMax: 90,
        failuresWithinMs: 30_000,
        restMs: 300_000,
        timeoutMs: 10_000,
        answerBytesMax: 65_536,
        atOnceMax: 16,
        retryMs: number('POSTHOUSE_CALLBACK_RETRY_MS', 60_000, 10, 3_600_000),
        retryMsMax: 3_600_000,
        retriesMax: 30,
        keptMs: 259_200_000,
        countMax: 1_000,
      },
      schedules: {
        lateMsMax: number('POSTHOUSE_SCHEDULE_LATE_MS', 3_600_000, 0, 604_800_000),
        runsKeptMax: 1_000,
      },
      groupPushesPerMinute: 600,
      developerFilesPerMinute: 20,
      developerAppsMax: number('POSTHOUSE_DEVELOPER_APPS_MAX', 1_000, 0, 1_000_000),
      dispatch: {
        caFile: env.POSTHOUSE_VENDOR_CA_FILE || '',
        timeoutMs: number('POSTHOUSE_VENDOR_TIMEOUT_MS', 15_000, 100, 120_000),
        retryMs: number('POSTHOUSE_VENDOR_RETRY_MS', 10_000, 10, 3_600_000),
        retryMsMax: 900_000,
        gate: { failuresMax: 20, restMs: 30_000, restMsMax: 300_000 },
      },
      messageRetentionMs: number('POSTHOUSE_MESSAGE_RETENTION_MS', 604_800_000, 1_000, 31_536_000_000),
      tokenTtlSeconds: 5_184_000,
      timeZoneMinutes: number('POSTHOUSE_TIME_ZONE_MINUTES', 480, -720, 840),
      passwordHashing: {
        cost: number('POSTHOUSE_SCRYPT_COST', 16_384, 1_024, 1_048_576),
        blockSize: 8,
        parallelization: 1,
      },
      hashingsMax: 4,
      // Well below the calls in flight: a flood of logins leaves room for everybody else.
      hashingsWaitingMax: 256,
      userQuery: {
        depthMax: 32,
        termsMax: 100,
        scannedMax: number('POSTHOUSE_QUERY_SCANNED_MAX', 2_000, 1, 1_000_000),
      },
      groupsPerAppMax: number('POSTHOUSE_GROUPS_PER_APP_MAX', 1_000_000, 1, 1_000_000_000),
      threadsPerAppMax: number('POSTHOUSE_THREADS_PER_APP_MAX', 100_000, 1, 1_000_000_000),
      groupsPerUserMax: number('POSTHOUSE_GROUPS_PER_USER_MAX', 10_000, 1, 100_000),
      contactsPerUserMax: number('POSTHOUSE_CONTACTS_PER_USER_MAX', 3_000, 1, 100_000),
      attributeBytesPerAppMax: number(
        'POSTHOUSE_ATTRIBUTE_BYTES_PER_APP_MAX',
        10_737_418_240,
        0,
        Number.MAX_SAFE_INTEGER,
      ),
      groupFilesMax: number('POSTHOUSE_GROUP_FILES_MAX', 1_000, 1, 1_000_000),
      imagesPerAppMax: number('POSTHOUSE_IMAGES_PER_APP_MAX', 10_000, 1, 1_000_000),
      broadcastRoomsMax: number('POSTHOUSE_BROADCAST_ROOMS_MAX', 2_000, 1, 100_000),
      fileRetentionMs: number('POSTHOUSE_FILE_RETENTION_MS', 604_800_000, 1_000, 31_536_000_000),
      fileMemoryMs: 2_592_000_000,
    },
  })
}

function numberReader(env: Environment) {
  return (name: string, fallback: number, least: number, most: number): number => {
    const text = env[name]
    if (text === undefined || text === '') return fallback
    const value = Number(text)
    if (!/^-?\d+$/.test(text) || value < least || value > most)
      throw new Error(`${name} is "${text}": it must be a whole number from ${least} to ${most}`)
    return value
  }
}

function choice(env: Environment, name: string, fallback: string, choices: readonly string[]): string {
  const value = env[name] || fallback
  if (!choices.includes(value))
    throw new Error(`${name} is "${value}": it must be one of ${choices.join(', ')}`)
  return value
}

/** Such as https://push.example.com:8443; '' where nothing is set. */
function origin(env: Environment, name: string): string {
  const text = env[name] || ''
  const url = text === '' ? undefined : URL.parse(text)
  if (url === undefined) return ''
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`)
    throw new Error(`${name} is "${text}": it must be http:// or https:// with a host, and nothing behind it`)
  return url.origin
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (typeof member === 'object' && member) deepFreeze(member)
  return Object.freeze(value)
}
