/** What PromQL has and this subset has not: known, so that it is refused by its name, and not as a mistake. */

export const OTHER_OPERATORS: readonly string[] = ['and', 'or', 'unless', 'atan2', '</', '>/'];
export const OTHER_AGGREGATORS: readonly string[] = ['count_values', 'limitk', 'limit_ratio'];
export const SCALAR_FUNCTIONS: readonly string[] = ['scalar', 'time', 'pi', 'start', 'end', 'step', 'range', 'min_of', 'max_of'];

const AMOUNTS = 'Our samples are amounts per line, so every decrease would be taken for a counter reset: take sum_over_time.';

const NAMES = [
  'abs', 'absent', 'absent_over_time', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'changes', 'clamp', 'clamp_max', 'clamp_min', 'cos',
  'cosh', 'day_of_month', 'day_of_week', 'day_of_year', 'days_in_month', 'deg', 'deriv', 'double_exponential_smoothing', 'end', 'exp',
  'first_over_time', 'floor', 'histogram_avg', 'histogram_count', 'histogram_fraction', 'histogram_quantile', 'histogram_quantiles',
  'histogram_stddev', 'histogram_stdvar', 'histogram_sum', 'hour', 'idelta', 'info', 'integral', 'label_join', 'label_replace', 'ln', 'log10', 'log2',
  'mad_over_time', 'max_of', 'min_of', 'minute', 'month', 'pi', 'predict_linear', 'rad', 'range', 'resets', 'round', 'scalar', 'sgn', 'sin', 'sinh',
  'sort', 'sort_by_label', 'sort_by_label_desc', 'sort_desc', 'sqrt', 'start', 'start_timestamp', 'step', 'tan', 'tanh', 'time', 'timestamp',
  'ts_of_first_over_time', 'ts_of_last_over_time', 'ts_of_max_over_time', 'ts_of_min_over_time', 'vector', 'year',
];

/** The functions by name, with what to do instead where there is something. */
export const OTHER_FUNCTIONS: ReadonlyMap<string, string | undefined> = new Map([
  ...NAMES.map((name) => [name, undefined] as const), ...['rate', 'irate', 'increase'].map((name) => [name, AMOUNTS] as const),
]);
