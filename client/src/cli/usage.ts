/** What `posthouse outbox` takes. */
export const outboxUsage = `posthouse outbox ls     [FILTER] [--limit 50] [--after ID] [--count]    one line an item, or how many by state
posthouse outbox show   ID [--lang zh]           all about one: what failed, what to do, whether it may have been sent
posthouse outbox resend ID… | FILTER [--may-duplicate] [--rate 5/s] [--delay 10s]
posthouse outbox cancel ID… | FILTER
posthouse outbox undo   ACTION                   what an action has sent again and was not tried yet, or has cancelled
posthouse outbox edit   ID [--content FILE]      what is sent, of an item that was never sent; without FILE: $EDITOR
posthouse outbox export [ID… | FILTER] [--out FILE]       JSON, one item a line
posthouse outbox import FILE                     what export has written; items that are there already stay as they are
posthouse outbox log    [ID] [--action ACTION]   who has done what by hand

Which outbox:  --file outbox.db (POSTHOUSE_OUTBOX_FILE) with [--posthouse] when its messages go to a Posthouse, or
               --url http://… (POSTHOUSE_OUTBOX_URL), a service that has mounted outboxHandler; its token comes from
               POSTHOUSE_OUTBOX_TOKEN (--token is seen by all users of this machine)
FILTER:        --state dead,unknown --kind push|message --conversation NAME --failure ID --older 2h --newer 2026-11-24
               30s, 5m, 2h, 7d are ages, else a time; resend and cancel want a --state. --all: every item
Changes:       --why TEXT --by NAME (default: your user name) are written down with each; --dry-run only counts;
               by FILTER they ask first, or want --yes; --limit N: the first N;
               a resend by FILTER begins after 10 s (by ID at once), so that it can be undone
Everywhere:    --json     FILE may be - for standard input or output
Exit codes:    0 done, 1 failed or all refused, 2 wrong usage, 3 the service does not answer or refuses the token,
               4 no file or no outbox, 5 nothing matched, 6 some done and some refused`
