import { holds, type Rule, ruledOut, unknown } from '../../framework/decide';
import { idsOf } from '../../framework/judging';
import { explains, inTime, partsOf, whenFast } from '../compare';
import type { LatencyFacts } from '../facts';
import { WELL_ABOVE } from '../thresholds';

export const gatewayOverhead: Rule<LatencyFacts> = {
  id: 'HL-02',
  title: 'Gateway overhead',
  category: 'CONFIGURATION',
  judge: (facts) => {
    const { api } = facts;
    if (!api) return ruledOut('no API is involved');
    const parts = partsOf(facts);
    if (!parts) return whenFast(api.latency);
    const [latency, integration] = [api.latency[parts.at], api.integration[parts.at]];
    if (parts.gateway === undefined || integration.now === undefined || latency.now === undefined) return unknown;
    const times = `${parts.at} latency ${inTime(latency.now)}, integration ${inTime(integration.now)}`;
    if (!explains(parts.gateway, parts)) return ruledOut(`the integration takes the time, not the gateway (${times})`);
    if (latency.now < integration.now * WELL_ABOVE) return ruledOut(`latency is hardly above the integration's (${times})`);
    return holds({
      confidence: 'MEDIUM',
      says: `The gateway itself takes the time: ${times}; ${inTime(parts.gateway)} more of it than before.`,
      cites: idsOf(latency.item, integration.item),
      actions: [`Look at what ${api.name} does before it calls the integration: authoriser (its own duration and cold starts), mapping templates, validation, WAF rules.`],
    });
  },
};
