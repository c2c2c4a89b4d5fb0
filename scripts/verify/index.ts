/** `npm run verify`: is a session safe with each strategy? */
import path from 'node:path';
import { type Machine, newRunId } from '../../experiment/context.ts';
import { nothingToPrepare } from '../../experiment/preparation.ts';
import { freshSeed } from '../../experiment/random.ts';
import { runVerification } from '../../experiment/verify/run.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { outcomeOf, type VerificationOutcome } from '../../reports/verification/outcome.ts';
import { verificationPage } from '../../reports/verification/page.ts';
import { writeVerification } from '../../reports/verification/write.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { keepFiles, tellLost } from '../cli/keep-files.ts';
import { measureAlone } from '../cli/measure-alone.ts';
import { discover } from '../cli/measuring-options.ts';
import { runCommand } from '../cli/run-command.ts';
import { describeStrategy, describeVerification } from './describe.ts';
import { verifySpec } from './options.ts';

/** `broken` and `unknown` as a bench with wrong answers and without a valid trial. */
const codes: Readonly<Record<VerificationOutcome, number>> = {
  ok: exitCode.ok,
  broken: exitCode.violations,
  unknown: exitCode.invalid,
  unavailable: exitCode.unavailable,
  failed: exitCode.internal,
  interrupted: exitCode.interrupted,
};

await runCommand(
  async (environment) => verifySpec(await discover(environment)),
  async (request) => {
    const { out, json, strategies, requests, seed = freshSeed() } = request.values;
    const badRequests = { seed, count: requests };
    const id = newRunId();
    const folder = path.resolve(out, 'verifications', id);
    const describe = (able: readonly Strategy[]) =>
      describeVerification(strategies.things, able, badRequests);
    const intent = { describe, folder, strategies };
    const measure = async (machine: Machine) => {
      const { record, unwritten } = await runVerification(
        {
          strategies: strategies.things,
          id,
          badRequests,
          machine,
          onStrategy: (strategy) => machine.progress.say(describeStrategy(strategy)),
        },
        folder,
      );
      machine.progress.close();
      if (json) process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
      const screen = json ? process.stderr : process.stdout;
      screen.write(`\n${terminal(verificationPage(record))}\n\n`);
      const kept = await keepFiles(() => writeVerification(record, folder));
      const lost = unwritten ?? (kept.status === 'lost' ? kept.error : null);
      if (lost) return await tellLost(lost, folder, 'npm run report');
      if (kept.status === 'kept') screen.write(`${kept.files.html}\n${kept.files.markdown}\n`);
      return codes[outcomeOf(record, strategies.named)];
    };
    return await measureAlone(request, intent, { prepare: nothingToPrepare, measure });
  },
);
