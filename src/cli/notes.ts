/** The longer parts of the help, in lines of at most 80 columns. */

export const COLLECT_NOTES = `Environment (with defaults):
  DUO_IKEY, DUO_SKEY    keys of the Admin API application
  DUO_API_HOSTNAME      its API hostname
  DUO_SKEY_SECRET_ID    secret key in AWS Secrets Manager, instead of DUO_SKEY
  S3_BUCKET, S3_PREFIX  where to write, unless --to is given (duo/context/)
  RESOURCES, LIMIT      what to read, and records per page (all seven, 500)
  OUTPUT                any of raw, records, udm; both means raw,udm (raw)
  RECORDS_PREFIX        where records go, one per line (duo/records/)
  UDM_PREFIX            where entities go (duo/udm/)
  PROFILE               what maps the pages: vendor or enriched (vendor)
  KEY_LAYOUT            day, or run for one folder per run (day)
  MANIFEST_PREFIX       where the manifests go (duo/manifests/)
  DUO_SIGNATURE         v5 or v2 (v5)
  S3_FORCE_PATH_STYLE   true for S3 servers that need it (false)
  HTTPS_PROXY, NO_PROXY the proxy to Duo and AWS, and hosts to reach without it
  NODE_EXTRA_CA_CERTS   the CA certificate of a proxy that inspects TLS
  DUO_API_URL           a simulator on this machine

Status: 0 done, 1 --doctor found something wrong, 2 the configuration is wrong,
3 a resource failed (the manifest says which one, and why), 130 or 143
interrupted (the manifest says where).`;

export const IMPORT_NOTES = `Credentials are Google's Application Default Credentials. They need the
permission chronicle.entities.import. Import daily: SecOps forgets context after
five days. Every run sends all entities, and SecOps keeps one copy of each.

Environment (with defaults):
  GOOGLE_APPLICATION_CREDENTIALS  a credentials file
  SECOPS_API_HOST     the API's host ({location}-chronicle.googleapis.com)
  SECOPS_API_VERSION  the API's version (v1beta)
  SECOPS_API_URL      a simulator on this machine

Status: 0 done, 1 something was rejected, 2 the call is wrong, 3 it could not
finish (with --state, the same call goes on from there).`;

export const SIMULATE_NOTES = `Faults of the Duo API that pass (once, unless times or every says otherwise):
  rate-limit      429, with Retry-After where retry-after is given
  server-error    500
  html, html-ok   an HTML page with status 502, with status 200
  drop            the connection closes without an answer
  truncate, cut   half a page, connection broken; half a page sent as whole
  not-utf8        a byte that is not UTF-8

Faults that stay:
  dead, fail      500; 200 with stat FAIL
  forbidden       403: the application lacks the permission
  late-clock      401: the caller's clock is wrong
  stuck-offset    next_offset does not grow
  runaway-offset  next_offset lies far beyond total_objects
  text-offsets    next_offset and total_objects as text
  shrinking       total_objects is one fewer with each page
  empty-pages     pages without records that name a next one
  repeated-pages  the first page again and again
  short           fewer records than total_objects says
  null-response   response is null
  odd-elements    elements of response that are not objects
  long-lines      records of 60,000 characters
  endless, huge   a body without end; a page of 70 MB
  redirect        302 to a sign-in page
  portal          200 with a sign-in page
  blocked         403 with a proxy's HTML page
  proxy-login     407
  echo            400 with a message that repeats the request's headers

With --api secops: rate-limit, server-error, html, html-ok, drop, truncate,
unavailable, lost, too-large, expired-token, unauthorized, forbidden, not-found
and dead, where R is import, parsers or run.`;
