/** `npm run verify`: is a session safe with each strategy? */
import path from 'node:path';
import { type Machine, newRunId } from '../../experiment/context.ts';
import { nothingToPrepare } from '../../experiment/preparation.ts';
import { runVerification } from '../../experiment/verify/run.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { replaceResult } from '../../record/write.ts';
import { junit } from '../../reports/render/junit.ts';
import { markdown } from '../../reports/render/markdown.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { outcomeOf, type VerificationOutcome } from '../../reports/verification/outcome.ts';
import { verificationPage } from '../../reports/verification/page.ts';
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
    const { out, json, strategies } = request.values;
    const id = newRunId();
    const folder = path.resolve(out, 'verifications', id);
    const describe = (able: readonly Strategy[]) => describeVerification(strategies.things, able);
    const intent = { describe, folder, strategies };
    const measure = async (machine: Machine) => {
      const { record, unwritten } = await runVerification(
        {
          strategies: strategies.things,
          id,
          machine,
          onStrategy: (strategy) => machine.progress.say(describeStrategy(strategy)),
        },
        folder,
      );
      machine.progress.close();
      const document = verificationPage(record);
      if (json) process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
      const screen = json ? process.stderr : process.stdout;
      screen.write(`\n${terminal(document)}\n\n`);
      const page = path.join(folder, 'verification.md');
      const kept = await keepFiles(async () => {
        await replaceResult(page, markdown(document));
        await replaceResult(path.join(folder, 'verification.junit.xml'), junit(document));
      });
      const lost = unwritten ?? (kept.status === 'lost' ? kept.error : null);
      if (lost) return await tellLost(lost, folder, null);
      screen.write(`${page}\n`);
      return codes[outcomeOf(record, strategies.named)];
    };
    return await measureAlone(request, intent, { prepare: nothingToPrepare, measure });
  },
);
