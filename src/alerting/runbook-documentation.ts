import { repositoryFileUrl } from '../private/library';
import { BUILT_IN_RUNBOOKS } from '../private/shared/runbook-table';

/** Where the written runbook is: what a person reads beside the automated findings. */
export class RunbookDocumentation {
  /**
   * The page that comes with exactly this version of the library; for a runbook of your own, the general page.
   */
  public static packaged(): RunbookDocumentation {
    return new RunbookDocumentation(undefined);
  }

  /**
   * A page of your own.
   *
   * @param url of the page, `https://...`
   */
  public static url(url: string): RunbookDocumentation {
    return new RunbookDocumentation(url);
  }

  private constructor(private readonly address?: string) {}

  /**
   * The page's address.
   *
   * @internal
   */
  public _render(runbookName: string): string {
    const page = (BUILT_IN_RUNBOOKS as readonly string[]).includes(runbookName) ? runbookName : 'general';
    return this.address ?? repositoryFileUrl(`docs/runbooks/${page}.md`);
  }
}
