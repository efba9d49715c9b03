import { checkDocument, type DocumentRules, isEmpty, metricName, metricProblem, noMetrics, type Problem } from './document';
import { LIMITS, type PackedPart, Packer, type Refusal } from '../timeseries/pack';

/** What became of a document. */
export interface Taken {
  /** How many of its samples were taken. */
  readonly accepted: number;
  /** Why the others were not. */
  readonly problems: readonly Problem[];
  /** Problems beyond `mostProblems`. */
  readonly untold: number;
}

export interface IntakeRules extends DocumentRules {
  /**
   * The most problems of one document that are told of bad values, and the most of what is beyond the caps; the others are only counted.
   * A document of a few MB can have half a million. @default - all
   */
  readonly mostProblems?: number;
}

const NO_PROBLEMS: readonly Problem[] = [];

/** Takes one source's documents, in order, and makes its parts: the same way for log objects and for what is posted. */
export class Intake {
  private readonly packer: Packer;

  constructor(private readonly rules: IntakeRules, private readonly limits = LIMITS) {
    this.packer = new Packer(limits);
  }

  /** Checks and packs in one pass, without a list between: there is time for few steps a sample. */
  add(input: unknown): Taken {
    const { packer } = this;
    const document = checkDocument(input, this.rules);
    if ('code' in document) return { accepted: 0, problems: [document], untold: 0 };
    const { service, timestamp, metrics } = document;
    packer.begin(service, timestamp);
    const { mostProblems = Infinity } = this.rules;
    let accepted = 0;
    let untold = 0;
    let column = 0;
    let problems: Problem[] | undefined;
    let refused: Problem[] | undefined;
    for (const name in metrics) {
      const value = metrics[name];
      if (packer.addTo(column, name, value)) {
        column++;
        accepted++;
        continue;
      }
      const metric = metricName(name);
      if (metric === undefined || typeof value !== 'number' || !Number.isFinite(value)) {
        if ((problems ??= []).length < mostProblems) problems.push(metricProblem(name, value));
        else untold++;
        continue;
      }
      const added = packer.add(metric, value);
      if (typeof added === 'number') {
        column = added + 1;
        accepted++;
      } else if ((refused ??= []).length < mostProblems) {
        refused.push(this.beyond(added, metric));
      } else {
        untold++;
      }
    }
    if (accepted === 0 && isEmpty(metrics)) return { accepted, problems: [noMetrics(metrics)], untold };
    return { accepted, problems: refused ? [...problems ?? [], ...refused] : problems ?? NO_PROBLEMS, untold };
  }

  /** The parts that were closed since the last call. */
  takeClosed(): PackedPart[] {
    return this.packer.takeClosed();
  }

  /** The parts of the source that were not yet taken. Nothing can be added afterwards. */
  finish(): PackedPart[] {
    return this.packer.finish();
  }

  private beyond(code: Refusal, metric: string): Problem {
    const { services, seriesPerHour, serviceHours, seriesHours } = this.limits;
    const message = code === 'too_many_series'
      ? `beyond ${services} services, or ${seriesPerHour} metrics of a service and hour, in one object or request`
      : `beyond ${serviceHours} pairs of service and hour, or ${seriesHours} series counted in each hour anew, in one object or request: split the object`;
    return { code, message, path: `metrics.${metric}` };
  }
}
