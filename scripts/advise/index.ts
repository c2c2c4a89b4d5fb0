/** `npm run advise`: which strategy, by what was measured, what is wished and what it costs. */
import { advise } from '../../advice/advise.ts';
import { evidenceFrom } from '../../advice/evidence/from-runs.ts';
import { agesOf, pricesOf } from '../../advice/prices/prices.ts';
import { advicePage } from '../../reports/advice/page.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { runCommand } from '../cli/run-command.ts';
import { adviseSpec, wishesOf } from './options.ts';
import { today } from './prices-file.ts';
import { namedRuns, newestRuns } from './runs.ts';
import { unusedServers } from './unused-servers.ts';

await runCommand(
  () => adviseSpec,
  async ({ values }) => {
    const { runs, verifications, remarks } =
      values.runs.length > 0 ? await namedRuns(values.runs) : await newestRuns('results');
    const question = {
      evidence: evidenceFrom(runs, verifications),
      wishes: wishesOf(values),
      prices: pricesOf(values.prices),
    };
    const advice = advise(question);
    const like =
      values.like === undefined
        ? []
        : [`${values.like.title}. Source: ${values.like.source}. Assumed: ${values.like.assumed}.`];
    const told = {
      advice,
      question,
      remarks: [...like, ...unusedServers(question), ...agesOf(values.prices, today()), ...remarks],
    };
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ ...advice, remarks: told.remarks, wishes: question.wishes, prices: values.prices }, null, 2)}\n`
        : `${terminal(advicePage(told))}\n`,
    );
    return advice.kind === 'firm' ? exitCode.ok : exitCode.invalid;
  },
);
