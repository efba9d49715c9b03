/** What the API gives and takes at the most, and what it assumes where nothing is said: for the routes and for their description. */

/** The most series that one answer has; a cursor leads to the rest. */
export const MAX_SERIES = 500;
/** The most points that one series of an answer has. */
export const MAX_POINTS = 11_000;
/** The largest body, in bytes as Lambda counts them: a JSON text within a JSON text. */
export const MAX_ANSWER_BYTES = 6_000_000;
/** The most days of services whose parts are read for one answer: it must be there before API Gateway gives up after 29 s. */
export const MAX_DAYS_READ = 1_000;
/** The most samples held at once, where a question needs each of them. */
export const MAX_SAMPLES_HELD = 1_000_000;
/** Services that are read at once. */
export const SERVICES_AT_ONCE = 8;
/** The most names on one page of the catalogue. */
export const MAX_NAMES = 1_000;

export const DEFAULT_TIME_RANGE = '1h';
export const DEFAULT_MAX_POINTS = 500;

/** The most incidents that one answer lists; a cursor leads to the rest. */
export const MAX_INCIDENTS = 100;
/** The most days that are looked through for one page of incidents. */
export const MAX_DAYS_LISTED = 100;
/** The most incidents that are looked at for one page. */
export const MAX_INCIDENTS_READ = 1_000;
/** The most entries of an incident's timeline on one page. */
export const MAX_TIMELINE_ENTRIES = 500;
/** The most runs that are told of an incident: the newest. */
export const MAX_RUNS = 20;

export const DEFAULT_INCIDENT_RANGE = '7d';

/** The most `match[]` of one request of a Prometheus route: each is held against every series. Grafana sends one. */
export const MAX_MATCHES = 100;

/** The most documents of one request. */
export const MAX_DOCUMENTS = 1_000;
/** The longest `Idempotency-Key`, in characters. */
export const MAX_KEY_LENGTH = 255;
/** The most rejections that an answer lists; the others are counted. A body of 6 MB can hold more than an answer can. */
export const MAX_REJECTIONS = 1_000;
