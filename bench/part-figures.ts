import type { Figure } from './main';
import { medianOf, timed } from './median';
import { columnsOf, documentsOf, type Shape, SHAPES } from './samples';
import { decodePart, encodePart } from '../lambda-src/timeseries/part';

const LINES = 60;
const PARTS = 2_000;
const START = Date.parse('2026-11-23T02:00:00Z');

/** What a sample takes, names and times included, and how fast parts of ten minutes are read: short ones are the dearest. */
export async function partFigures(): Promise<Figure[]> {
  const usual = partsOf('randomWalk', false);
  const decodeMs = await medianOf(25, () => timed(() => usual.parts.forEach(decodePart)));
  return [
    { key: 'bytesPerSample', value: usual.bytesPerSample, unit: 'B', bar: 2.2 },
    ...(Object.keys(SHAPES) as Shape[]).slice(1).map((shape): Figure => (
      { key: `bytesPerSampleOf.${shape}`, value: partsOf(shape, false).bytesPerSample, unit: 'B' }
    )),
    { key: 'bytesPerSampleOf.sparse', value: partsOf('randomWalk', true).bytesPerSample, unit: 'B' },
    { key: 'decodeMSamplesPerS', value: Math.round(usual.samples / decodeMs / 100) / 10, unit: 'M/s', floor: 30 },
  ];
}

function partsOf(shape: Shape, sparse: boolean) {
  const columns = Array.from({ length: PARTS }, (_, i) => columnsOf(LINES, START, documentsOf(i + 1, shape, sparse)));
  const parts = columns.map(encodePart);
  const samples = columns.reduce((sum, part) => sum + [...part.values()].reduce((count, { values }) => count + values.length, 0), 0);
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  return { parts, samples, bytesPerSample: Math.round(100 * bytes / samples) / 100 };
}
