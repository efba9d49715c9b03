import { checkDocument, type DocumentRules, type Problem } from './document';
import { MAX_SERIES_PER_HOUR, MAX_SERVICES, Packer, type PackedPart } from '../timeseries/pack';

/** Takes one source's documents, in order, and makes its parts: the same way for log objects and for what is posted. */
export class Intake {
  private readonly packer = new Packer();

  constructor(private readonly rules: DocumentRules) {}

  /** How many samples of the document were taken, and why the others were not. */
  add(input: unknown): { accepted: number; problems: readonly Problem[] } {
    const { document, problems } = checkDocument(input, this.rules);
    if (!document) return { accepted: 0, problems };
    const { service, timestamp, metrics } = document;
    const refused = metrics.filter(([metric, value]) => !this.packer.add(service, metric, timestamp, value));
    return { accepted: metrics.length - refused.length, problems: [...problems, ...refused.map(([metric]) => tooMany(metric))] };
  }

  /** How many hours of services were met, and how many series in them. */
  get spread(): { readonly hours: number; readonly series: number } {
    return this.packer.spread;
  }

  /** Every part of the source. Nothing can be added afterwards. */
  finish(): PackedPart[] {
    return this.packer.finish();
  }
}

function tooMany(metric: string): Problem {
  return {
    code: 'too_many_series',
    message: `beyond ${MAX_SERVICES} services, or ${MAX_SERIES_PER_HOUR} metrics of a service and hour, in one object or request`,
    path: `metrics.${metric}`,
  };
}
