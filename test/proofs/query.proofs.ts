// The query language of the user list (usergrid.md §5).
import { send } from '../http-client.ts'
import { easemobError, type Proof } from './proof.ts'

const exceptions = 'org.apache.usergrid.persistence.exceptions'

const parse = (text: string) => easemobError('query_parse', `${exceptions}.QueryParseException`, text)
const token = (text: string) => easemobError('query_token', `${exceptions}.QueryTokenException`, text)
const noFullText = easemobError(
  'no_full_text_index',
  `${exceptions}.NoFullTextIndexException`,
  "Entity 'user' with property named 'username' is not full text indexed. You cannot use the 'contains' operand on this field",
)

export const proofs: readonly Proof[] = [
  query('query_parse', "name like 'x'", {
    title: 'a query that breaks the grammar answers 400 and names the token (N-28)',
    body: parse("The query cannot be parsed. The token 'like' at column 2 on line 1 cannot be parsed"),
  }),
  query('query_parse', "username = 'a' garbage", {
    title: 'a query with more behind its end answers 400',
    body: parse("The query cannot be parsed. The token 'garbage' at column 6 on line 1 cannot be parsed"),
  }),
  query('query_token', "username != 'a'", {
    title: 'a query with a character the language does not have answers 400',
    body: token("NoViableAltException('!'@[1:1: Tokens])"),
  }),
  query('query_string_open', "username = 'a", {
    title: 'a query with a quote that is not closed answers 400',
    body: token('MismatchedTokenException(-1!=39)'),
  }),
  query('query_order_by_split', 'order  by created', {
    title: 'a query with two blanks in order by answers 400',
    body: token('MismatchedTokenException(32!=98)'),
  }),
  query('query_sort_repeated', 'order by username, username', {
    title: 'a query that orders twice by one property answers 400',
    body: parse('Attempted to set sort order for username more than once'),
  }),
  query('full_text_index_missing', "select * where username contains 'al'", {
    title: 'contains on the username answers 500 (S-17)',
    status: 500,
    body: noFullText,
  }),
  query('full_text_index_missing', "select * where username contains 'al'", {
    title: 'contains on the username answers 500 to a deletion, too, and deletes nobody (S-17)',
    method: 'DELETE',
    status: 500,
    body: noFullText,
  }),
  query('index_missing', 'order by uuid', {
    title: 'ordering by a property without an index answers 500',
    status: 500,
    body: easemobError(
      'no_index',
      `${exceptions}.NoIndexException`,
      "Entity 'user' with property named 'uuid' is not indexed.  You cannot use the this field in queries.",
    ),
  }),
]

interface Asked {
  readonly title: string
  readonly method?: string
  readonly status?: number
  readonly body: string
}

function query(failure: Proof['failure'], ql: string, { title, method, status, body }: Asked): Proof {
  return {
    failure,
    dialect: 'easemob',
    title,
    provoke: async stage => {
      const app = await stage.makeApp()
      const headers = { Authorization: await app.bearer() }
      return send(`${app.easemob}/users?ql=${encodeURIComponent(ql)}`, { headers, ...(method && { method }) })
    },
    status: status ?? 400,
    body,
  }
}
