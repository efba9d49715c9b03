import type { Figure } from './main';
import { medianOf, timed } from './median';
import { randomWalk } from './samples';
import { decodePart, encodePart } from '../lambda-src/timeseries/part';

const LINES = 60;
const METRICS = 8;
const PARTS = 2_000;
const START = Date.parse('2026-11-23T02:00:00Z');

/** What a sample takes, names and times included, and how fast parts of ten minutes are read: short ones are the dearest. */
export async function partFigures(): Promise<Figure[]> {
  const parts = Array.from({ length: PARTS }, (_, i) => encodePart(randomWalk(LINES, START, i + 1)));
  const samples = PARTS * LINES * METRICS;
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  const decodeMs = await medianOf(25, () => timed(() => parts.forEach(decodePart)));
  return [
    { key: 'bytesPerSample', value: Math.round(100 * bytes / samples) / 100, unit: 'B', bar: 2.2 },
    { key: 'decodeMSamplesPerS', value: Math.round(samples / decodeMs / 100) / 10, unit: 'M/s', floor: 30 },
  ];
}
