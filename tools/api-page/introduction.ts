import { commonProblems } from './common-problems';
import { limitsTable } from './limits-table';
import { listOfRoutes } from './list-of-routes';
import { json } from './markdown';
import * as limits from '../../lambda-src/metrics-api/limits';
import { SCHEMAS } from '../../lambda-src/metrics-api/openapi/schemas';

/** What all routes have in common, written by hand; what is a table elsewhere comes from there. */
export const introduction = () => `# The metrics API

Metrics of your services over HTTPS: send them, ask for series, list what is known, and read what the runbooks found. [openapi.json](openapi.json) says the same to machines, and
the API itself serves it at \`GET /openapi.json\`.

<!-- Made by tools/openapi.ts from the tables that the API works by: change those, or tools/api-page/, not this page. -->

${listOfRoutes()}

Before the routes, what they have in common:

- [Calling it](#calling-it)
- [Times, ranges and steps](#times-ranges-and-steps)
- [What an answer tells of itself](#what-an-answer-tells-of-itself)
- [Pages](#pages)
- [CSV and gzip](#csv-and-gzip)
- [Problems](#problems)
- [Sending again](#sending-again)
- [Limits](#limits)
- [The Prometheus routes](#the-prometheus-routes)

## Calling it

The lines on this page are for bash or zsh, with curl 7.75 or newer, and can be copied as they are. Set these first:

| variable | is |
| --- | --- |
| \`API_URL\` | where the API is, without a slash at its end: \`https://abcdef1234.execute-api.eu-west-1.amazonaws.com/v1\`. The construct's \`apiUrl\` is this address with the slash |
| \`AWS_REGION\` | the API's region: \`eu-west-1\` |
| \`AWS_ACCESS_KEY_ID\`, \`AWS_SECRET_ACCESS_KEY\`, \`AWS_SESSION_TOKEN\` | who calls. With the AWS CLI, \`eval "$(aws configure export-credentials --format env)"\` sets them from your profile |

How callers show who they are was chosen when the API was made, by an \`ApiAuthorization\`. By default they sign their requests with
IAM credentials, which curl can do:

\`\`\`sh
AUTH=(--aws-sigv4 "aws:amz:$AWS_REGION:execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"
  -H "x-amz-security-token: $AWS_SESSION_TOKEN")
\`\`\`

Now ask whether it is there, send metrics of two services, and get those of one of them back:

\`\`\`sh
curl "$API_URL/health"
curl "\${AUTH[@]}" "$API_URL/metrics" -H 'Content-Type: application/json' \\
  -d '[{"service":"checkout","metrics":{"cpu":42,"memory":1024}},{"service":"cart","metrics":{"cpu":7}}]'
curl "\${AUTH[@]}" "$API_URL/metrics?service=checkout&timeRange=1h"
\`\`\`

Older versions of curl, such as 7.88, sign the parameters of a query in the order in which they stand in the address, where AWS wants them in
**alphabetical order**: write them so, as all lines here do, or the signature is refused.

An API that was made with another \`ApiAuthorization\` takes another \`AUTH\`; the rest of each line stays the same:

| made with | callers | \`AUTH\` |
| --- | --- | --- |
| \`.iam()\`, the default | sign with IAM credentials, and were allowed to by \`grantRead\`, \`grantWrite\` or \`grantReadIncidents\` of the construct (in the same account) | as above |
| \`.cognito(userPool)\` | send an ID token of the user pool | \`AUTH=(-H "Authorization: $ID_TOKEN")\` |
| \`.custom(authorizer)\` | send what your authorizer looks at, often a token | \`AUTH=(-H "Authorization: Bearer $TOKEN")\` |
| \`.apiKey()\` | send a key, which AWS does not call authorization: it does not expire, and whoever knows it may call | \`AUTH=(-H "x-api-key: $API_KEY")\` |
| \`.none()\` | are not asked; synthesis warns | \`AUTH=()\` |

Only with \`.iam()\` can callers be allowed to read but not to write. \`GET /health\` is open to everybody, always.

## Times, ranges and steps

**Times** are RFC 3339 (\`2026-11-23T02:00:00Z\`) or seconds since 1970 (\`1795399200\`, with up to three decimals), from 1970 to 9999; the \`timestamp\` of
a document that is sent is RFC 3339. Answers have RFC 3339 in UTC. In an
address the \`+\` of an offset is written \`%2B\`.

**Ranges** include their beginning and end just before their end, \`[from, to)\`: of ranges that follow each other every sample is in one.
\`timeRange\` is a length that reaches back from \`to\`, and \`to\` is now where it is left out. \`from\` wins over \`timeRange\`. With none of them the
range is the last hour; for incidents, the last week.

**Steps** cut the range into buckets, each with one value by \`stat\`. Buckets are counted from 1970 in UTC and labelled by their beginning: an hour
is a full hour, a day begins at midnight, a week on a Thursday. Empty buckets are left out. Without \`step\` it is the
shortest of 1, 5, 10, 15 and 30 minutes, 1, 2, 3, 6 and 12 hours and whole days that gives at most \`maxPoints\`. \`step=raw\` gives every sample as it is.

## What an answer tells of itself

Each series has a \`summary\` of all its samples in the range, and one value for each bucket: \`timestamps\` and \`values\` run in parallel.

\`resolution\` is the coarsest data that the answer comes from:

| \`resolution\` | the values are made from | exact |
| --- | --- | --- |
| \`raw\` | samples | yes |
| \`hour\` | the figures that are kept of each hour of a day that has ended | yes |
| \`day-sketch\` | one sketch of each metric and day; for percentiles of whole days | within 1.1 % |

Samples are kept for a time (\`sampleRetention\`, 63 days by default), the other two for longer. Of times whose samples are gone, steps of less than an hour,
and percentiles over less than a day, are refused with that reason. A range that cuts an hour there (for percentiles, a day) is widened to it:
\`from\` and \`to\` of the answer say what was answered.

\`complete\` is false where a stored part could not be read: the values are right as far as they go, and something is missing.

A number that JSON cannot carry, such as a sum beyond 1.8e308, is \`null\`.

## Pages

An answer holds at most \`limit\` series, names, incidents or entries. Where there are more, \`cursor\` is not \`null\`: send it with the next request, and leave the other
parameters as they were. A page can be shorter than \`limit\`, and even empty, with a cursor all the same: only \`null\` says that it was the last.

\`\`\`sh
cursor=$(curl -s "\${AUTH[@]}" "$API_URL/services?limit=1" | sed 's/.*"cursor":"\\([^"]*\\)".*/\\1/')
curl "\${AUTH[@]}" "$API_URL/services?cursor=$cursor&limit=1"
\`\`\`

The cursor of \`GET /metrics\` and \`GET /incidents\` holds the range, so that "the last hour" is the same hour on every page. Where the range of
\`GET /metrics\` reaches back to the oldest samples that are kept, or beyond them, its cursor is good for an hour; after that it is refused with 400, and you begin again without it.

## CSV and gzip

With \`Accept: text/csv\`, \`GET /metrics\` answers a table with a row for each point, for spreadsheets and data frames. What stands beside the series in JSON
comes in headers: \`Metrics-Complete\`, \`Metrics-Resolution\`, and \`Metrics-Cursor\` where there is a next page. A name that a spreadsheet would run as a
formula begins with an apostrophe.

\`\`\`sh
curl "\${AUTH[@]}" "$API_URL/metrics?timeRange=1h" -H 'Accept: text/csv'
\`\`\`

Any answer comes compressed to callers that take gzip, and a body may be sent so, with \`Content-Encoding: gzip\`:

\`\`\`sh
curl "\${AUTH[@]}" "$API_URL/metrics?timeRange=1h" --compressed
\`\`\`

## Problems

What cannot be done is answered with a status of 400 or more and a body of the type \`application/problem+json\` (RFC 9457), also where API Gateway
answers by itself:

${json(SCHEMAS.Problem.examples[0])}

\`detail\` says what was found and what is expected. \`parameter\` names the parameter, the header or the place in the body that is wrong, and \`limit\` the number
that was exceeded, where there is one. A problem of ours (500 or more) has a \`requestId\`: the function's log tells the rest under it.

These can come from every route, the first two from those that are not open:

${commonProblems()}

A parameter that a route does not know is refused, not ignored (but by the [Prometheus routes](#the-prometheus-routes)): a misspelt \`service\` would answer for all services and look right.

## Sending again

A POST whose answer got lost can be sent again **without storing anything twice** if it has an \`Idempotency-Key\`: any text of up to ${limits.MAX_KEY_LENGTH} characters
that stands for this one body, such as the name of the report that you send. The repetition gets the same answer. The same key with another body
gets 422. Without a key, sending again stores again.

A key belongs to its caller: the IAM role or user, the \`sub\` of a Cognito token, the \`principalId\` of your authorizer, the API key. With \`.none()\`
all callers share theirs. It is remembered for \`sampleRetention\` and three days.

## Limits

Nothing is cut off without a word:

${limitsTable()}

## The Prometheus routes

Below \`/prometheus/api/v1/\` the API is a part of [Prometheus' own](https://prometheus.io/docs/prometheus/latest/querying/api/), for what plots Prometheus' data: parameters and
answers are as there, and [grafana.md](grafana.md) says what a query can be. Four things differ from the routes above:

- They can have an authorization of their own (\`prometheus.authorization\`): then \`AUTH\` is another for them.
- Parameters may be sent by POST as a form, too. Unknown ones are ignored: clients of Prometheus send some that are not needed here.
- What the function refuses has Prometheus' envelope, \`{ "status": "error", "errorType": "bad_data", "error": "..." }\`.
- What is missing from an answer is told in \`warnings\` beside its \`data\`.`;
