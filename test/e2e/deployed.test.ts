import { Environment } from './environment';
import { alerting } from './suites/alerting';
import { api } from './suites/api';
import { apiPage } from './suites/api-page';
import { authorization } from './suites/authorization';
import { backfill } from './suites/backfill';
import { builtInRunbooks } from './suites/built-in-runbooks';
import { days } from './suites/days';
import { engine } from './suites/engine';
import { foreign } from './suites/foreign';
import { incidents } from './suites/incidents';
import { ingestion } from './suites/ingestion';
import { inputTable } from './suites/input-table';
import { functionLogs } from './suites/logs';
import { roles } from './suites/roles';
import { schemathesis } from './suites/schemathesis';
import { commandLine } from './suites/tools';
import { keepFunctionLogs } from '../../tools/local-cloud/function-logs';

/** One local cloud and one deployment for all suites: jest gives every test file a world of its own, so this is one file. */
let environment: Environment | undefined;
const deployed = () => environment!;

beforeAll(async () => {
  environment = await Environment.start();
}, 120_000);

afterAll(async () => {
  if (!environment) return;
  await keepFunctionLogs(environment.cloud);
  environment.stop();
});

// The alarm that comes from logs fires in the first of these suites and is over in the last: its minute passes meanwhile.
alerting.fires(deployed);
incidents.open(deployed);
ingestion(deployed);
inputTable(deployed);
days(deployed);
backfill(deployed);
api(deployed);
apiPage(deployed);
authorization(deployed);
builtInRunbooks(deployed);
roles(deployed);
alerting.ownRunbooks(deployed);
engine.runs(deployed);
foreign.runs(deployed);
commandLine(deployed);
alerting.ends(deployed);
incidents.over(deployed);
schemathesis(deployed);
engine.storm(deployed);
functionLogs(deployed);
