import type { SeriesPoints } from '../timeseries/query';

const HEADING = 'service,metric,timestamp,value\r\n';

/** What a row takes beside its names in a body that is a JSON text: a time, a comma, and a line's end as "\\r\\n". */
const LEAST_BESIDE_NAMES = 29;

/**
 * Series as CSV (RFC 4180), a row for each point: what spreadsheets and data frames read without being told anything.
 *
 * A value that is no number (a sum that overflowed) is an empty cell, where JSON has null.
 */
export function csvOf(series: readonly SeriesPoints[], timeOf: (time: number) => string): string {
  return HEADING + series.map(({ service, metric, timestamps, values }) => {
    const names = namesOf({ service, metric });
    return values.map((value, i) => `${names}${timeOf(timestamps[i])},${Number.isFinite(value) ? value : ''}\r\n`).join('');
  }).join('');
}

/**
 * What `csvOf` takes in an answer at the least. Every row repeats its names, so few points under long names can be a text that
 * must not even be made.
 */
export function leastCsvBytes(series: readonly SeriesPoints[]): number {
  return series.reduce((sum, each) => sum + each.values.length * (namesOf(each).length + LEAST_BESIDE_NAMES), HEADING.length);
}

function namesOf({ service, metric }: Pick<SeriesPoints, 'service' | 'metric'>): string {
  return `${cell(service)},${cell(metric)},`;
}

/** What spreadsheets take for the beginning of a formula; the last four are what they make of them on Japanese keyboards. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** A name as a cell. Who may send metrics chooses the names, and must not choose what runs on the computer of who reads them. */
export function cell(text: string): string {
  const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless;
}
