/** What the API gives and takes at the most, and what it assumes where nothing is said: for the routes and for their description. */

/** The most series that one answer has; a cursor leads to the rest. */
export const MAX_SERIES = 500;
/** The most points that one series of an answer has. */
export const MAX_POINTS = 11_000;
/** The largest body, in bytes as Lambda counts them: a JSON text within a JSON text. */
export const MAX_ANSWER_BYTES = 6_000_000;
/** The most names on one page of the catalogue. */
export const MAX_NAMES = 1_000;

export const DEFAULT_TIME_RANGE = '1h';
export const DEFAULT_MAX_POINTS = 500;

/** The most documents of one request. */
export const MAX_DOCUMENTS = 1_000;
/** The longest `Idempotency-Key`, in characters. */
export const MAX_KEY_LENGTH = 255;
/** The most rejections that an answer lists; the others are counted. A body of 6 MB can hold more than an answer can. */
export const MAX_REJECTIONS = 1_000;
