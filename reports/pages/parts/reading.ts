/** How to read a report, for one who has never seen the tool. */
import { section, terms } from '../../document/build.ts';
import type { Section } from '../../document/document.ts';

export const readingPart: Section = section(
  'reading',
  'How to read this',
  'page',
  terms([
    [
      'Strategy, trial, block',
      'A strategy is one way to keep sessions. A trial is one measured stretch of one strategy. A block holds one trial of each strategy in random order, close in time, so that drift of the machine meets all alike.',
    ],
    [
      'DIFFERENT, SAME, INCONCLUSIVE',
      'The verdict on two strategies and one metric. Trials are held against each other within blocks; a ratio rests on the trials of all strategies, whose noise is judged together (least squares on logarithms, intervals of all pairs by the studentized range, Tukey). DIFFERENT: the whole interval lies beyond ±5 %. SAME: the whole interval lies within ±5 %. INCONCLUSIVE is anything else: it does not mean that there is no difference, and says how large one this run could have seen. Letters and places follow from the verdicts alone.',
    ],
    [
      'Latency',
      'Requests arrive at a set rate whatever the answers do. Latency counts from when a request should have started, so waiting behind a stall is counted; service time counts from the first byte sent. A request without a right answer counts as slower than any; a percentile among them is told as “no answer”. Percentiles of several trials come from their merged histograms (three significant digits), never from averages.',
    ],
    [
      'CPU per request',
      'User and system time of all processes of a tier in the measured phase, divided by the requests of that phase that got a right answer. The load generator is not part of it.',
    ],
    [
      'Valid',
      'A trial counts when the generator kept its pace, dropped nothing, stayed within its CPU budget, the host stole no time, no server died, and three independent counts of requests agree. No number here stands without a valid trial behind it; only wrong answers and errors are counted over all trials.',
    ],
  ]),
);
